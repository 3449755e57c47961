/// Eight bytes, asked about all at once.
///
/// The arithmetic sets the top bit of each byte that is looked for. A borrow may set it in the byte
/// after one as well, never without one, so that the answers are exact.
struct ByteWord {
    private let bits: UInt64

    /// The eight bytes from `position` on, which must lie within `bytes`.
    @unsafe
    init(_ bytes: Span<UInt8>, unchecked position: Int) {
        bits = unsafe bytes.withUnsafeBytes { raw in
            unsafe raw.baseAddress.unsafelyUnwrapped.loadUnaligned(
                fromByteOffset: position, as: UInt64.self)
        }
    }

    /// Whether one of the bytes is below `bound`, which is at most 0x80.
    func hasByte(below bound: UInt8) -> Bool {
        let bounds = UInt64(bound) &* 0x0101_0101_0101_0101
        return (bits &- bounds) & ~bits & 0x8080_8080_8080_8080 != 0
    }

    /// Whether one of the bytes is `byte`.
    func hasByte(_ byte: UInt8) -> Bool {
        let difference = bits ^ (UInt64(byte) &* 0x0101_0101_0101_0101)
        return (difference &- 0x0101_0101_0101_0101) & ~difference & 0x8080_8080_8080_8080 != 0
    }

    /// Whether one of the bytes is beyond ASCII.
    var hasByteBeyondASCII: Bool { bits & 0x8080_8080_8080_8080 != 0 }
}
