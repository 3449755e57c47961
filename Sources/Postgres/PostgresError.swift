/// What PostgreSQL, or the way to it, answered instead of a result.
public struct PostgresError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The five-character SQLSTATE; nil where the connection itself failed.
    public var sqlstate: String?
    /// The primary message, one line.
    public var message: String
    /// DETAIL, where the server gave one.
    public var detail: String?
    /// HINT, where the server gave one.
    public var hint: String?
    /// The 1-based character of the statement that the error points at, where the server told.
    public var position: Int?

    /// Creates an error.
    public init(
        sqlstate: String? = nil, message: String, detail: String? = nil, hint: String? = nil,
        position: Int? = nil
    ) {
        self.sqlstate = sqlstate
        self.message = message
        self.detail = detail
        self.hint = hint
        self.position = position
    }

    /// Message, detail and hint on one line.
    public var description: String {
        var text = message
        if let detail { text += " (" + detail + ")" }
        if let hint { text += " Hint: " + hint }
        return text
    }
}
