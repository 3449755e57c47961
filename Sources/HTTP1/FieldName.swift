import Bytes

/// The field names that the server itself reads; every other one is `other`.
public enum FieldName: UInt8, Sendable {
    case host, contentLength, contentType, transferEncoding, connection, expect, accept
    case authorization, cookie, idempotencyKey
    /// `X-Access-Token`.
    case accessToken
    /// `access_token`, with an underscore.
    case plainAccessToken
    case origin, userAgent
    /// `X-Request-Id`.
    case requestID
    /// `X-Forwarded-For`.
    case forwardedFor
    case upgrade, range, ifNoneMatch, other

    /// The name that the bytes of `range`, at least one, spell in letters of either case.
    ///
    /// Length and first letter leave one candidate at most, so that there is one comparison.
    static func named(_ bytes: Span<UInt8>, _ range: ByteRange) -> FieldName {
        let candidate: FieldName
        let word: StaticString
        switch (range.count, ASCII.lowercased(bytes[range.lower])) {
        case (4, UInt8(ascii: "h")): (candidate, word) = (.host, "host")
        case (5, UInt8(ascii: "r")): (candidate, word) = (.range, "range")
        case (6, UInt8(ascii: "a")): (candidate, word) = (.accept, "accept")
        case (6, UInt8(ascii: "c")): (candidate, word) = (.cookie, "cookie")
        case (6, UInt8(ascii: "e")): (candidate, word) = (.expect, "expect")
        case (6, UInt8(ascii: "o")): (candidate, word) = (.origin, "origin")
        case (7, UInt8(ascii: "u")): (candidate, word) = (.upgrade, "upgrade")
        case (10, UInt8(ascii: "c")): (candidate, word) = (.connection, "connection")
        case (10, UInt8(ascii: "u")): (candidate, word) = (.userAgent, "user-agent")
        case (12, UInt8(ascii: "a")): (candidate, word) = (.plainAccessToken, "access_token")
        case (12, UInt8(ascii: "c")): (candidate, word) = (.contentType, "content-type")
        case (12, UInt8(ascii: "x")): (candidate, word) = (.requestID, "x-request-id")
        case (13, UInt8(ascii: "a")): (candidate, word) = (.authorization, "authorization")
        case (13, UInt8(ascii: "i")): (candidate, word) = (.ifNoneMatch, "if-none-match")
        case (14, UInt8(ascii: "c")): (candidate, word) = (.contentLength, "content-length")
        case (14, UInt8(ascii: "x")): (candidate, word) = (.accessToken, "x-access-token")
        case (15, UInt8(ascii: "i")): (candidate, word) = (.idempotencyKey, "idempotency-key")
        case (15, UInt8(ascii: "x")): (candidate, word) = (.forwardedFor, "x-forwarded-for")
        case (17, UInt8(ascii: "t")): (candidate, word) = (.transferEncoding, "transfer-encoding")
        default: return .other
        }
        return ASCII.equals(bytes, range.lower, range.upper, ignoringCase: word)
            ? candidate : .other
    }
}
