import Bytes

/// Reads a request target in each of its four forms (RFC 9112 §3.2).
enum RequestTarget {
    /// Reads `target`, of a request with this method (`nil`: one the server does not know), into
    /// the path and query of `head`.
    static func parse(
        _ bytes: Span<UInt8>, _ target: ByteRange, of method: Method?, into head: inout RequestHead
    ) throws(RequestError) {
        if method == .connect {
            guard Authority.isValid(bytes, target, port: .required) else { throw .invalidTarget }
            head.path = target
            return
        }
        if bytes[target.lower] == UInt8(ascii: "/") {
            return try split(bytes, target, into: &head)
        }
        if target.count == 1, bytes[target.lower] == UInt8(ascii: "*") {
            guard method == .options || method == nil else { throw .invalidTarget }
            head.path = target
            return
        }
        try absolute(bytes, target, into: &head)
    }

    /// `http://authority/path?query`: the authority is checked and left out.
    private static func absolute(
        _ bytes: Span<UInt8>, _ target: ByteRange, into head: inout RequestHead
    ) throws(RequestError) {
        guard let start = authorityStart(bytes, target) else { throw .invalidTarget }
        var end = start
        while end < target.upper, bytes[end] != UInt8(ascii: "/"), bytes[end] != UInt8(ascii: "?") {
            end += 1
        }
        guard Authority.isValid(bytes, ByteRange(start, end), port: .optional) else {
            throw .invalidTarget
        }
        try split(bytes, ByteRange(end, target.upper), into: &head)
        if head.path.isEmpty {
            // An empty path means "/" (RFC 9110 §4.2.3); one stands right before the authority.
            head.path = ByteRange(start - 1, start)
        }
    }

    private static func authorityStart(_ bytes: Span<UInt8>, _ target: ByteRange) -> Int? {
        func follows(_ scheme: StaticString) -> Int? {
            let end = target.lower + scheme.utf8CodeUnitCount
            guard end < target.upper else { return nil }
            return ASCII.equals(bytes, target.lower, end, ignoringCase: scheme) ? end : nil
        }
        return follows("http://") ?? follows("https://")
    }

    /// Divides path from query, and checks that all bytes are visible ASCII and none begins a
    /// fragment.
    private static func split(
        _ bytes: Span<UInt8>, _ range: ByteRange, into head: inout RequestHead
    ) throws(RequestError) {
        guard ASCII.areVisible(bytes, range.lower, range.upper, except: UInt8(ascii: "#")) else {
            throw .invalidTarget
        }
        let mark = bytes.position(of: UInt8(ascii: "?"), from: range.lower, to: range.upper)
        head.path = ByteRange(range.lower, mark ?? range.upper)
        head.query = mark.map { ByteRange($0 + 1, range.upper) }
    }
}
