import Bytes

/// The request methods the server knows (RFC 9110 §9, RFC 5789).
public enum Method: UInt8, Sendable, CaseIterable {
    case get, head, post, put, patch, delete, options, trace, connect

    /// The name on the wire.
    public var name: StaticString {
        switch self {
        case .get: "GET"
        case .head: "HEAD"
        case .post: "POST"
        case .put: "PUT"
        case .patch: "PATCH"
        case .delete: "DELETE"
        case .options: "OPTIONS"
        case .trace: "TRACE"
        case .connect: "CONNECT"
        }
    }

    /// The method that the bytes of `range` name, in this very case; `nil` for any other.
    static func named(_ bytes: Span<UInt8>, _ range: ByteRange) -> Method? {
        switch range.count {
        case 3:
            if spells(bytes, range, "GET") { return .get }
            if spells(bytes, range, "PUT") { return .put }
        case 4:
            if spells(bytes, range, "POST") { return .post }
            if spells(bytes, range, "HEAD") { return .head }
        case 5:
            if spells(bytes, range, "PATCH") { return .patch }
            if spells(bytes, range, "TRACE") { return .trace }
        case 6:
            if spells(bytes, range, "DELETE") { return .delete }
        case 7:
            if spells(bytes, range, "OPTIONS") { return .options }
            if spells(bytes, range, "CONNECT") { return .connect }
        default: break
        }
        return nil
    }

    private static func spells(
        _ bytes: Span<UInt8>, _ range: ByteRange, _ name: StaticString
    ) -> Bool {
        for offset in 0..<range.count where bytes[range.lower + offset] != name.utf8Start[offset] {
            return false
        }
        return true
    }
}
