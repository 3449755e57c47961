import Glibc

extension Span where Element == UInt8 {
    /// The first position from `lower` on and before `upper` at which `byte` stands, `nil` where it
    /// does not.
    public func position(of byte: UInt8, from lower: Int, to upper: Int) -> Int? {
        precondition(
            lower >= 0 && lower <= upper && upper <= count, "search goes outside the bytes")
        var position = lower
        // What is near, as the colon of a field line is, is not worth a call.
        while upper &- position >= 8, position &- lower < 16 {
            let marks = unsafe ByteWord(self, unchecked: position).marks(byte)
            if marks != 0 { return position &+ ByteWord.first(marks) }
            position &+= 8
        }
        return unsafe withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress,
                let found = unsafe memchr(base + position, Int32(byte), upper - position)
            else { return nil }
            return unsafe UnsafeRawPointer(found) - base
        }
    }
}
