import Foundation

/// What `./dev test` tells the tests by environment variables.
enum TestSettings {
    /// A variable that is not set: the tests were not started by `./dev test`.
    struct Missing: Error, CustomStringConvertible {
        let variable: String
        var description: String { "\(variable) is not set: run these tests with ./dev test" }
    }

    /// How a superuser reaches the PostgreSQL server of the tests.
    static func adminURL() throws -> String { try value("RAPPORT_TEST_ADMIN_URL") }

    /// Name of the migrated database that each test's own database is a copy of.
    static func template() throws -> String { try value("RAPPORT_TEST_TEMPLATE") }

    /// The program under test.
    static func binary() throws -> String { try value("RAPPORT_BINARY") }

    /// The environment of a started program: ours, less what would configure the server.
    static func environment(adding variables: [String: String]) -> [String: String] {
        let configured = [
            "DATABASE_URL", "HOST", "PORT", "PUBLIC_URL", "MAIL_DIR", "MAIL_COMMAND", "LOG_LEVEL",
            "COOKIE_SECURE", "RAPPORT_DATA", "TRUSTED_PROXIES",
        ]
        return ProcessInfo.processInfo.environment
            .filter { !configured.contains($0.key) }
            .merging(variables) { _, new in new }
    }

    /// The conninfo of another database of the server that `url` names.
    static func conninfo(_ url: String, database: String) -> String {
        guard url.hasPrefix("postgres://") || url.hasPrefix("postgresql://"),
            var parts = URLComponents(string: url)
        else { return "\(url) dbname=\(database)" }
        parts.path = "/\(database)"
        return parts.string ?? url
    }

    private static func value(_ variable: String) throws -> String {
        guard let value = ProcessInfo.processInfo.environment[variable], !value.isEmpty else {
            throw Missing(variable: variable)
        }
        return value
    }
}
