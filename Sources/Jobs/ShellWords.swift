/// Splits a command line into words as a shell does, with nothing else of a shell: no variables, no
/// patterns, no substitution.
public enum ShellWords {
    private enum Quote: Character {
        case single = "'"
        case double = "\""
    }

    /// The words of a command line, at least one.
    ///
    /// Blanks separate; single quotes keep everything; double quotes keep everything but a
    /// backslash before `"`, `\`, `$` or a backquote; elsewhere a backslash keeps what follows it.
    public static func words(_ line: String) throws(JobsError) -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Quote?
        var rest = line[...]
        while let character = rest.popFirst() {
            switch (quote, character) {
            case (.single, "'"), (.double, "\""):
                quote = nil
            case (.single, _):
                word = (word ?? "") + String(character)
            case (.double, "\\"):
                guard let next = rest.popFirst() else { throw .unclosedQuote("\"") }
                let isEscape = ["\"", "\\", "$", "`"].contains(next)
                word = (word ?? "") + (isEscape ? "" : "\\") + String(next)
            case (.double, _):
                word = (word ?? "") + String(character)
            case (nil, "'"), (nil, "\""):
                quote = Quote(rawValue: character)
                word = word ?? ""
            case (nil, "\\"):
                guard let next = rest.popFirst() else { throw .danglingBackslash }
                word = (word ?? "") + String(next)
            case (nil, _) where character.isWhitespace:
                if let ended = word { words.append(ended) }
                word = nil
            case (nil, _):
                word = (word ?? "") + String(character)
            }
        }
        if let quote { throw .unclosedQuote(quote.rawValue) }
        if let word { words.append(word) }
        guard let program = words.first, !program.isEmpty else { throw .noProgram }
        return words
    }
}
