import Bytes

/// What a `Content-Type` says about a body (RFC 9110 §8.3).
public struct MediaType: Sendable, Equatable {
    /// The kinds of body that are told apart.
    public enum Kind: Sendable, Equatable {
        /// `application/json`, or another type whose subtype ends in `+json` (RFC 6839 §3.1).
        case json
        /// `application/x-www-form-urlencoded`.
        case formURLEncoded
        /// `multipart/form-data` with its boundary, as offsets into the value.
        case multipart(boundary: ByteRange)
        /// Anything else; so are a malformed value, JSON in another encoding than UTF-8, and a form
        /// without a usable boundary.
        case other
    }

    /// The kind of body.
    public let kind: Kind

    /// Reads the value of a `Content-Type` line.
    public init(_ value: Span<UInt8>) {
        kind = Self.kind(of: value)
    }

    private static func kind(of value: Span<UInt8>) -> Kind {
        var slash = 0
        while slash < value.count, ASCII.isToken(value[slash]) { slash += 1 }
        guard slash > 0, slash < value.count, value[slash] == UInt8(ascii: "/") else {
            return .other
        }
        var end = slash + 1
        while end < value.count, ASCII.isToken(value[end]) { end += 1 }
        guard end > slash + 1 else { return .other }

        var boundary: ByteRange?
        var isUTF8 = true
        var isUsable = true
        var parameters = Parameters(from: end)
        while parameters.advance(value) {
            let (name, text) = (parameters.name, parameters.value)
            if ASCII.equals(value, name.lower, name.upper, ignoringCase: "charset") {
                isUTF8 = ASCII.equals(value, text.lower, text.upper, ignoringCase: "utf-8")
            } else if ASCII.equals(value, name.lower, name.upper, ignoringCase: "boundary") {
                isUsable =
                    boundary == nil && !parameters.isEscaped && isBoundary(value, text)
                boundary = text
            }
        }
        guard parameters.isValid, parameters.position == value.count else { return .other }

        func spells(_ word: StaticString) -> Bool {
            ASCII.equals(value, 0, end, ignoringCase: word)
        }
        if spells("application/json") || hasJSONSuffix(value, ByteRange(slash + 1, end)) {
            return isUTF8 ? .json : .other
        }
        if spells("application/x-www-form-urlencoded") { return .formURLEncoded }
        if spells("multipart/form-data"), isUsable, let boundary {
            return .multipart(boundary: boundary)
        }
        return .other
    }

    private static func hasJSONSuffix(_ value: Span<UInt8>, _ subtype: ByteRange) -> Bool {
        subtype.count > 5
            && ASCII.equals(value, subtype.upper - 5, subtype.upper, ignoringCase: "+json")
    }

    /// 1 to 70 of the characters of RFC 2046 §5.1.1, the last one no blank.
    private static func isBoundary(_ value: Span<UInt8>, _ range: ByteRange) -> Bool {
        guard range.count >= 1, range.count <= 70, value[range.upper - 1] != ASCII.space else {
            return false
        }
        for position in range.lower..<range.upper {
            switch value[position] {
            case UInt8(ascii: "'"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "+"),
                UInt8(ascii: "_"), UInt8(ascii: ","), UInt8(ascii: "-"), UInt8(ascii: "."),
                UInt8(ascii: "/"), UInt8(ascii: ":"), UInt8(ascii: "="), UInt8(ascii: "?"),
                UInt8(ascii: " "):
                continue
            case let byte:
                guard ASCII.isLetter(byte) || ASCII.isDigit(byte) else { return false }
            }
        }
        return true
    }
}
