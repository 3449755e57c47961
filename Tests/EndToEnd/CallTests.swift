import Foundation
import Glibc
import Testing

/// What becomes of a call to the database that is slow, fails or meets another.
@Suite("Calls", .server)
struct CallTests {
    let server = TestServer.current
    let client = TestServer.current.client

    @Test("Slow calls hold up nobody else")
    func slowLane() throws {
        let slow = AddedRoute(
            name: "slow_report", statements: "PERFORM pg_sleep(0.5);", lane: "slow")
        try slow.add(to: server)
        let client = client
        let crowd = Background(threads: 20) { _, round in
            if round == 0 { _ = try? client.get(slow.path) } else { usleep(10_000) }
        }
        usleep(200_000)
        let times = try (0..<21).map { _ in
            let started = Date()
            let answer = try client.get(Path.me)
            #expect(answer.code == 401)
            return Date().timeIntervalSince(started)
        }
        crowd.stop()
        // In one queue with them, half of these would have waited half a second.
        #expect(times.sorted()[10] < 0.25, "\(times)")
    }

    @Test("What a full queue does not take is a 503 with Retry-After, at once")
    func fullQueue() throws {
        let narrow = ["DATABASE_CONNECTIONS": "1", "PIPELINE_DEPTH": "1", "QUEUE_LIMIT": "2"]
        try withServer(narrow) { server in
            let route = AddedRoute(name: "narrow", statements: "PERFORM pg_sleep(0.3);")
            try route.add(to: server)
            let client = server.client
            let answers = try concurrently(20) { _ in try client.get(route.path) }
            let served = answers.filter { $0.code == 200 }
            let refused = answers.filter { $0.code == 503 }
            #expect(served.count + refused.count == 20)
            #expect(served.count >= 3)
            #expect(refused.count >= 10)
            #expect(refused.allSatisfy { $0.field("Retry-After") != nil })
            #expect(try client.get(route.path).code == 200)
        }
    }

    @Test("Thousands of requests sent ahead are each refused in turn while the queue is full")
    func pipelinedRefusals() throws {
        let narrow = ["DATABASE_CONNECTIONS": "1", "PIPELINE_DEPTH": "1", "QUEUE_LIMIT": "1"]
        try withServer(narrow) { server in
            let route = AddedRoute(
                name: "blocking", statements: "PERFORM pg_sleep(3);", timeLimit: 10_000)
            try route.add(to: server)
            let busy = try (0..<2).map { _ in
                let wire = try Wire(port: server.port)
                try wire.send(Client.bytes("GET", route.path))
                usleep(100_000)
                return wire
            }
            let wire = try Wire(port: server.port)
            let count = 5000
            // Less than the system buffers, so that nobody needs to read meanwhile.
            let request = Client.bytes("GET", "/noop")
            try wire.send(Array(repeating: request, count: count).flatMap { $0 })
            for _ in 0..<count {
                let answer = try wire.answer()
                guard answer.status == 503 || answer.status == 200 else {
                    Issue.record("answered \(answer.status)")
                    break
                }
            }
            #expect(server.isRunning)
            for wire in busy { #expect(try wire.answer().code == 200) }
        }
    }

    @Test("Who leaves before the answer stands in the log; what was not begun is dropped")
    func departed() throws {
        try withServer(["DATABASE_CONNECTIONS": "1", "PIPELINE_DEPTH": "1"]) { server in
            let route = AddedRoute(
                name: "departed", statements: "PERFORM pg_sleep(1);", timeLimit: 10_000)
            try route.add(to: server)
            for _ in 0..<10 {
                let wire = try Wire(port: server.port)
                try wire.send(Client.bytes("GET", route.path))
                usleep(20_000)
                wire.reset()
            }
            let started = Date()
            #expect(try server.client.get("/noop").status == 200)
            #expect(Date().timeIntervalSince(started) < 5, "all ten would take ten seconds")
            let isLogged = holds(within: 5) {
                server.logLines(containing: "dsrt_v1.departed")
                    .filter { $0.contains("\"status\":499") }.count == 10
            }
            #expect(isLogged)
        }
    }

    @Test("A call beyond its time limit is given up, in the database too")
    func timeLimit() throws {
        let route = AddedRoute(
            name: "endless", statements: "PERFORM pg_sleep(60);", timeLimit: 300)
        try route.add(to: server)
        let started = Date()
        let answer = try client.get(route.path)
        #expect(Date().timeIntervalSince(started) < 5)
        #expect(answer.code == 503)
        #expect(answer.field("Retry-After") != nil)
        let gone = try holds(within: 3) {
            try server.database.count(
                """
                SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND wait_event = 'PgSleep'
                    AND query LIKE '%endless%'
                """) == 0
        }
        #expect(gone)
        #expect(try client.get(Path.me).code == 401)
    }

    @Test("A bug is a 500 that tells nothing of the database")
    func bug() throws {
        let route = AddedRoute(name: "bug", statements: "PERFORM 1 / 0;")
        try route.add(to: server)
        let answer = try client.get(route.path)
        #expect(answer.status == 200)
        #expect(answer.code == 500)
        #expect(answer.errorCode == "SERVER_ERROR")
        #expect(!answer.description.contains("zero"))
        #expect(try client.get(Path.me).code == 401)
        let id = try #require(answer.field("X-Request-Id"))
        let told = holds(within: 3) {
            server.logLines(containing: id).contains { $0.contains("zero") || $0.contains("22012") }
        }
        #expect(told, "the log tells what happened, under the request's id")
    }

    @Test("A call that lost a conflict is tried again", arguments: ["40001", "40P01"])
    func conflict(_ state: String) throws {
        let name = "conflict_\(state.lowercased())"
        // A sequence goes on counting when the transaction is rolled back.
        try server.database.execute(
            "SET ROLE rapport_owner; CREATE SEQUENCE app.\(name)")
        let route = AddedRoute(
            name: name,
            answer: "json_build_object('http_status_code', 200, 'try', currval('app.\(name)'))",
            statements: """
                IF nextval('app.\(name)') < 3 THEN
                    RAISE EXCEPTION 'lost' USING ERRCODE = '\(state)';
                END IF;
                """,
            method: "POST", volatility: "VOLATILE")
        try route.add(to: server)
        let answer = try client.post(route.path, "{}")
        #expect(answer.code == 200, "\(answer)")
        #expect(try answer.json()["try"]?.int == 3)
    }

    @Test("A conflict that is lost again and again is a 503")
    func endlessConflict() throws {
        let route = AddedRoute(
            name: "hopeless", statements: "RAISE EXCEPTION 'lost' USING ERRCODE = '40001';",
            method: "POST", volatility: "VOLATILE")
        try route.add(to: server)
        let answer = try client.post(route.path, "{}")
        #expect(answer.code == 503)
        #expect(answer.field("Retry-After") != nil)
    }

    @Test("An answer of a megabyte comes whole, also to a client that reads slowly")
    func largeAnswer() throws {
        let route = AddedRoute(
            name: "large",
            answer: "json_build_object('http_status_code', 200, 'pad', repeat('x', 1000000))")
        try route.add(to: server)
        let wire = try Wire(port: client.port)
        try wire.send(Client.bytes("GET", route.path) + Client.bytes("GET", "/healthz"))
        usleep(300_000)
        #expect(try wire.answer().json()["pad"]?.string?.count == 1_000_000)
        #expect(try wire.answer().status == 200)
    }
}
