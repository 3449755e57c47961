import Foundation
import Glibc
import Postgres
import Synchronization

/// A database as a test's superuser sees it; its own ones are dropped with the value.
final class TestDatabase: Sendable {
    /// Its name.
    let name: String
    /// How a superuser reaches it.
    let url: String
    private let isOwn: Bool

    private static let count = Mutex(0)
    /// PostgreSQL copies a template for one client at a time.
    private static let copying = Mutex(())

    /// Creates a database of the test's own: a copy of the migrated template, or an empty one.
    init(empty: Bool = false) throws {
        let number = Self.count.withLock { count in
            count += 1
            return count
        }
        name = "rapport_e2e_\(getpid())_\(number)"
        let admin = try TestSettings.adminURL()
        url = TestSettings.conninfo(admin, database: name)
        isOwn = true
        let source = empty ? "template0" : try TestSettings.template()
        let statement = "CREATE DATABASE \(name) TEMPLATE \(source)"
        try Self.copying.withLock { _ in
            // 55006: somebody is connected to the template at this moment (autovacuum, say).
            let created: Bool? = try eventually(within: 20) {
                do {
                    try BlockingConnection(ConnectionSettings(admin)).execute(statement)
                    return true
                } catch let error as PostgresError where error.sqlstate == "55006" {
                    usleep(50_000)
                    return nil
                }
            }
            guard created == true else {
                throw PostgresError(message: "template \(source) is in use all the time")
            }
        }
    }

    /// A database that somebody else looks after.
    init(existing name: String, url: String) {
        self.name = name
        self.url = url
        isOwn = false
    }

    deinit {
        guard isOwn else { return }
        let drop = "DROP DATABASE IF EXISTS \(name) WITH (FORCE)"
        try? BlockingConnection(ConnectionSettings(TestSettings.adminURL())).execute(drop)
    }

    /// The rows that a statement answers.
    @discardableResult
    func rows(_ sql: String, _ parameters: [String?] = []) throws -> [[String?]] {
        try connect().query(sql, parameters).rows
    }

    /// The first column of the first row.
    func value(_ sql: String, _ parameters: [String?] = []) throws -> String? {
        try rows(sql, parameters).first?.first ?? nil
    }

    /// The first column of the first row as a number.
    func count(_ sql: String, _ parameters: [String?] = []) throws -> Int {
        try value(sql, parameters).flatMap(Int.init) ?? 0
    }

    /// Runs statements in one transaction.
    func execute(_ sql: String) throws { try connect().execute(sql) }

    /// A connection as superuser.
    func connect() throws -> BlockingConnection {
        try BlockingConnection(ConnectionSettings(url, applicationName: "test"))
    }
}
