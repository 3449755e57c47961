import Gateway
import Jobs
import Postgres
import Reactor
import Testing

@testable import rapport

/// What the environment means.
@Suite("Configuration")
struct ConfigurationTests {
    private static func read(
        _ environment: [String: String], processors: Int = 4
    ) throws(ConfigurationError) -> Configuration {
        try Configuration(environment, processors: processors)
    }

    @Test("An empty environment is a private cluster, served on this machine")
    func defaults() throws {
        let settings = try Self.read([:])
        #expect(settings.databaseURL == nil)
        #expect(settings.dataFolder == ".rapport")
        #expect(settings.serverPrograms == nil)
        #expect(settings.host == "127.0.0.1")
        #expect(settings.port == 8080)
        #expect(settings.publicURL == "http://127.0.0.1:8080")
        #expect(settings.proxies == KnownProxies())
        #expect(!settings.isCookieSecure)
        #expect(settings.mail == .directory(".rapport/mail"))
        #expect(settings.logLevel == .info)
        #expect(settings.loops == 2)
        #expect(settings.connections == 4)
        #expect(settings.slowConnections == 2)
        #expect(settings.pipelineDepth == 3)
        #expect(settings.bodyLimit == 12 << 20)
    }

    @Test("One processor is enough")
    func oneProcessor() throws {
        let settings = try Self.read([:], processors: 1)
        #expect(settings.loops == 1)
        #expect(settings.connections == 2)
        #expect(settings.slowConnections == 1)
    }

    @Test("An empty variable is an unset one")
    func empty() throws {
        let names = [
            "DATABASE_URL", "PORT", "HOST", "PUBLIC_URL", "TRUSTED_PROXIES", "MAIL_DIR",
            "MAIL_COMMAND",
        ]
        let empty = Dictionary(uniqueKeysWithValues: names.map { ($0, "") })
        #expect(try Self.read(empty) == Self.read([:]))
    }

    @Test("Values are taken")
    func values() throws {
        let settings = try Self.read([
            "DATABASE_URL": "postgres://me@db.example:5433/x", "RAPPORT_DATA": "/srv/data",
            "HOST": "::1", "PORT": "65535", "LOG_LEVEL": "warning", "EVENT_LOOPS": "3",
            "DATABASE_CONNECTIONS": "5", "SLOW_CONNECTIONS": "2", "PIPELINE_DEPTH": "1",
            "QUEUE_LIMIT": "7", "BODY_LIMIT": "2048", "HEADER_TIMEOUT": "1", "BODY_TIMEOUT": "2",
            "IDLE_TIMEOUT": "3", "SHUTDOWN_TIMEOUT": "4",
            "MAIL_COMMAND": "msmtp -C '/etc/my msmtprc'",
            "TRUSTED_PROXIES": "10.0.0.0/8, ::1",
        ])
        #expect(settings.databaseURL == "postgres://me@db.example:5433/x")
        #expect(settings.mail == .command(["msmtp", "-C", "/etc/my msmtprc"]))
        #expect(settings.logLevel == .warning)
        #expect(settings.publicURL == "http://[::1]:65535")
        let gateway = settings.gateway(settings.connection(to: "x"), schemaVersion: 9)
        #expect(gateway.host == "::1")
        #expect(gateway.port == 65535)
        #expect(gateway.proxies == KnownProxies("10.0.0.0/8,::1"))
        #expect(gateway.loops == 3)
        #expect(gateway.pool.fastConnections == 2)
        #expect(gateway.pool.slowConnections == 1)
        #expect(gateway.pool.pipelineDepth == 1)
        #expect(gateway.pool.queueLimit == 7)
        #expect(gateway.headTimeout == 1000)
        #expect(gateway.bodyTimeout == 2000)
        #expect(gateway.idleTimeout == 3000)
        #expect(gateway.shutdownTimeout == 4000)
        #expect(gateway.schemaVersion == 9)
    }

    @Test(
        "Cookies are secure where the public address is, unless told otherwise",
        arguments: [
            (nil, "https://a.example", true), (nil, "http://a.example", false),
            ("auto", "https://a.example", true), ("auto", "http://a.example", false),
            ("on", "http://a.example", true), ("off", "https://a.example", false),
        ] as [(String?, String, Bool)])
    func cookies(_ setting: String?, _ url: String, _ isSecure: Bool) throws {
        var environment = ["PUBLIC_URL": url]
        environment["COOKIE_SECURE"] = setting
        let settings = try Self.read(environment)
        #expect(settings.isCookieSecure == isSecure)
        let told = settings.connection(to: "x").startOptions.first {
            $0.name == "rapport.cookie_secure"
        }
        #expect(told?.value == (isSecure ? "on" : "off"))
    }

    @Test(
        "The public address",
        arguments: [
            ("https://a.example/", "https://a.example"),
            ("https://a.example/base//", "https://a.example/base"),
            ("http://[::1]:8080", "http://[::1]:8080"),
        ])
    func publicURL(_ given: String, _ taken: String) throws {
        #expect(try Self.read(["PUBLIC_URL": given]).publicURL == taken)
    }

    @Test("Whoever listens everywhere is reached at localhost")
    func everywhere() throws {
        #expect(try Self.read(["HOST": "0.0.0.0"]).publicURL == "http://localhost:8080")
        #expect(try Self.read(["HOST": "::", "PORT": "1"]).publicURL == "http://localhost:1")
    }

    @Test(
        "A wrong value is refused in one line that names the variable",
        arguments: [
            ("PORT", "http"), ("PORT", "0"), ("PORT", "65536"), ("PORT", "-1"), ("PORT", "+80"),
            ("PORT", "8080 "), ("PORT", "٨"), ("PORT", "99999999999999999999"),
            ("HOST", "not an address"), ("HOST", "a/b"), ("HOST", "::g"),
            ("PUBLIC_URL", "ftp//nowhere"), ("PUBLIC_URL", "a.example"), ("PUBLIC_URL", "https://"),
            ("PUBLIC_URL", "https:///x"), ("PUBLIC_URL", "https://a.example?x=1"),
            ("PUBLIC_URL", "https://a.example/#x"), ("PUBLIC_URL", "https://a.example/a b"),
            ("PUBLIC_URL", "https://a.example\r\nX: y"), ("COOKIE_SECURE", "perhaps"),
            ("LOG_LEVEL", "loud"), ("LOG_LEVEL", "INFO"), ("EVENT_LOOPS", "0"),
            ("DATABASE_CONNECTIONS", "0"), ("SLOW_CONNECTIONS", "many"), ("PIPELINE_DEPTH", "65"),
            ("QUEUE_LIMIT", "1e3"), ("BODY_LIMIT", "1"), ("HEADER_TIMEOUT", "0"),
            ("BODY_TIMEOUT", "1.5"), ("IDLE_TIMEOUT", "86401"), ("SHUTDOWN_TIMEOUT", "x"),
            ("DATABASE_URL", "postgres://["), ("DATABASE_URL", "nonsense=1"),
            ("TRUSTED_PROXIES", "localhost"), ("TRUSTED_PROXIES", "10.0.0.0/33"),
            ("TRUSTED_PROXIES", "10.0.0.1,"), ("TRUSTED_PROXIES", "10.0.0.1 ::1"),
            ("MAIL_COMMAND", "a 'b"), ("MAIL_COMMAND", "  "),
        ])
    func wrong(_ variable: String, _ value: String) {
        let error = #expect(throws: ConfigurationError.self) { try Self.read([variable: value]) }
        #expect(error?.variable == variable)
        #expect(error?.description.hasPrefix(variable + " ") == true)
    }

    @Test("Two ways for mail to leave are one too many")
    func twoTransports() {
        #expect(throws: ConfigurationError.self) {
            try Self.read(["MAIL_DIR": "/tmp", "MAIL_COMMAND": "sendmail"])
        }
    }
}
