import Foundation
import Glibc
import Synchronization
import Testing

/// Crashes under load: nothing acknowledged is lost, nothing happens twice, and it goes on.
@Suite("Faults", .serialized)
struct FaultTests {
    @Test("kill -9 of backends of PostgreSQL under load")
    func backend() throws {
        try withLoad { cluster, server, _ in
            for _ in 0..<3 {
                usleep(700_000)
                let backend = try cluster.database.value(
                    """
                    SELECT pid FROM pg_stat_activity
                    WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()
                    ORDER BY state = 'active' DESC LIMIT 1
                    """)
                if let pid = backend.flatMap(pid_t.init) { kill(pid, SIGKILL) }
                #expect(holds(within: 20) { cluster.isUp })
                #expect(servesAgain(server), "within 5 s of the database's return")
            }
        }
    }

    @Test("kill -9 of all of PostgreSQL under load, and its return")
    func database() throws {
        try withLoad { cluster, server, token in
            for _ in 0..<2 {
                usleep(700_000)
                cluster.kill()
                usleep(500_000)
                let answer = try server.client.get(Path.me, token: token)
                #expect(answer.status == 200)
                #expect(answer.code == 503)
                #expect(answer.errorCode == "SERVER_MAINTENANCE")
                #expect(answer.field("Retry-After") != nil)
                #expect(try server.client.get("/readyz").status == 503)
                #expect(try server.client.get("/healthz").status == 200)
                usleep(1_500_000)
                try cluster.start()
                #expect(servesAgain(server), "within 5 s of the database's return")
            }
        }
    }

    @Test("kill -9 of the server under load, and its return")
    func server() throws {
        try withLoad { _, server, _ in
            for _ in 0..<3 {
                usleep(700_000)
                server.kill()
                try server.startAgain()
                #expect(servesAgain(server))
            }
        }
    }

    private func servesAgain(_ server: TestServer) -> Bool {
        let person = Person("again")
        return holds(within: 5) {
            server.isReady
                && (try? server.client.post(Path.register, person.registration))?.code == 200
        }
    }

    /// Runs a body while clients write, then compares what they were told with the database.
    private func withLoad(
        _ body: (_ cluster: TestCluster, _ server: TestServer, _ token: String) throws -> Void
    ) throws {
        let cluster = try TestCluster()
        let migrated = try Command.run(["migrate"], on: cluster.database)
        #expect(migrated.status == 0, "\(migrated.errorOutput)")
        try withServer(database: cluster.database) { server in
            let writers = try (0..<4).map { _ in try Writer(server) }
            let token = try Person().signUp(at: server)
            let load = Background(threads: 8) { thread, round in
                if thread < writers.count {
                    writers[thread].update(round)
                } else {
                    writers[thread - writers.count].register(keyed: thread % 2 == 0)
                }
            }
            do {
                try body(cluster, server, token)
                usleep(700_000)
                load.stop()
            } catch {
                load.stop()
                throw error
            }
            for writer in writers { try writer.compare(with: cluster.database) }
        }
    }
}

/// A client that writes, tries again as clients do, and remembers what it was told.
private final class Writer: Sendable {
    private struct Ledger {
        /// Registrations that were acknowledged.
        var registered: [String] = []
        /// Registrations without key whose answer never came: there once or not at all.
        var unknown: [String] = []
        /// The last number that was acknowledged as written, and the last that was sent.
        var acknowledged = 0
        var sent = 0
        /// Answers that no client should ever have got.
        var strange: [String] = []
    }

    private let client: Client
    private let person: Person
    private let token: String
    private let ledger = Mutex(Ledger())

    init(_ server: TestServer) throws {
        client = server.client
        person = Person("writer")
        token = try person.signUp(at: server)
    }

    /// Writes the next number, again and again with the same key until it is acknowledged.
    func update(_ round: Int) {
        let number = round + 1
        ledger.withLock { $0.sent = number }
        let body = """
            {"user":{"first_name":"John","dob":"1990-01-01","gender":"male","country":"US",\
            "contact_number":"\(number)"}}
            """
        let key = "update-\(person.email)-\(number)"
        if insist({ try $0.post(Path.update, body, token: token, key: key, timeOut: 5) }) {
            ledger.withLock { $0.acknowledged = number }
        }
    }

    /// Registers somebody new: insisting with a key, or once without.
    func register(keyed: Bool) {
        let person = Person("load")
        if keyed {
            let key = "register-\(person.email)"
            if insist({ try $0.post(Path.register, person.registration, key: key, timeOut: 5) }) {
                ledger.withLock { $0.registered.append(person.email) }
            } else {
                ledger.withLock { $0.unknown.append(person.email) }
            }
            return
        }
        let code = try? client.post(Path.register, person.registration, timeOut: 5).code
        ledger.withLock { ledger in
            if code == 200 {
                ledger.registered.append(person.email)
            } else {
                ledger.unknown.append(person.email)
            }
        }
    }

    private func insist(_ attempt: (Client) throws -> Answer) -> Bool {
        holds(within: 30) {
            guard let answer = try? attempt(client) else {
                usleep(20_000)
                return false
            }
            if answer.code == 200 { return true }
            if answer.code != 503 { ledger.withLock { $0.strange.append(answer.text) } }
            usleep(20_000)
            return false
        }
    }

    /// Looks whether the database holds what the answers said, once.
    func compare(with database: TestDatabase) throws {
        let told = ledger.withLock { $0 }
        #expect(Set(told.strange) == [])
        #expect(!told.registered.isEmpty, "\(told)")
        #expect(told.acknowledged > 3, "\(told)")
        let written = try database.value(
            "SELECT contact_number FROM app.account WHERE email = $1", [person.email])
        let number = try #require(written.flatMap(Int.init))
        #expect(number == told.acknowledged || number == told.sent, "\(told)")

        let rows = try database.rows(
            """
            SELECT a.email,
                (SELECT count(*) FROM app.mail AS m WHERE m.account_id = a.id),
                (SELECT count(*) FROM app.audit AS u
                 WHERE u.account_id = a.id AND u.event = 'account.registered')
            FROM app.account AS a
            """)
        var found: [String: (mails: String?, events: String?)] = [:]
        for row in rows {
            #expect(found[row[0] ?? ""] == nil)
            found[row[0] ?? ""] = (row[1], row[2])
        }
        for email in told.registered {
            #expect(found[email]?.mails == "1" && found[email]?.events == "1", "\(email)")
        }
        for email in told.unknown where found[email] != nil {
            #expect(found[email]?.mails == "1" && found[email]?.events == "1", "\(email)")
        }
    }
}
