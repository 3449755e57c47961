import Foundation
import Glibc
import Testing

@Suite("Shutdown")
struct ShutdownTests {
    @Test("SIGTERM with a hundred requests under way: each gets its whole answer, exit 0")
    func graceful() throws {
        try withServer { server in
            let route = AddedRoute(
                name: "slow",
                answer: "json_build_object('http_status_code', 200, 'pad', repeat('x', 20000))",
                statements: "PERFORM pg_sleep(0.05);")
            try route.add(to: server)
            let target = route.path
            let idle = try Wire(port: server.port)
            try idle.send(Client.bytes("GET", "/healthz"))
            #expect(try idle.answer().status == 200)

            let port = server.port
            let crowd = Collected<Answer?>()
            let clients = Background(threads: 100) { _, round in
                guard round == 0 else {
                    usleep(10_000)
                    return
                }
                crowd.append(
                    try? {
                        let wire = try Wire(port: port, timeOut: 30)
                        try wire.send(Client.bytes("GET", target))
                        return try wire.answer()
                    }())
            }
            // All sent, none of the slow ones likely to be over.
            usleep(300_000)
            let already = crowd.all.count
            #expect(already < 100)
            let status = server.stop(seconds: 30)
            clients.stop()
            #expect(status == 0, "\(server.log)")
            let answers = crowd.all.compactMap { $0 }
            #expect(answers.count == 100)
            #expect(answers.allSatisfy { $0.code == 200 })
            #expect(idle.isClosed(within: 2))
            #expect(throws: Wire.Failure.self) { try Wire(port: port) }
        }
    }

    @Test("SIGTERM with nothing to do: at once, exit 0, and nothing left on the database")
    func idle() throws {
        try withServer { server in
            let started = Date()
            #expect(server.stop() == 0)
            #expect(Date().timeIntervalSince(started) < 5)
            let connections = try holds(within: 3) {
                try server.database.count(
                    """
                    SELECT count(*) FROM pg_stat_activity
                    WHERE datname = current_database() AND pid <> pg_backend_pid()
                        AND backend_type = 'client backend'
                    """) == 0
            }
            #expect(connections)
        }
    }

    @Test("A wrong setting is one line that names the variable, exit 2")
    func wrongSettings() throws {
        let database = try TestDatabase()
        for (variable, value) in [
            ("PORT", "http"), ("PORT", "70000"), ("HOST", "not an address"), ("LOG_LEVEL", "loud"),
            ("COOKIE_SECURE", "perhaps"), ("PUBLIC_URL", "ftp//nowhere"),
            ("MAIL_DIR", "/dev/null/mail"), ("QUEUE_LIMIT", "0"), ("BODY_TIMEOUT", "-1"),
            ("DATABASE_URL", "postgres://[half"),
        ] {
            let outcome = try Command.run(["serve"], on: database, variables: [variable: value])
            #expect(outcome.status == 2, "\(variable)=\(value)")
            let lines = outcome.errorOutput.split(separator: "\n")
            #expect(lines.count == 1, "\(variable)=\(value): \(outcome.errorOutput)")
            #expect(lines.first?.contains(variable) == true, "\(outcome.errorOutput)")
        }
    }

    @Test("rapport --help names the commands; an unknown command is exit 2")
    func help() throws {
        let help = try Command.run(["--help"])
        #expect(help.status == 0)
        for command in [
            "migrate", "serve", "status", "sweep", "group-creator", "routes", "maintenance",
        ] {
            #expect(help.output.contains(command), "\(command)")
        }
        let unknown = try Command.run(["fly"])
        #expect(unknown.status == 2)
        #expect(unknown.errorOutput.contains("fly"))
    }
}
