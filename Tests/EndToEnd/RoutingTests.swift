import Foundation
import Testing

@Suite("Routing", .server)
struct RoutingTests {
    let client = TestServer.current.client

    @Test(
        "An unknown path below a dsrt prefix: 200 on the wire, 404 in the body",
        arguments: [
            "authentication", "registration", "profile", "password", "friendship", "death_notice",
        ])
    func unknownDsrtPath(_ space: String) throws {
        for target in ["/api/v1/user/\(space)/nothing", "/api/v1/user/\(space)/nothing/at/all?x=1"]
        {
            let answer = try client.get(target)
            #expect(answer.status == 200)
            #expect(answer.code == 404)
            #expect(answer.errorCode == "ENDPOINT_NOT_EXISTS")
            #expect(answer.field("Content-Type") == "application/json; charset=utf-8")
        }
    }

    @Test("An unknown path elsewhere: the style of the longest matching space")
    func unknownPathElsewhere() throws {
        let gather = try client.get("/api/v1/nothing")
        #expect(gather.status == 404)
        #expect(try gather.json()["status"] == .string("failed"))
        #expect(try gather.json()["error_code"]?.int == 107)
        #expect(try gather.json()["desc"]?.string != nil)

        let underUser = try client.get("/api/v1/user/nothing")
        #expect(underUser.status == 404)
        #expect(try underUser.json()["status"] == .string("failed"))

        let companion = try client.get("/api/user/nothing")
        #expect(companion.status == 404)
        #expect(try companion.json()["success"] == .bool(false))
        #expect(try companion.json()["reason"]?["code"] == .string("NOT_FOUND"))
        #expect(try companion.json()["reason"]?["message"]?.string != nil)

        for target in ["/nothing", "/", "/api", "/api/v2/user", "/api/userx"] {
            let exchange = try client.get(target)
            #expect(exchange.status == 404, "\(target)")
            #expect(try exchange.json()["message"]?.string != nil, "\(target)")
        }
    }

    @Test("A wrong method of a dsrt route: 405 in the body, and Allow")
    func wrongDsrtMethod() throws {
        for method in ["GET", "PUT", "DELETE", "PATCH"] {
            let answer = try client.request(method, Path.login)
            #expect(answer.status == 200, "\(method)")
            #expect(answer.code == 405, "\(method)")
            #expect(answer.errorCode == "ENDPOINT_NOT_EXISTS", "\(method)")
            #expect(allowed(answer) == ["OPTIONS", "POST"], "\(method)")
        }
        let answer = try client.post(Path.me, "{}")
        #expect(answer.code == 405)
        #expect(allowed(answer) == ["GET", "HEAD", "OPTIONS"])
    }

    @Test("A wrong method elsewhere: 405 on the wire, and Allow")
    func wrongMethod() throws {
        let answer = try client.post("/healthz", "{}")
        #expect(answer.status == 405)
        #expect(allowed(answer).contains("GET"))
        #expect(try answer.json()["message"]?.string != nil)

        let gather = try client.post("/api/v1/error_codes", "{}")
        #expect(gather.status == 405)
        #expect(allowed(gather) == ["GET", "HEAD", "OPTIONS"])
        #expect(try gather.json()["error_code"]?.int == 191)
    }

    @Test("404 and 405 come before 401")
    func orderOfRefusals() throws {
        #expect(try client.get("/api/v1/user/profile/nothing", token: "wrong").code == 404)
        #expect(try client.post(Path.me, "{}", token: "wrong").code == 405)
        #expect(try client.get(Path.me, token: "wrong").code == 401)
    }

    @Test("HEAD answers as GET, without the body")
    func head() throws {
        let get = try client.get(Path.me)
        let wire = try Wire(port: client.port)
        try wire.send(Client.bytes("HEAD", Path.me))
        let head = try wire.answer(to: "HEAD")
        #expect(head.status == get.status)
        #expect(head.field("Content-Type") == get.field("Content-Type"))
        #expect(head.field("Content-Length") == get.field("Content-Length"))
        // Whatever followed the head would be taken for the next answer.
        try wire.send(Client.bytes("GET", "/healthz"))
        #expect(try wire.answer().status == 200)

        let unknown = try client.request("HEAD", "/nothing")
        #expect(unknown.status == 404)
        #expect(unknown.body.isEmpty)
    }

    @Test("OPTIONS answers 204 with Allow and the CORS fields")
    func options() throws {
        let answer = try client.request(
            "OPTIONS", Path.login,
            [
                ("Origin", "https://app.example.com"), ("Access-Control-Request-Method", "POST"),
                ("Access-Control-Request-Headers", "content-type,x-access-token"),
            ])
        #expect(answer.status == 204)
        #expect(answer.body.isEmpty)
        #expect(allowed(answer) == ["OPTIONS", "POST"])
        // A browser refuses an answer that has it twice.
        let origins = answer.fields.filter { $0.name.lowercased() == "access-control-allow-origin" }
        #expect(origins.map(\.value) == ["*"])
        #expect(answer.field("Access-Control-Allow-Methods")?.contains("POST") == true)
        let headers = answer.field("Access-Control-Allow-Headers")?.lowercased() ?? ""
        for name in ["content-type", "authorization", "x-access-token", "idempotency-key"] {
            #expect(headers.contains(name), "\(name)")
        }
        let read = try client.request("OPTIONS", Path.me)
        #expect(allowed(read) == ["GET", "HEAD", "OPTIONS"])
    }

    @Test("A browser may read the answers")
    func crossOriginAnswer() throws {
        let answer = try client.request(
            "GET", Path.me, [("Origin", "https://app.example.com")])
        #expect(answer.field("Access-Control-Allow-Origin") != nil)
    }

    @Test("A trailing slash does not matter")
    func trailingSlash() throws {
        let body = #"{"user":{"email":"nobody@example.com","password":"secret"}}"#
        let plain = try client.post(Path.login, body)
        let slash = try client.post(Path.login + "/", body)
        #expect(plain.code == 401)
        #expect(slash.text == plain.text)
        #expect(try client.get(Path.me + "/").code == 401)
        #expect(try client.get("/healthz/").status == 200)
        #expect(try client.get(Path.me + "/more").code == 404)
    }

    @Test("Percent-coding in a path is decoded once, and never into another path")
    func percentCoding() throws {
        #expect(try client.get("/api/v1/user/profile/%6De").code == 401)
        #expect(try client.get("/api/v1/user/profile%2Fme").code != 401)
        #expect(try client.get("/api/v1/user/profile/%256De").code == 404)
        #expect(try client.get("/api/v1/user/profile/../profile/me").code != 200)
    }

    @Test("The absolute form of a target names the same path")
    func absoluteForm() throws {
        let answer = try client.request("GET", "http://localhost\(Path.me)")
        #expect(answer.code == 401)
    }

    @Test("An Accept that excludes JSON: 406")
    func notAcceptable() throws {
        for accept in ["image/png", "text/html, image/*", "application/json;q=0", "*/*;q=0"] {
            let answer = try client.request("GET", Path.me, [("Accept", accept)])
            #expect(answer.status == 200, "\(accept)")
            #expect(answer.code == 406, "\(accept)")
            #expect(answer.errorCode == "NOT_ACCEPTABLE", "\(accept)")
        }
        for accept in [
            "*/*", "application/json", "application/*;q=0.1", "text/html, */*;q=0.8",
            "application/json; charset=utf-8", "image/png, application/json",
        ] {
            #expect(
                try client.request("GET", Path.me, [("Accept", accept)]).code == 401, "\(accept)")
        }
    }

    @Test("A body of another type: 415, which dsrt tells as 400 BAD_REQUEST")
    func unsupportedType() throws {
        for type in ["text/plain", "application/xml", "application/octet-stream"] {
            let answer = try client.request(
                "POST", Path.login, [("Content-Type", type)], body: Array("{}".utf8))
            #expect(answer.status == 200, "\(type)")
            #expect(answer.code == 400, "\(type)")
            #expect(answer.errorCode == "BAD_REQUEST", "\(type)")
        }
    }

    private func allowed(_ answer: Answer) -> Set<String> {
        Set(
            (answer.field("Allow") ?? "").split(separator: ",")
                .map { $0.trimmingCharacters(in: .whitespaces) })
    }
}
