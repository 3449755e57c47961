/// Why a job could not be done, or was configured in a way that it never can be.
public enum JobsError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The mail was not handed over; one line, at most 500 bytes.
    case notDelivered(String)
    /// A command line ends within quotes that begin with this character.
    case unclosedQuote(Character)
    /// A command line ends with a backslash.
    case danglingBackslash
    /// A command line names no program.
    case noProgram

    /// One line that can be shown as it is.
    public var description: String {
        switch self {
        case .notDelivered(let reason): reason
        case .unclosedQuote(let quote): "a quote is not closed: " + String(quote)
        case .danglingBackslash: "nothing follows the last backslash"
        case .noProgram: "names no program"
        }
    }

    /// A mail that was not handed over, for a reason of any length, of which the first line counts.
    static func undelivered(_ reason: some StringProtocol) -> JobsError {
        var line = ""
        let lines = reason.split(whereSeparator: \.isNewline)
        for character in lines.first(where: { $0.contains { !$0.isWhitespace } }) ?? "" {
            // PostgreSQL's text has no NUL.
            if character == "\0" { continue }
            guard line.utf8.count + character.utf8.count <= 500 else { break }
            line.append(character)
        }
        return .notDelivered(line)
    }
}
