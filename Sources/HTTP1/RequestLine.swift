import Bytes

/// Reads a request line: method, blank, target, blank, version (RFC 9112 §3).
enum RequestLine {
    /// Reads the line that `line` covers, its end not included, into `head`.
    ///
    /// The target is set before a version or a method is refused, so that the refusal can be
    /// answered in the style of its path.
    static func parse(
        _ bytes: Span<UInt8>, _ line: ByteRange, into head: inout RequestHead
    ) throws(RequestError) {
        var end = line.lower
        while end < line.upper, ASCII.isToken(bytes[end]) { end += 1 }
        guard end > line.lower else { throw .invalidMethod }
        guard end < line.upper else { throw .invalidRequestLine }
        guard bytes[end] == ASCII.space else { throw .invalidMethod }
        let method = ByteRange(line.lower, end)

        let version = ByteRange(line.upper - 8, line.upper)
        let target = ByteRange(method.upper + 1, version.lower - 1)
        guard target.count > 0, bytes[target.upper] == ASCII.space, isVersion(bytes, version) else {
            throw .invalidRequestLine
        }

        let known = Method.named(bytes, method)
        try RequestTarget.parse(bytes, target, of: known, into: &head)
        guard bytes[version.lower + 5] == UInt8(ascii: "1") else { throw .unsupportedVersion }
        guard let known else { throw .unknownMethod }
        head.method = known
        // RFC 9110 §2.5: a later minor version is read as the highest one known.
        head.minorVersion = bytes[version.lower + 7] == UInt8(ascii: "0") ? 0 : 1
    }

    /// The path of a request line that is too long to be read: what of it stands in the first
    /// `limit` bytes. It serves to choose the style of the refusal and for nothing else.
    static func path(
        ofOverlongLine bytes: Span<UInt8>, from start: Int, limit: Int
    ) -> ByteRange {
        let end = min(bytes.count, start + limit)
        var lower = start
        while lower < end, ASCII.isToken(bytes[lower]) { lower += 1 }
        lower += 1
        guard lower < end, bytes[lower] == UInt8(ascii: "/") else { return ByteRange(0, 0) }
        var upper = lower
        while upper < end, ASCII.isVisible(bytes[upper]), bytes[upper] != UInt8(ascii: "?") {
            upper += 1
        }
        return ByteRange(lower, upper)
    }

    /// Whether the eight bytes are `HTTP/`, a digit, a point and a digit; the case matters.
    private static func isVersion(_ bytes: Span<UInt8>, _ range: ByteRange) -> Bool {
        bytes[range.lower] == UInt8(ascii: "H") && bytes[range.lower + 1] == UInt8(ascii: "T")
            && bytes[range.lower + 2] == UInt8(ascii: "T")
            && bytes[range.lower + 3] == UInt8(ascii: "P")
            && bytes[range.lower + 4] == UInt8(ascii: "/") && ASCII.isDigit(bytes[range.lower + 5])
            && bytes[range.lower + 6] == UInt8(ascii: ".") && ASCII.isDigit(bytes[range.lower + 7])
    }
}
