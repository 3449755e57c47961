import Glibc

/// The operator's log: one JSON object a line on standard error.
public enum Log {
    /// How much is written; each level includes the ones after it.
    public enum Level: Int, Sendable, Comparable {
        case debug, info, warning, error

        /// Orders by severity.
        public static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
    }

    private static let threshold = Lock<Level>(.info)

    /// What is below this level is not written.
    public static var level: Level {
        get { threshold.withLock { level in level } }
        set { threshold.withLock { level in level = newValue } }
    }

    /// Writes a line at level debug.
    public static func debug(_ message: String, _ fields: KeyValuePairs<String, String> = [:]) {
        write(.debug, "debug", message, fields)
    }

    /// Writes a line at level info.
    public static func info(_ message: String, _ fields: KeyValuePairs<String, String> = [:]) {
        write(.info, "info", message, fields)
    }

    /// Writes a line at level warning.
    public static func warning(_ message: String, _ fields: KeyValuePairs<String, String> = [:]) {
        write(.warning, "warning", message, fields)
    }

    /// Writes a line at level error.
    public static func error(_ message: String, _ fields: KeyValuePairs<String, String> = [:]) {
        write(.error, "error", message, fields)
    }

    private static func write(
        _ level: Level, _ name: String, _ message: String,
        _ fields: KeyValuePairs<String, String>
    ) {
        guard level >= self.level else { return }
        var line = "{\"time\":\"" + WallClock.iso8601(milliseconds: WallClock.milliseconds())
        line += "\",\"level\":\"" + name + "\",\"message\":" + quoted(message)
        for (key, value) in fields { line += "," + quoted(key) + ":" + quoted(value) }
        line += "}\n"
        // One write a line: lines of several threads do not mix.
        line.withUTF8 { utf8 in _ = unsafe Glibc.write(2, utf8.baseAddress, utf8.count) }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
