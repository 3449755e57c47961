import Foundation
import Synchronization

/// What the run has seen: every answer, every log, and the secrets that none of them may tell. `./dev
/// test` searches the ones for the others when all tests are through.
///
/// It is kept in the directory that `RAPPORT_TEST_TRANSCRIPT` names, and not at all without it:
/// - `answers`: an answer a line;
/// - `logs`: what programs wrote;
/// - `secrets`: passwords and mailed tokens, which nothing may tell;
/// - `tokens`: session tokens, each told by the one answer that issues it;
/// - `codes`: mailed codes.
enum Transcript {
    private static let directory = ProcessInfo.processInfo.environment["RAPPORT_TEST_TRANSCRIPT"]
    private static let writing = Mutex(())

    /// An answer came; the session tokens that it issues are noted.
    static func answer(_ answer: Answer) {
        guard directory != nil else { return }
        var text = String(describing: answer)
        for name in ["access_token", "token"] {
            for token in matches(#""\#(name)" ?: ?"([A-Za-z0-9_-]{43})""#, in: text) {
                append(token, to: "tokens")
            }
        }
        for token in matches(#"sessionid=([A-Za-z0-9_-]{43})"#, in: text) {
            append(token, to: "tokens")
        }
        // A page that asks for a new password hands the token of its link on.
        text = text.replacing(#/type="hidden"[^>]*value="[^"]*"/#, with: #"type="hidden""#)
        append(text.replacingOccurrences(of: "\n", with: "\\n"), to: "answers")
    }

    /// A program ended, having written this.
    static func log(_ text: String) { append(text, to: "logs") }

    /// This is a secret: it stands in requests and mails, and nowhere else.
    static func secret(_ text: String) { append(text, to: "secrets") }

    /// This is a code of six digits, which other numbers resemble.
    static func code(_ text: String) { append(text, to: "codes") }

    private static func matches(_ pattern: String, in text: String) -> [String] {
        guard let regex = try? NSRegularExpression(pattern: pattern) else { return [] }
        return regex.matches(in: text, range: NSRange(text.startIndex..., in: text)).compactMap {
            Range($0.range(at: 1), in: text).map { String(text[$0]) }
        }
    }

    private static func append(_ line: String, to name: String) {
        guard let directory else { return }
        writing.withLock { _ in
            guard let file = fopen("\(directory)/\(name)", "a") else { return }
            fputs(line + "\n", file)
            fclose(file)
        }
    }
}
