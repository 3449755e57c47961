import Foundation
import Postgres
import Testing

/// What operators look at.
@Suite("Operations", .server)
struct OperationsTests {
    let server = TestServer.current
    let client = TestServer.current.client

    @Test("/healthz and /readyz answer 200")
    func health() throws {
        for target in ["/healthz", "/readyz"] {
            let answer = try client.get(target)
            #expect(answer.status == 200, "\(target)")
            #expect(try client.request("HEAD", target).status == 200, "\(target)")
        }
    }

    @Test("/metrics is valid Prometheus text, and its counters move")
    func metrics() throws {
        let before = try Exposition(client.get("/metrics"))
        for _ in 0..<7 { _ = try client.get(Path.me) }
        let after = try Exposition(client.get("/metrics"))
        #expect(before.problems == [])
        #expect(after.problems == [])
        let grown = after.counters.filter { name, value in
            name.contains("request") && value >= (before.counters[name] ?? 0) + 7
        }
        #expect(!grown.isEmpty, "\(after.counters)")
        for (name, value) in before.counters {
            #expect((after.counters[name] ?? -1) >= value, "\(name) went back")
        }
        #expect(
            after.counters.contains { $0.key.contains("dsrt_v1.me") }, "a series for the route")
    }

    @Test("/openapi.json is OpenAPI 3.1 and knows every route")
    func openAPI() throws {
        let answer = try client.get("/openapi.json")
        #expect(answer.status == 200)
        let document = try answer.json()
        #expect(document["openapi"]?.string?.hasPrefix("3.1") == true)
        #expect(document["info"]?["title"]?.string != nil)
        #expect(document["info"]?["version"]?.string != nil)
        let routes = try server.database.rows(
            "SELECT lower(method), template FROM http.gateway_routes()")
        #expect(routes.count > 10)
        for route in routes {
            let template = route[1] ?? ""
            let operation = document["paths"]?[template]?[route[0] ?? ""]
            #expect(operation != nil, "\(route)")
            #expect(operation?["responses"]?.names?.isEmpty == false, "\(route)")
            if template.contains("{") {
                #expect(operation?["parameters"]?.array?.isEmpty == false, "\(route)")
            }
        }
        var references: Set<String> = []
        collect(document, into: &references)
        for reference in references {
            #expect(reference.hasPrefix("#/"))
            let target = reference.dropFirst(2).split(separator: "/")
                .reduce(Optional(document)) { $0?[String($1)] }
            #expect(target != nil, "\(reference) leads nowhere")
        }
    }

    @Test("rapport routes lists what the server serves")
    func routes() throws {
        let outcome = try Command.run(["routes"], on: server.database)
        #expect(outcome.status == 0)
        for row in try server.database.rows("SELECT method, template FROM http.gateway_routes()") {
            let line = outcome.output.split(separator: "\n").contains {
                $0.contains(row[0] ?? "?") && $0.contains(row[1] ?? "?")
            }
            #expect(line, "\(row)")
        }
    }

    @Test("rapport sweep removes what has expired, and nothing else")
    func sweep() throws {
        let late = Person("late")
        let recent = Person("recent")
        for person in [late, recent] {
            #expect(try client.post(Path.register, person.registration).code == 200)
        }
        let old = try Person("old").signUp(at: server)
        try server.database.rows(
            """
            WITH aged AS (
                UPDATE app.account
                SET created_at = created_at - interval '8 days',
                    pending_until = pending_until - interval '8 days'
                WHERE email = $1 OR email LIKE 'old.%' RETURNING id)
            UPDATE app.mailed_token AS t
            SET created_at = t.created_at - interval '8 days',
                expires_at = t.expires_at - interval '8 days'
            FROM aged WHERE aged.id = t.account_id
            """, [late.email])
        #expect(try Command.run(["sweep"], on: server.database).status == 0)
        #expect(try client.post(Path.register, recent.registration).wrongFields == ["email"])
        #expect(try client.post(Path.register, late.registration).code == 200)
        #expect(try client.get(Path.me, token: old).code == 200)
    }

    @Test("/docs is a page for people")
    func docs() throws {
        let answer = try client.get("/docs")
        #expect(answer.status == 200)
        #expect(answer.field("Content-Type")?.hasPrefix("text/html") == true)
        #expect(answer.text.contains("openapi.json"))
    }

    @Test("A request id is in the answer, in the access log and on the database side")
    func requestID() throws {
        let person = Person()
        let answer = try client.post(Path.register, person.registration)
        let id = try #require(answer.field("X-Request-Id"))
        let line = try #require(server.waitForLogLine(containing: id))
        let record = try JSON.parse(line)
        guard case .object = record else {
            Issue.record("not one JSON object: \(line)")
            return
        }
        #expect(line.contains(Path.register) || line.contains("dsrt_v1.register"), "\(line)")
        #expect(line.contains("POST"), "\(line)")
        let audited = try server.database.count(
            "SELECT count(*) FROM app.audit WHERE request_id = $1", [id])
        #expect(audited >= 1)
        let mailed = try server.database.value(
            "SELECT request_id FROM app.mail WHERE recipient = $1", [person.email])
        #expect(mailed == id)
        let other = try client.get(Path.me).field("X-Request-Id")
        #expect(other != nil && other != id)
    }

    @Test("While a request writes, its id is the application_name of its connection")
    func applicationName() throws {
        let person = Person()
        let token = try person.signUp(at: server)
        let blocker = try server.database.connect()
        try blocker.execute("BEGIN")
        _ = try blocker.query(
            "SELECT id FROM app.account WHERE email = $1 FOR UPDATE", [person.email])
        let client = client
        let answers = Collected<Answer>()
        let update = Background(threads: 1) { _, round in
            guard round == 0 else { return }
            let body =
                #"{"user":{"first_name":"A","dob":"1990-01-01","gender":"male","country":"US"}}"#
            if let answer = try? client.post(Path.update, body, token: token) {
                answers.append(answer)
            }
        }
        let waiting = try eventually(within: 4) {
            try server.database.value(
                """
                SELECT application_name FROM pg_stat_activity
                WHERE datname = current_database() AND wait_event_type = 'Lock'
                """)
        }
        try blocker.execute("COMMIT")
        update.stop()
        let answer = try #require(answers.all.first)
        #expect(answer.code == 200)
        #expect(waiting != nil && waiting == answer.field("X-Request-Id"))
    }

    @Test("Every line of the access log is one JSON object")
    func accessLog() throws {
        _ = try client.request("GET", "/strange\"path\\?x=\"y\"", [("User-Agent", "a\"b\\c\td")])
        _ = try client.get("/%0a%22%00")
        let last = try client.get("/last-of-the-log")
        let id = try #require(last.field("X-Request-Id"))
        #expect(server.waitForLogLine(containing: id) != nil)
        for line in server.log.split(separator: "\n") where line.hasPrefix("{") {
            #expect(throws: Never.self, "\(line)") { try JSON.parse(String(line)) }
        }
    }

    private func collect(_ value: JSON, into references: inout Set<String>) {
        switch value {
        case .object(let members):
            for member in members {
                if member.name == "$ref", let text = member.value.string { references.insert(text) }
                collect(member.value, into: &references)
            }
        case .array(let elements): for element in elements { collect(element, into: &references) }
        default: break
        }
    }
}

/// Prometheus text as scraped, and what is wrong with it.
private struct Exposition {
    /// The value of each series of a counter.
    private(set) var counters: [String: Double] = [:]
    /// Broken rules of the format.
    private(set) var problems: [String] = []

    init(_ answer: Answer) {
        var types: [String: String] = [:]
        var helped: Set<String> = []
        var seen: Set<String> = []
        if answer.field("Content-Type")?.hasPrefix("text/plain") != true {
            problems.append("Content-Type is \(answer.field("Content-Type") ?? "missing")")
        }
        if !answer.text.hasSuffix("\n") { problems.append("no line feed at the end") }
        let sample = #/([a-zA-Z_:][a-zA-Z0-9_:]*)(\{.*\})? (NaN|[+-]Inf|[-+0-9.eE]+)( [0-9]+)?/#
        for line in answer.text.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 3).map(String.init)
            if line.hasPrefix("# HELP ") {
                if !helped.insert(words[2]).inserted { problems.append("HELP twice: \(words[2])") }
            } else if line.hasPrefix("# TYPE ") {
                if types[words[2]] != nil { problems.append("TYPE twice: \(words[2])") }
                types[words[2]] = words[3]
            } else if let match = line.wholeMatch(of: sample) {
                let name = String(match.1)
                let family = ["_bucket", "_sum", "_count", ""].lazy
                    .filter { name.hasSuffix($0) }
                    .map { String(name.dropLast($0.count)) }
                    .first { types[$0] != nil }
                guard let family, helped.contains(family) else {
                    problems.append("no TYPE and HELP before \(line)")
                    continue
                }
                let series = name + (match.2.map(String.init) ?? "")
                if !seen.insert(series).inserted { problems.append("twice: \(series)") }
                if types[family] == "counter" { counters[series] = Double(match.3) }
            } else if !line.hasPrefix("#") {
                problems.append("not a sample: \(line)")
            }
        }
        if types.isEmpty { problems.append("no series at all") }
    }
}
