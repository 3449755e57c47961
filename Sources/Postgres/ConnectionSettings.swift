internal import CLibpq

/// Where the database is, and what each connection to it is told when it starts.
public struct ConnectionSettings: Sendable {
    /// Anything libpq takes: a URI or `key=value` pairs.
    public var url: String
    /// The role that the connection acts as whoever it logged in as; `RESET ROLE` comes back to it.
    public var role: String?
    /// Shown in `pg_stat_activity` and in the log lines of PostgreSQL.
    public var applicationName: String
    /// Run-time parameters set in the start-up packet, so that they cost no round trip.
    public var startOptions: [(name: String, value: String)]

    /// Milliseconds that a blocking connection waits for an answer; nil: as long as it takes.
    public var answerTimeLimit: Int64?

    /// Creates settings for a conninfo string.
    public init(
        _ url: String, role: String? = nil, applicationName: String = "rapport",
        startOptions: [(name: String, value: String)] = []
    ) {
        self.url = url
        self.role = role
        self.applicationName = applicationName
        self.startOptions = startOptions
    }

    /// Checks the conninfo string as libpq would, without connecting.
    ///
    /// - Returns: the reason why libpq refuses it, or nil.
    public static func problem(in url: String) -> String? {
        var message: UnsafeMutablePointer<CChar>?
        guard let options = unsafe PQconninfoParse(url, &message) else {
            defer { unsafe PQfreemem(message) }
            return unsafe message.map { unsafe oneLine(String(cString: $0)) }
                ?? "is not a connection string"
        }
        unsafe PQconninfoFree(options)
        return nil
    }

    /// The keywords and values for `PQconnectStartParams`, in order.
    var parameters: [(keyword: String, value: String)] {
        var options = startOptions
        if let role { options.append(("role", role)) }
        var text = given("options").map { $0 + " " } ?? ""
        text += options.map { "-c " + $0.name + "=" + Self.escaped($0.value) }
            .joined(separator: " ")
        var parameters: [(keyword: String, value: String)] = [("dbname", url)]
        parameters.append(("application_name", applicationName))
        parameters.append(("client_encoding", "UTF8"))
        for (keyword, value) in Self.patience where given(keyword) == nil {
            parameters.append((keyword, value))
        }
        if !text.isEmpty { parameters.append(("options", text)) }
        return parameters
    }

    /// How soon a peer that does not answer any more is noticed; the conninfo string goes before.
    private static let patience = [
        ("connect_timeout", "5"), ("tcp_user_timeout", "15000"), ("keepalives_idle", "15"),
        ("keepalives_interval", "5"), ("keepalives_count", "3"),
    ]

    /// The value that the conninfo string itself gives for a keyword.
    private func given(_ keyword: String) -> String? {
        guard let options = unsafe PQconninfoParse(url, nil) else { return nil }
        defer { unsafe PQconninfoFree(options) }
        var option = unsafe options
        while let name = unsafe option.pointee.keyword {
            if unsafe String(cString: name) == keyword, let value = unsafe option.pointee.val {
                return unsafe String(cString: value)
            }
            unsafe option += 1
        }
        return nil
    }

    /// `options` separates its arguments at blanks; a backslash keeps one.
    private static func escaped(_ value: String) -> String {
        var result = ""
        for character in value {
            if character == " " || character == "\\" { result.append("\\") }
            result.append(character)
        }
        return result
    }
}

/// libpq ends its messages with a line feed and may use several lines.
func oneLine(_ text: String) -> String {
    text.split(whereSeparator: \.isNewline)
        .map { line in String(line.drop { $0 == " " || $0 == "\t" }) }
        .joined(separator: " ")
}
