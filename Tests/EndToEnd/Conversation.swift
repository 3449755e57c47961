import Foundation
import Testing

/// Requests and their recorded answers, read from a file of `Conversations/`.
///
/// A file is text for people: prose, then exchanges. An exchange starts with a `## title` line; a
/// request as it goes over the wire follows (request line, field lines, a blank line, the body),
/// then the answer it must get, from the line `HTTP/1.1 status` on. Field lines not given there are
/// not looked at, the body must be the same JSON with its members in the same order. What
/// cannot be known beforehand is written `<name>`: see `Expectation`.
///
/// Lines that start with `~~` before a request say what happens meanwhile:
/// - `~~ mail KIND ADDRESS` waits for that mail; after it `<link>` is the path and query of the link
///   in it and `<secret>` the token in that link, or `<code>` the code in it;
/// - `~~ group-creator ADDRESS PASSWORD` runs `rapport group-creator`.
struct Conversation: CustomTestStringConvertible, Sendable {
    /// One request and its answer.
    struct Exchange: Sendable {
        var title: String
        var line: Int
        var mails: [(kind: String, address: String)] = []
        var groupCreators: [(address: String, password: String)] = []
        var method = ""
        var target = ""
        var fields: [(String, String)] = []
        var body = ""
        var status = 0
        var answerFields: [(String, String)] = []
        var answerBody = ""
    }

    /// A line that means nothing.
    struct Unreadable: Error {
        let file: String
        let line: Int
        let reason: String
    }

    /// The name of the file.
    let name: String
    /// The exchanges in order.
    let exchanges: [Exchange]

    var testDescription: String { name }

    /// Every file beside this one.
    static func all() throws -> [Conversation] {
        let directory = URL(fileURLWithPath: #filePath)
            .deletingLastPathComponent().appendingPathComponent("Conversations")
        return try FileManager.default
            .contentsOfDirectory(at: directory, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "txt" }
            .sorted { $0.path < $1.path }
            .map {
                try Conversation(
                    name: $0.lastPathComponent, text: String(contentsOf: $0, encoding: .utf8))
            }
    }

    /// Reads the text of a file.
    init(name: String, text: String) throws {
        self.name = name
        var reader = Reader(name: name, lines: text.components(separatedBy: "\n"))
        exchanges = try reader.exchanges()
    }
}

private struct Reader {
    let name: String
    let lines: [String]
    var position = 0

    init(name: String, lines: [String]) {
        self.name = name
        self.lines = lines
    }

    mutating func exchanges() throws -> [Conversation.Exchange] {
        var exchanges: [Conversation.Exchange] = []
        skip { !$0.hasPrefix("## ") }
        while position < lines.count { exchanges.append(try exchange()) }
        return exchanges
    }

    private mutating func exchange() throws -> Conversation.Exchange {
        var exchange = Conversation.Exchange(
            title: String(lines[position].dropFirst(3)), line: position + 1)
        position += 1
        while position < lines.count, !isRequestLine(lines[position]) {
            let words = lines[position].split(separator: " ").map(String.init)
            if words.first == "~~" {
                guard words.count == 4 else { throw failure("not `~~ WHAT … …`") }
                switch words[1] {
                case "mail": exchange.mails.append((kind: words[2], address: words[3]))
                case "group-creator":
                    exchange.groupCreators.append((address: words[2], password: words[3]))
                default: throw failure("neither `~~ mail` nor `~~ group-creator`")
                }
            } else if lines[position].hasPrefix("## ") {
                throw failure("no request before the next title")
            }
            position += 1
        }
        guard position < lines.count else { throw failure("no request") }
        let words = lines[position].split(separator: " ").map(String.init)
        exchange.method = words[0]
        exchange.target = words[1]
        position += 1
        exchange.fields = try fields()
        exchange.body = takeLines { !$0.hasPrefix("HTTP/1.1 ") }
        guard position < lines.count,
            let status = Int(lines[position].dropFirst(9).prefix(3))
        else { throw failure("no status line") }
        exchange.status = status
        position += 1
        exchange.answerFields = try fields()
        exchange.answerBody = takeLines { !$0.hasPrefix("## ") }
        return exchange
    }

    private func isRequestLine(_ line: String) -> Bool {
        let words = line.split(separator: " ")
        return words.count == 2 && words[0].allSatisfy { $0.isASCII && $0.isUppercase }
            && (words[1].hasPrefix("/") || words[1].hasPrefix("<"))
    }

    private mutating func fields() throws -> [(String, String)] {
        var fields: [(String, String)] = []
        while position < lines.count, !lines[position].isEmpty {
            guard let colon = lines[position].range(of: ": ") else {
                throw failure("not a field line")
            }
            fields.append(
                (
                    String(lines[position][..<colon.lowerBound]),
                    String(lines[position][colon.upperBound...])
                ))
            position += 1
        }
        return fields
    }

    private mutating func takeLines(_ belongs: (String) -> Bool) -> String {
        let start = position
        skip(belongs)
        return lines[start..<position].joined(separator: "\n")
            .trimmingCharacters(in: .newlines)
    }

    private mutating func skip(_ belongs: (String) -> Bool) {
        while position < lines.count, belongs(lines[position]) { position += 1 }
    }

    private func failure(_ reason: String) -> Conversation.Unreadable {
        Conversation.Unreadable(file: name, line: position + 1, reason: reason)
    }
}
