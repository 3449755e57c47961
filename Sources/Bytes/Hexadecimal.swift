/// Writing hexadecimal digits. `ASCII.hexadecimalValue(_:)` reads them.
public enum Hexadecimal {
    /// The lower-case digit of a number below 16.
    @inlinable
    public static func digit(of value: UInt8) -> UInt8 {
        precondition(value < 16, "a hexadecimal digit stands for a number below 16")
        return value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
