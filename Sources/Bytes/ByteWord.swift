/// Eight bytes, asked about all at once.
///
/// An answer has the top bit set of each byte that was asked for. A borrow may set it in bytes
/// after such a one as well, never before the first: whether there is one, and where the first one
/// is, are exact.
struct ByteWord {
    private let bits: UInt64

    /// The eight bytes from `position` on, which must lie within `bytes`.
    @unsafe
    init(_ bytes: Span<UInt8>, unchecked position: Int) {
        bits = unsafe bytes.withUnsafeBytes { raw in
            unsafe UInt64(
                littleEndian: raw.baseAddress.unsafelyUnwrapped.loadUnaligned(
                    fromByteOffset: position, as: UInt64.self))
        }
    }

    /// Marks bytes below `bound`, which is at most 0x80.
    func marks(below bound: UInt8) -> UInt64 {
        let bounds = UInt64(bound) &* 0x0101_0101_0101_0101
        return (bits &- bounds) & ~bits & 0x8080_8080_8080_8080
    }

    /// Marks bytes that are `byte`.
    func marks(_ byte: UInt8) -> UInt64 {
        let difference = bits ^ (UInt64(byte) &* 0x0101_0101_0101_0101)
        return (difference &- 0x0101_0101_0101_0101) & ~difference & 0x8080_8080_8080_8080
    }

    /// Marks bytes beyond ASCII.
    var marksBeyondASCII: UInt64 { bits & 0x8080_8080_8080_8080 }

    /// The place, 0 to 7, of the first marked byte.
    static func first(_ marks: UInt64) -> Int { marks.trailingZeroBitCount &>> 3 }
}
