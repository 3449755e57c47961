internal import HTTP1

extension UnsafeRawBufferPointer {
    /// Calls `body` with the bytes as a span.
    @inline(__always)
    func withSpan<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
        body(bindMemory(to: UInt8.self).span)
    }

    /// The bytes within a range.
    @inline(__always)
    func slice(_ lower: Int, _ upper: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: self[lower..<upper])
    }

    /// The bytes within a range that the codec found.
    @inline(__always)
    func slice(_ range: ByteRange) -> UnsafeRawBufferPointer { slice(range.lower, range.upper) }
}
