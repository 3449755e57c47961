import Testing

/// Swift carries bytes, SQL decides: what the business is about has no name under Sources.
@Suite("Vocabulary")
struct VocabularyTests {
    /// Words of the business, as they stand in names and in comments, in the singular.
    private static let words: Set<String> = [
        "account", "activation", "avatar", "birthday", "chat", "companion", "condolence",
        "conversation", "country", "creator", "dsrt", "follower", "following", "friend",
        "friendship", "funeral", "gender", "invitation", "invite", "invited", "lifelink",
        "lockout", "login", "logout", "nearby", "nickname", "organisation", "password",
        "person", "picture", "profile", "signup", "trusted", "unfriend", "user", "username",
    ]

    /// Names of published contracts.
    private static let contracts = ["dsrt", "gather_v", "companion_v", "exchange_v"]

    /// A place where such a word means something else.
    private struct Exception: Hashable {
        let path: String
        let word: String
        let reason: String
    }

    private static let exceptions: [Exception] = [
        Exception(
            path: "Sources/Forms/", word: "user",
            reason: "the example of a nested field name that clients know: user[email]"),
        Exception(
            path: "Sources/Cluster/", word: "user",
            reason: "of the operating system, and libpq's keyword"),
        Exception(
            path: "Sources/Postgres/ConnectionSettings.swift", word: "user",
            reason: "libpq's keyword tcp_user_timeout"),
        Exception(
            path: "Sources/rapport/", word: "creator",
            reason: "the command group-creator, which hands its argument to one function"),
        Exception(
            path: "Sources/rapport/", word: "password",
            reason: "what the command group-creator reads from standard input"),
        Exception(
            path: "Sources/rapport/", word: "trusted", reason: "the variable TRUSTED_PROXIES"),
        Exception(
            path: "Sources/HTTP1/Authority.swift", word: "user",
            reason: "user information is a part of a URI's authority (RFC 3986 §3.2.1)"),
        Exception(
            path: "Sources/HTTP1/FramingRules.swift", word: "account",
            reason: "to take into account"),
    ]

    @Test("No file under Sources names a concept of the business")
    func noBusinessWords() throws {
        var used: Set<Exception> = []
        for file in try House.sources() {
            for (number, line) in file.lines.enumerated() {
                for word in Self.businessWords(of: line) {
                    let exception = Self.exceptions.first {
                        file.path.hasPrefix($0.path) && Self.singular(word) == $0.word
                    }
                    if let exception {
                        used.insert(exception)
                    } else {
                        Issue.record("\(file.path):\(number + 1) says \(word)")
                    }
                }
                for contract in Self.contracts where line.lowercased().contains(contract) {
                    Issue.record("\(file.path):\(number + 1) names the contract \(contract)")
                }
            }
        }
        for exception in Self.exceptions where !used.contains(exception) {
            Issue.record("\(exception.path) no longer says \(exception.word): remove the exception")
        }
    }

    @Test(
        "Names fall into their words",
        arguments: [
            ("friendList", ["friend", "list"]), ("HTTPUser", ["httpuser"]),
            ("let user_id = 1", ["let", "user", "id"]), ("userAgent", ["user", "agent"]),
            ("a.friendships()", ["a", "friendships"]),
        ])
    func splitting(line: String, expected: [String]) {
        #expect(Self.parts(of: line[...]) == expected)
    }

    @Test(
        "The plural of a word is the word",
        arguments: [
            ("users", true), ("countries", true), ("persons", true), ("useful", false),
            ("s", false),
        ])
    func plurals(word: String, expected: Bool) {
        #expect(Self.isBusiness(word) == expected)
    }

    /// The words of the business in a line. The user agent is one of HTTP (RFC 9110 §10.1.5).
    private static func businessWords(of line: Substring) -> [String] {
        let parts = parts(of: line)
        return parts.indices.filter { index in
            let isAgent = parts[index] == "user" && parts.dropFirst(index + 1).first == "agent"
            return isBusiness(parts[index]) && !isAgent
        }.map { parts[$0] }
    }

    private static func isBusiness(_ word: String) -> Bool { words.contains(singular(word)) }

    private static func singular(_ word: String) -> String {
        if words.contains(word) { return word }
        if word.hasSuffix("ies") { return word.dropLast(3) + "y" }
        return word.hasSuffix("s") ? String(word.dropLast()) : word
    }

    /// The words of a line in lower case; camelCase and snake_case names fall into theirs.
    private static func parts(of line: Substring) -> [String] {
        var parts: [String] = []
        var current = ""
        var previousIsLower = false
        for character in line {
            let isLetter = character.isASCII && character.isLetter
            if !isLetter || (character.isUppercase && previousIsLower) {
                if !current.isEmpty { parts.append(current) }
                current = ""
            }
            if isLetter { current += character.lowercased() }
            previousIsLower = character.isLowercase
        }
        if !current.isEmpty { parts.append(current) }
        return parts
    }
}
