/// What is wrong with a request. The answer is `status`, and the connection ends: after any of
/// these nobody can say where the next request would begin.
public enum RequestError: Error, Sendable, Equatable {
    /// The peer stopped sending in the middle of a message.
    case incompleteMessage
    /// The request line is not method, blank, target, blank, version.
    case invalidRequestLine
    /// The method is no token.
    case invalidMethod
    /// The method is one the server does not know.
    case unknownMethod
    /// The request target has a form or a character that its method does not allow.
    case invalidTarget
    /// The major version is not 1.
    case unsupportedVersion
    /// The request line is longer than `Limits.requestLineBytes`.
    case requestLineTooLong
    /// A line ends in a line feed without the carriage return.
    case bareLineFeed
    /// A carriage return without the line feed.
    case bareCarriageReturn
    /// A field line begins with a blank: the folding that RFC 9112 §5.2 took away.
    case foldedFieldLine
    /// A field name is no token, or a blank stands before the colon.
    case invalidFieldName
    /// A field value holds a control character.
    case invalidFieldValue
    /// The field lines are longer than `Limits.fieldSectionBytes`.
    case fieldSectionTooLarge
    /// There are more field lines than `Limits.fieldCount`.
    case tooManyFields
    /// An HTTP/1.1 request without `Host`.
    case missingHost
    /// More than one `Host`.
    case repeatedHost
    /// `Host` is no host with, perhaps, a port.
    case invalidHost
    /// `Content-Length` is not a number in decimal digits.
    case invalidContentLength
    /// More than one `Content-Length`.
    case repeatedContentLength
    /// `Content-Length` together with `Transfer-Encoding`, or the latter in HTTP/1.0.
    case conflictingFraming
    /// `Transfer-Encoding` is repeated, empty, or applies `chunked` anywhere but once and last.
    case invalidTransferEncoding
    /// `Transfer-Encoding` names a coding other than `chunked`.
    case unsupportedTransferEncoding
    /// `Expect` asks for something other than `100-continue`.
    case unknownExpectation
    /// The body is longer than the request may have.
    case bodyTooLarge
    /// A chunk's size is no number in hexadecimal digits, or the chunk does not end where it says.
    case invalidChunk
    /// A chunk's size with its extensions is longer than `Limits.chunkLineBytes`.
    case chunkLineTooLong
    /// The trailer lines are longer than `Limits.trailerBytes`.
    case trailersTooLarge

    /// The status of the answer.
    public var status: Int {
        switch self {
        case .unknownMethod, .unsupportedTransferEncoding: 501
        case .unsupportedVersion: 505
        case .requestLineTooLong: 414
        case .fieldSectionTooLarge, .tooManyFields, .trailersTooLarge: 431
        case .unknownExpectation: 417
        case .bodyTooLarge: 413
        case .incompleteMessage, .invalidRequestLine, .invalidMethod, .invalidTarget, .bareLineFeed,
            .bareCarriageReturn, .foldedFieldLine, .invalidFieldName, .invalidFieldValue,
            .missingHost, .repeatedHost, .invalidHost, .invalidContentLength,
            .repeatedContentLength, .conflictingFraming, .invalidTransferEncoding, .invalidChunk,
            .chunkLineTooLong:
            400
        }
    }
}
