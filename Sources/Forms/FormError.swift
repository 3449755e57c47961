/// Why a form was refused. It is always the sender's fault.
public enum FormError: Error, Equatable, Sendable {
    /// The bytes are not what they say they are (status 400).
    case malformed(Fault)
    /// A name is used in two ways, as in `a=1&a[b]=2` (status 400).
    case conflict
    /// A limit of size or number is exceeded (status 413).
    case tooLarge(Bound)

    /// What is wrong with the bytes.
    public enum Fault: Equatable, Sendable {
        /// A `%` without two hexadecimal digits.
        case escape
        /// Text that is not UTF-8.
        case encoding
        /// A field's name is missing, empty, too long, or its brackets do not pair.
        case name
        /// More levels of nesting than `Limits.depth`.
        case depth
        /// A multipart boundary that is missing or not one (RFC 2046 §5.1.1).
        case boundary
        /// A boundary line that does not end as it must.
        case delimiter
        /// A part's header that breaks the grammar, or asks for what RFC 7578 does not allow.
        case header
        /// A multipart body without its closing delimiter.
        case incomplete
    }

    /// Which limit is exceeded.
    public enum Bound: Equatable, Sendable {
        /// `Limits.fieldCount`
        case fields
        /// `Limits.decodedBytes`
        case text
        /// `Limits.partCount`
        case parts
        /// `Limits.partHeaderBytes`
        case partHeader
        /// `Limits.fileBytes`
        case file
    }
}
