/// Answers that the server gives without the database, made by it in advance: for each path space,
/// in its contract's style.
struct Refusals: Sendable {
    /// What the server has to refuse by itself.
    enum Kind: String, Sendable, CaseIterable {
        case malformed
        case notFound = "not_found"
        case methodNotAllowed = "method_not_allowed"
        case notAcceptable = "not_acceptable"
        case tooLarge = "too_large"
        case unsupportedMediaType = "unsupported_media_type"
        case uriTooLong = "uri_too_long"
        case fieldsTooLarge = "fields_too_large"
        case requestTimeout = "request_timeout"
        case notImplemented = "not_implemented"
        case versionNotSupported = "version_not_supported"
        case expectationFailed = "expectation_failed"
        case busy
        case unavailable
        case timeOut = "time_out"
        case maintenance
        case serverError = "server_error"
    }

    /// A ready-made answer.
    struct Answer: Sendable {
        var status: Int
        var outcome: Int
        var headers: [UInt8]
        var body: [UInt8]
    }

    private var spaces: [(prefix: [UInt8], answers: [Kind: Answer])] = []
    private var faults: [String: Kind] = [:]

    mutating func insert(prefix: String, kind: Kind, _ answer: Answer) {
        let bytes = Array(prefix.utf8)
        let place = spaces.firstIndex { $0.prefix == bytes }
        if let place {
            spaces[place].answers[kind] = answer
        } else {
            // Longest first, so that the first match is the longest.
            let next = spaces.firstIndex { $0.prefix.count < bytes.count } ?? spaces.count
            spaces.insert((bytes, [kind: answer]), at: next)
        }
    }

    mutating func insert(sqlstate: String, kind: Kind) { faults[sqlstate] = kind }

    /// What a SQLSTATE means to a client.
    func kind(ofSQLState state: String) -> Kind {
        faults[state] ?? faults[String(state.prefix(2))] ?? .serverError
    }

    /// The answer in the style of the longest space that a path lies in.
    func answer(_ kind: Kind, path: UnsafeRawBufferPointer) -> Answer {
        for space in spaces where Self.lies(path, in: space.prefix) {
            if let answer = space.answers[kind] { return answer }
        }
        return Self.bare(kind)
    }

    /// "/a/b" lies in the space "/a/b/" too.
    private static func lies(_ path: UnsafeRawBufferPointer, in prefix: [UInt8]) -> Bool {
        path.starts(with: prefix)
            || (path.count == prefix.count - 1 && prefix.starts(with: path))
    }

    /// Before the database said what its answers look like.
    private static func bare(_ kind: Kind) -> Answer {
        Answer(
            status: kind == .serverError ? 500 : 503, outcome: kind == .serverError ? 500 : 503,
            headers: [], body: Array("{\"message\":\"not available\"}".utf8))
    }
}
