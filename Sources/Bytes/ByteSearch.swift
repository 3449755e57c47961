import Glibc

extension Span where Element == UInt8 {
    /// The first position from `lower` on and before `upper` at which `byte` stands, `nil` where it
    /// does not.
    public func position(of byte: UInt8, from lower: Int, to upper: Int) -> Int? {
        precondition(
            lower >= 0 && lower <= upper && upper <= count, "search goes outside the bytes")
        return unsafe withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress,
                let found = unsafe memchr(base + lower, Int32(byte), upper - lower)
            else { return nil }
            return unsafe UnsafeRawPointer(found) - base
        }
    }
}
