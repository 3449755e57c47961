import Foundation
import Testing

/// `rapport migrate` and `rapport status`.
@Suite("Migrator")
struct MigratorTests {
    @Test("A fresh database is migrated; a second time there is nothing to do")
    func fresh() throws {
        let database = try TestDatabase(empty: true)
        let before = try Command.run(["status"], on: database)
        #expect(before.output.contains("0001"), "\(before.output)\(before.errorOutput)")

        let first = try Command.run(["migrate"], on: database)
        #expect(first.status == 0, "\(first.errorOutput)")
        #expect(try database.count("SELECT count(*) FROM app.migration") >= 2)
        #expect(try database.count("SELECT count(*) FROM http.gateway_routes()") > 10)
        #expect(try database.count("SELECT count(*) FROM http.validate_routes()") == 0)

        let state =
            "SELECT s.xmin, s.generation, b.xmin FROM app.gateway_state AS s, app.build AS b"
        let untouched = try database.rows(state)
        let second = try Command.run(["migrate"], on: database)
        #expect(second.status == 0)
        #expect(second.output.lowercased().contains("nothing to do"), "\(second.output)")
        #expect(try database.rows(state) == untouched)
        let status = try Command.run(["status"], on: database)
        #expect(status.status == 0, "\(status.output)\(status.errorOutput)")
    }

    @Test("--dry-run tells what it would do and does nothing")
    func dryRun() throws {
        let database = try TestDatabase(empty: true)
        let outcome = try Command.run(["migrate", "--dry-run"], on: database)
        #expect(outcome.status == 0, "\(outcome.errorOutput)")
        #expect(outcome.output.contains("0001"), "\(outcome.output)")
        let made = try database.count(
            """
            SELECT count(*) FROM pg_namespace
            WHERE nspname !~ '^pg_' AND nspname NOT IN ('public', 'information_schema')
            """)
        #expect(made == 0)
    }

    @Test("An edited migration is refused by name")
    func edited() throws {
        let database = try TestDatabase()
        let name = try #require(
            try database.value("SELECT name FROM app.migration WHERE number = 1"))
        try database.execute("UPDATE app.migration SET checksum = 'other' WHERE number = 1")
        for arguments in [["migrate"], ["migrate", "--dry-run"]] {
            let outcome = try Command.run(arguments, on: database)
            #expect(outcome.status != 0)
            #expect(outcome.errorOutput.contains(name), "\(outcome.errorOutput)")
            #expect(outcome.errorOutput.split(separator: "\n").count == 1)
        }
    }

    @Test("A database newer than the program is refused, by serve too")
    func newer() throws {
        let database = try TestDatabase()
        try database.execute(
            """
            INSERT INTO app.migration (number, name, checksum, applied_at)
            VALUES (9999, '9999_future', 'x', now())
            """)
        let outcome = try Command.run(["migrate"], on: database)
        #expect(outcome.status != 0)
        #expect(outcome.errorOutput.contains("9999"), "\(outcome.errorOutput)")
    }

    @Test("Two migrators at once: one does it, the other loses cleanly or finds nothing to do")
    func race() throws {
        let database = try TestDatabase(empty: true)
        let outcomes = try concurrently(4) { _ in try Command.run(["migrate"], on: database) }
        #expect(outcomes.contains { $0.status == 0 })
        for outcome in outcomes where outcome.status != 0 {
            #expect(outcome.errorOutput.split(separator: "\n").count == 1, "\(outcome.errorOutput)")
            #expect(!outcome.errorOutput.contains("ERROR"), "\(outcome.errorOutput)")
        }
        #expect(try Command.run(["migrate"], on: database).output.contains("othing to do"))
        #expect(try database.count("SELECT count(*) FROM http.gateway_routes()") > 10)
    }

    @Test("A failing migration leaves nothing behind")
    func failure() throws {
        let database = try TestDatabase(empty: true)
        // Something of the house's name that is not the house's.
        try database.execute("CREATE SCHEMA app; CREATE TABLE app.account (id int)")
        let outcome = try Command.run(["migrate"], on: database)
        #expect(outcome.status != 0)
        #expect(!outcome.errorOutput.isEmpty)
        #expect(try database.value("SELECT to_regclass('app.session')::text") == nil)
        #expect(try database.value("SELECT to_regnamespace('http')::text") == nil)
    }

    @Test("Changed code is rebuilt under a running server, which serves on")
    func underLoad() throws {
        try withServer { server in
            let token = try Person().signUp(at: server)
            let client = server.client
            let codes = Collected<Int?>()
            let load = Background(threads: 4) { _, _ in
                codes.append((try? client.get(Path.me, token: token))?.code)
            }
            for _ in 0..<3 {
                try server.database.execute("UPDATE app.build SET checksum = 'old'")
                let outcome = try Command.run(["migrate"], on: server.database)
                #expect(outcome.status == 0, "\(outcome.errorOutput)")
            }
            load.stop()
            let answers = codes.all
            #expect(answers.count > 50)
            #expect(answers.filter { $0 != 200 }.isEmpty, "\(Set(answers.filter { $0 != 200 }))")
        }
    }

    @Test("serve on a database that was not migrated is not ready, or says so in one line")
    func unmigrated() throws {
        let database = try TestDatabase(empty: true)
        do {
            let outcome = try Command.run(
                ["serve"], on: database,
                variables: ["PORT": "\(Ports.free())", "MAIL_DIR": NSTemporaryDirectory()])
            #expect(outcome.status != 0)
            #expect(outcome.errorOutput.contains("migrate"), "\(outcome.errorOutput)")
        } catch is ChildProcess.Failure {
            Issue.record("still running after 30 s")
        }
    }
}
