/// What `rapport --help` prints.
enum Help {
    static let hint = "rapport --help tells more"

    private static let commands = [
        ("migrate [--dry-run]", "bring the database to what this program needs"),
        ("status", "tell what the database has"),
        ("serve", "answer requests, deliver mail, sweep"),
        ("sweep", "remove what has expired, now"),
        ("group-creator EMAIL", "make a GroupCreator; password on standard input"),
        ("routes", "list what is served"),
        ("maintenance on|off", "refuse all requests for a while"),
        ("--help, --version", ""),
    ]

    private static let variables = [
        ("DATABASE_URL", "anything libpq takes; unset: a private cluster under RAPPORT_DATA"),
        ("RAPPORT_DATA", "folder of the private cluster and its mail (.rapport)"),
        ("RAPPORT_PG_BIN", "folder of the PostgreSQL server programs (looked for)"),
        ("HOST, PORT", "where to listen (127.0.0.1, 8080)"),
        ("PUBLIC_URL", "how clients reach it (http://HOST:PORT)"),
        ("TRUSTED_PROXIES", "addresses, CIDR blocks: whose X-Forwarded-For counts (none)"),
        ("MAIL_DIR", "folder for mail as files (RAPPORT_DATA/mail), or"),
        ("MAIL_COMMAND", "a sendmail program: gets -i -- RECIPIENT, message on stdin"),
        ("COOKIE_SECURE", "auto, on or off (auto: on where PUBLIC_URL is https)"),
        ("LOG_LEVEL", "debug, info, warning or error (info)"),
        ("EVENT_LOOPS", "threads that serve (half the processors)"),
        ("DATABASE_CONNECTIONS", "for fast calls, in all (1 a processor, at least 2)"),
        ("SLOW_CONNECTIONS", "for slow calls, in all (half the processors)"),
        ("PIPELINE_DEPTH", "calls in flight on a connection (3)"),
        ("QUEUE_LIMIT", "calls that may wait; beyond: 503 (1024)"),
        ("BODY_LIMIT", "bytes of a request's body (12582912)"),
        ("HEADER_TIMEOUT", "seconds for a request's head (10)"),
        ("BODY_TIMEOUT", "seconds for a request's body (60)"),
        ("IDLE_TIMEOUT", "seconds between requests (75)"),
        ("SHUTDOWN_TIMEOUT", "seconds for requests under way at the end (20)"),
    ]

    static var text: String {
        let lines =
            ["rapport: a social backend over PostgreSQL", "", "Commands:"] + table(commands)
            + ["", "Environment:"] + table(variables)
        return lines.joined(separator: "\n")
    }

    /// How a command is called; nil where there is none of that name.
    static func usage(of name: String) -> String? {
        commands.map(\.0).first { $0 == name || $0.hasPrefix(name + " ") }
    }

    private static func table(_ rows: [(String, String)]) -> [String] {
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { name, meaning in
            let gap = String(repeating: " ", count: width - name.count + 2)
            return meaning.isEmpty ? "  " + name : "  " + name + gap + meaning
        }
    }
}
