import Foundation
import Testing

/// How credentials and bodies may travel.
@Suite("Credentials and bodies", .server)
struct CarrierTests {
    let server = TestServer.current
    let client = TestServer.current.client

    @Test("A session's token is taken from four places, the first one present wins")
    func credentials() throws {
        let person = Person()
        let token = try person.signUp(at: server)
        func code(_ fields: [(String, String)]) throws -> Int? {
            try client.request("GET", Path.me, fields).code
        }
        let carriers = [
            ("Authorization", "Bearer \(token)"), ("X-Access-Token", token),
            ("access_token", token), ("Cookie", "sessionid=\(token)"),
        ]
        for carrier in carriers { #expect(try code([carrier]) == 200, "\(carrier.0)") }
        #expect(try code([("Authorization", "bearer \(token)")]) == 200)
        #expect(try code([("Cookie", "theme=dark; sessionid=\(token); other=1")]) == 200)

        let wrong = [
            ("Authorization", "Bearer wrong"), ("X-Access-Token", "wrong"),
            ("access_token", "wrong"), ("Cookie", "sessionid=wrong"),
        ]
        for first in 0..<4 {
            for second in (first + 1)..<4 {
                // On the wire in either order: the place decides, not the position.
                #expect(try code([carriers[first], wrong[second]]) == 200)
                #expect(try code([wrong[second], carriers[first]]) == 200)
                #expect(try code([wrong[first], carriers[second]]) == 401)
                #expect(try code([carriers[second], wrong[first]]) == 401)
            }
        }
        #expect(try client.get(Path.me + "?access_token=\(token)").code == 401)
    }

    @Test("A token that is not valid: ACCESS_TOKEN_INVALID")
    func invalidTokens() throws {
        for token in [nil, "", "x", String(repeating: "A", count: 43), "ÿ\u{1F600}", "a b", "'--"] {
            let answer = try client.get(Path.me, token: token)
            #expect(answer.status == 200)
            #expect(answer.code == 401)
            #expect(answer.errorCode == "ACCESS_TOKEN_INVALID")
        }
    }

    @Test("Endpoints that need no session ignore a token that is not valid")
    func ignoredToken() throws {
        let person = Person()
        try person.signUp(at: server)
        #expect(try client.post(Path.login, person.credentials, token: "wrong").code == 200)
    }

    @Test("A form says the same as JSON", arguments: ["urlencoded", "multipart"])
    func forms(_ encoding: String) throws {
        let person = Person()
        try person.signUp(at: server)
        let form = Form([("user[email]", person.email), ("user[password]", person.password)])
        let answer = try send(form, encoding, to: Path.login)
        #expect(answer.code == 200)
        #expect(try answer.json()["user"]?["email"] == .string(person.email))

        let wrong = Form([("user[email]", person.email), ("user[password]", "wr+ong &%=ü")])
        #expect(try send(wrong, encoding, to: Path.login).code == 401)
    }

    @Test(
        "Characters beyond ASCII arrive as they were sent", arguments: ["urlencoded", "multipart"])
    func formCharacters(_ encoding: String) throws {
        let person = Person()
        let token = try person.signUp(at: server)
        let form = Form([
            ("user[first_name]", "Zoë & 100%"), ("user[last_name]", "Ślązak+=;\"'\\"),
            ("user[dob]", "1990-01-01"), ("user[gender]", "other"), ("user[country]", "PL"),
            ("user[contact_number]", "+48 (1) 2"),
        ])
        let answer = try send(form, encoding, to: Path.update, token: token)
        #expect(answer.code == 200, "\(answer)")
        let user = try client.get(Path.me, token: token).json()["user"]
        #expect(user?["first_name"] == .string("Zoë & 100%"))
        #expect(user?["last_name"] == .string("Ślązak+=;\"'\\"))
        #expect(user?["contact_number"] == .string("+48 (1) 2"))
    }

    @Test("A form that is not what it says: a 400")
    func brokenForms() throws {
        for (type, body) in [
            ("application/x-www-form-urlencoded", "user[email]=%zz"),
            ("application/x-www-form-urlencoded", "user[email]=%ff%fe"),
            ("application/x-www-form-urlencoded", "user[email]=%00"),
            ("application/x-www-form-urlencoded", "user=1&user[email]=x"),
            ("application/x-www-form-urlencoded", "user[[email]=x&user[email=x"),
            ("multipart/form-data", "--x\r\n\r\n--x--\r\n"),
            ("multipart/form-data; boundary=x", "no boundary at all"),
            (
                "multipart/form-data; boundary=x",
                "--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x"
            ),
            (
                "multipart/form-data; boundary=x",
                "--x\r\nContent-Disposition: form-data; name=\"user[email]\"\r\n\r\nnever ended"
            ),
        ] {
            let answer = try client.request(
                "POST", Path.login, [("Content-Type", type)], body: Array(body.utf8))
            #expect(answer.status == 200, "\(type) \(body)")
            #expect(answer.code == 400, "\(type) \(body)")
        }
        let deep = "user" + String(repeating: "[a]", count: 10_000) + "=1"
        let answer = try client.request(
            "POST", Path.login, [("Content-Type", "application/x-www-form-urlencoded")],
            body: Array(deep.utf8))
        #expect(answer.code == 400)
        #expect(server.isRunning)
    }

    @Test("JSON without Content-Type is taken as JSON; no body is {}")
    func untypedBody() throws {
        let person = Person()
        try person.signUp(at: server)
        let wire = try Wire(port: client.port)
        let body = Array(person.credentials.utf8)
        try wire.send(
            Array(
                "POST \(Path.login) HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.count)\r\n\r\n"
                    .utf8)
                + body)
        #expect(try wire.answer().code == 200)
        let empty = try client.request("POST", Path.register)
        #expect(empty.code == 400)
        #expect(empty.errorCode == "BAD_PARAMETERS")
        #expect(empty.wrongFields.contains("email"))
    }

    private func send(
        _ form: Form, _ encoding: String, to path: String, token: String? = nil
    ) throws -> Answer {
        let (type, body) = encoding == "multipart" ? form.multipart : form.urlencoded
        return try client.request(
            "POST", path, [("Content-Type", type)] + (token.map { [("X-Access-Token", $0)] } ?? []),
            body: body)
    }
}

/// Name and value pairs, in the two encodings.
private struct Form {
    let pairs: [(String, String)]

    init(_ pairs: [(String, String)]) { self.pairs = pairs }

    var urlencoded: (type: String, body: [UInt8]) {
        func coded(_ text: String) -> String {
            text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        }
        let body = pairs.map { "\(coded($0.0))=\(coded($0.1))" }.joined(separator: "&")
        return ("application/x-www-form-urlencoded", Array(body.utf8))
    }

    var multipart: (type: String, body: [UInt8]) {
        let boundary = "----boundary0123456789"
        let parts = pairs.map {
            "--\(boundary)\r\nContent-Disposition: form-data; name=\"\($0.0)\"\r\n\r\n\($0.1)\r\n"
        }
        let body = parts.joined() + "--\(boundary)--\r\n"
        return ("multipart/form-data; boundary=\"\(boundary)\"", Array(body.utf8))
    }
}
