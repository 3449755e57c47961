/// Why field lines cannot go into a response. It is the fault of whoever made them, never the
/// client's.
public enum ResponseError: Error, Sendable, Equatable {
    /// A line is not a name, a colon and a value, or the value holds a control character.
    case invalidFieldLine
    /// A line carries what only the server may say: `Content-Length`, `Transfer-Encoding` or
    /// `Connection`.
    case reservedFieldName
}
