import Bytes

/// Draws from the field lines of one head what they say about the message itself: its length, its
/// host, and what becomes of the connection.
struct FramingRules: Sendable {
    private var closes = false
    private var keepsAlive = false
    private var expectsContinue = false

    /// Takes a field line into account that is about to join `head`.
    mutating func take(
        _ field: Field, _ bytes: Span<UInt8>, _ head: inout RequestHead
    ) throws(RequestError) {
        switch field.known {
        case .host:
            guard !head.has(.host) else { throw .repeatedHost }
            guard Authority.isValid(bytes, field.value, port: .optional) else {
                throw .invalidHost
            }
        case .contentLength:
            guard !head.has(.contentLength) else { throw .repeatedContentLength }
            guard !head.has(.transferEncoding) else { throw .conflictingFraming }
            head.framing = .length(try Self.length(bytes, field.value))
        case .transferEncoding:
            guard !head.has(.transferEncoding) else { throw .invalidTransferEncoding }
            guard !head.has(.contentLength), head.minorVersion > 0 else {
                throw .conflictingFraming
            }
            try Self.checkCoding(bytes, field.value)
            head.framing = .chunked
        case .connection:
            readConnection(bytes, field.value)
        case .expect:
            let value = field.value
            guard ASCII.equals(bytes, value.lower, value.upper, ignoringCase: "100-continue")
            else { throw .unknownExpectation }
            expectsContinue = true
        default: break
        }
    }

    /// Completes `head` after its last field line.
    func finish(_ head: inout RequestHead) throws(RequestError) {
        guard head.minorVersion == 0 || head.has(.host) else { throw .missingHost }
        head.keepAlive = !closes && (head.minorVersion > 0 || keepsAlive)
        // RFC 9110 §10.1.1: an older client cannot mean it, and without a body it has no meaning.
        head.expectsContinue =
            expectsContinue && head.minorVersion > 0 && head.framing != .none
            && head.framing != .length(0)
    }

    /// A number in decimal digits and nothing else: no sign, no list, no blank. One that no machine
    /// could hold is too large.
    private static func length(
        _ bytes: Span<UInt8>, _ value: ByteRange
    ) throws(RequestError) -> Int {
        guard !value.isEmpty else { throw .invalidContentLength }
        var number = 0
        var overflow = false
        for position in value.lower..<value.upper {
            guard ASCII.isDigit(bytes[position]) else { throw .invalidContentLength }
            let digit = Int(bytes[position] - UInt8(ascii: "0"))
            let (product, tooLarge) = number.multipliedReportingOverflow(by: 10)
            let (sum, tooLargeYet) = product.addingReportingOverflow(digit)
            overflow = overflow || tooLarge || tooLargeYet
            number = sum
        }
        if overflow { throw .bodyTooLarge }
        return number
    }

    /// `chunked` alone is understood. Another coding is not implemented; `chunked` with a parameter
    /// or before another coding leaves the length of the body open (RFC 9112 §6.3).
    private static func checkCoding(
        _ bytes: Span<UInt8>, _ value: ByteRange
    ) throws(RequestError) {
        var end = value.lower
        while end < value.upper, ASCII.isToken(bytes[end]) { end += 1 }
        guard end > value.lower else { throw .invalidTransferEncoding }
        let isChunked = ASCII.equals(bytes, value.lower, end, ignoringCase: "chunked")
        if isChunked, end == value.upper { return }
        throw isChunked ? .invalidTransferEncoding : .unsupportedTransferEncoding
    }

    /// The members of a `Connection` list; those the server has no use for are passed over.
    private mutating func readConnection(_ bytes: Span<UInt8>, _ value: ByteRange) {
        var lower = value.lower
        while lower < value.upper {
            var upper = lower
            while upper < value.upper, bytes[upper] != UInt8(ascii: ",") { upper += 1 }
            let member = FieldLine.trimmed(bytes, ByteRange(lower, upper))
            if ASCII.equals(bytes, member.lower, member.upper, ignoringCase: "close") {
                closes = true
            } else if ASCII.equals(bytes, member.lower, member.upper, ignoringCase: "keep-alive") {
                keepsAlive = true
            }
            lower = upper + 1
        }
    }
}
