internal import Gateway
internal import Jobs
internal import Postgres
internal import Reactor

/// What the environment says; see `rapport --help`.
struct Configuration: Equatable {
    /// Nil: a private cluster under `dataFolder`.
    var databaseURL: String?
    var dataFolder: String
    /// Where the PostgreSQL server programs are, where that is said.
    var serverPrograms: String?
    var host: String
    var port: UInt16
    /// Without a slash at its end.
    var publicURL: String
    /// Whose `X-Forwarded-For` counts.
    var proxies: KnownProxies
    var isCookieSecure: Bool
    var mail: MailTransport
    var logLevel: Log.Level
    var loops: Int
    var connections: Int
    var slowConnections: Int
    var pipelineDepth: Int
    var queueLimit: Int
    var bodyLimit: Int
    var headerTimeout: Int
    var bodyTimeout: Int
    var idleTimeout: Int
    var shutdownTimeout: Int

    /// Reads the variables. An empty one counts as unset.
    ///
    /// - Parameter processors: what defaults follow.
    init(_ environment: [String: String], processors: Int) throws(ConfigurationError) {
        let variables = Variables(environment)
        databaseURL = try variables.value("DATABASE_URL") { text throws(Unfit) in
            if let problem = ConnectionSettings.problem(in: text) { throw Unfit(problem) }
            return text
        }
        dataFolder = variables.text("RAPPORT_DATA") ?? ".rapport"
        serverPrograms = variables.text("RAPPORT_PG_BIN")
        host = try variables.value("HOST", Host.check) ?? "127.0.0.1"
        port = UInt16(try variables.number("PORT", in: 1...65535) ?? 8080)
        publicURL =
            try variables.value("PUBLIC_URL", PublicURL.check)
            ?? PublicURL.standard(host: host, port: port)
        proxies =
            try variables.value("TRUSTED_PROXIES") { text throws(Unfit) in
                if let proxies = KnownProxies(text) { return proxies }
                throw Unfit(
                    "must be addresses or blocks like 10.0.0.0/8, with commas between, not " + text)
            } ?? KnownProxies()
        isCookieSecure =
            try variables.choice("COOKIE_SECURE", ["auto": nil, "on": true, "off": false])
            .flatMap { $0 } ?? publicURL.hasPrefix("https:")
        mail = try Self.mail(variables, dataFolder)
        logLevel =
            try variables.choice(
                "LOG_LEVEL",
                ["debug": .debug, "info": .info, "warning": .warning, "error": .error]) ?? .info
        // The other half is for PostgreSQL, which is on the same machine more often than not.
        let half = max(1, processors / 2)
        loops = try variables.number("EVENT_LOOPS", in: 1...256) ?? half
        connections =
            try variables.number("DATABASE_CONNECTIONS", in: 1...1000) ?? max(2, processors)
        slowConnections = try variables.number("SLOW_CONNECTIONS", in: 1...1000) ?? half
        pipelineDepth = try variables.number("PIPELINE_DEPTH", in: 1...64) ?? 3
        queueLimit = try variables.number("QUEUE_LIMIT", in: 1...1_000_000) ?? 1024
        bodyLimit = try variables.number("BODY_LIMIT", in: 1024...(1 << 30)) ?? 12 << 20
        headerTimeout = try variables.number("HEADER_TIMEOUT", in: 1...3600) ?? 10
        bodyTimeout = try variables.number("BODY_TIMEOUT", in: 1...3600) ?? 60
        idleTimeout = try variables.number("IDLE_TIMEOUT", in: 1...86_400) ?? 75
        shutdownTimeout = try variables.number("SHUTDOWN_TIMEOUT", in: 1...3600) ?? 20
    }

    private static func mail(
        _ variables: Variables, _ dataFolder: String
    ) throws(ConfigurationError) -> MailTransport {
        let folder = variables.text("MAIL_DIR")
        let command = try variables.value("MAIL_COMMAND") { text throws(Unfit) in
            do throws(JobsError) {
                return try ShellWords.words(text)
            } catch {
                throw Unfit("is no command line: " + error.description)
            }
        }
        switch (folder, command) {
        case (.some, .some):
            throw ConfigurationError(
                variable: "MAIL_COMMAND", problem: "cannot be set beside MAIL_DIR")
        case (let folder?, nil): return .directory(folder)
        case (nil, let words?): return .command(words)
        case (nil, nil): return .directory(dataFolder + "/mail")
        }
    }
}

/// A variable whose value does not do.
struct ConfigurationError: Error, Equatable, CustomStringConvertible {
    var variable: String
    var problem: String

    var description: String { variable + " " + problem }
}
