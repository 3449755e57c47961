import Foundation
import Testing

/// Bodies that are not what they say they are: a 400 of the contract's style, and the server goes on.
@Suite("Bad bodies", .server)
struct BadBodyTests {
    let server = TestServer.current
    let client = TestServer.current.client

    /// A body and what it is called.
    struct Body: Sendable {
        let name: String
        let bytes: [UInt8]

        init(_ name: String, _ text: String) {
            self.name = name
            bytes = Array(text.utf8)
        }

        /// A JSON string in which these bytes stand.
        init(_ name: String, around middle: [UInt8]) {
            self.name = name
            bytes = Array(#"{"user":{"email":"a"#.utf8) + middle + Array(#""}}"#.utf8)
        }

        init(_ name: String, raw: [UInt8]) {
            self.name = name
            bytes = raw
        }
    }

    /// No JSON object in UTF-8 that could be kept.
    static let malformed: [Body] = [
        Body("an open brace", "{"),
        Body("a member without value", #"{"user":}"#),
        Body("a trailing comma", #"{"user":{"email":"a@example.com",},}"#),
        Body("single quotes", "{'user':1}"),
        Body("something behind", #"{"user":{}}x"#),
        Body("two objects", "{}{}"),
        Body("NaN", #"{"user":NaN}"#),
        Body("a comment", "{}//"),
        Body("a control character in a string", "{\"user\":\"a\nb\"}"),
        Body("NUL as an escape", #"{"user":{"email":"a\u0000b@example.com","password":"secret"}}"#),
        Body("NUL in a name", #"{"us\u0000er":1}"#),
        Body("a high surrogate alone", #"{"user":{"email":"\ud800","first_name":"\ud83d"}}"#),
        Body("a low surrogate alone", #"{"user":{"email":"\udc00"}}"#),
        Body("surrogates the wrong way round", #"{"user":{"email":"\ude00\ud83d"}}"#),
        Body("a bad escape", #"{"user":"\x41"}"#),
        Body("10,000 arrays", nested(10_000, "[", "")),
        Body("10,000 closed arrays", #"{"user":"# + nested(10_000, "[", "]") + "}"),
        Body("10,000 objects", nested(10_000, #"{"a":"#, "}", around: "1")),
        Body("65 levels in a field nobody reads", #"{"x":"# + nested(65, "[", "]") + "}"),
        Body("an array", "[]"),
        Body("a string", #""user""#),
        Body("a number", "5"),
        Body("true", "true"),
        Body("null", "null"),
        Body("a number beyond every type", #"{"user":1e999999999}"#),
        Body("a very long number", #"{"user":"# + nested(50_000, "9", "") + "e99999}"),
        Body("a raw NUL", around: [0]),
        Body("only a NUL", raw: [0]),
        Body("bytes that are not UTF-8", around: [0xff, 0xfe]),
        Body("an overlong slash", around: [0xc0, 0xaf]),
        Body("a surrogate in UTF-8", around: [0xed, 0xa0, 0x80]),
        Body("beyond U+10FFFF", around: [0xf4, 0x90, 0x80, 0x80]),
        Body("a character cut short", around: [0xe2, 0x82]),
        Body("UTF-16", raw: [0xff, 0xfe, 0x7b, 0, 0x7d, 0]),
    ]

    private static func nested(
        _ depth: Int, _ open: String, _ close: String, around middle: String = ""
    ) -> String {
        String(repeating: open, count: depth) + middle + String(repeating: close, count: depth)
    }

    /// JSON objects in which something has a type that nothing there may have.
    static let wrongTypes = [
        #"{"user":5}"#, #"{"user":"x"}"#, #"{"user":[]}"#, #"{"user":[{"email":"a@example.com"}]}"#,
        #"{"user":true}"#, #"{"user":null}"#,
        #"{"user":{"email":{"a":1},"password":{"a":1},"first_name":{"a":1}}}"#,
        #"{"user":{"email":["a"],"password":["secret"],"first_name":["a"]}}"#,
        #"{"user":{"email":true,"password":false,"first_name":true}}"#,
        #"{"user":{"email":1.5,"password":1e2,"first_name":-1}}"#,
        #"{"user":{"email":1e400,"password":1e400,"first_name":1e400}}"#,
        #"{"user":{"email":null,"password":null,"first_name":null,"dob":1}}"#,
        #"{"confirmation_token":{"a":1},"reset_token":["a"],"password":{"a":1},"user":{}}"#,
        #"{"confirmation_token":5.5,"reset_token":true,"password":1e3,"user":{}}"#,
    ]

    @Test("A malformed body", arguments: Path.posts)
    func malformedBodies(_ path: String) throws {
        let token = try Person().signUp(at: server)
        let pid = server.pid
        var otherwise: [String] = []
        for body in Self.malformed {
            let name = body.name
            for key in [nil, "key \(name)".replacingOccurrences(of: " ", with: "-")] {
                let answer = try client.request(
                    "POST", path,
                    [("X-Access-Token", token)] + (key.map { [("Idempotency-Key", $0)] } ?? []),
                    body: body.bytes)
                if answer.status != 200 || answer.code != 400 || answer.errorCode != "BAD_REQUEST" {
                    otherwise.append("\(name): \(answer.text)")
                }
            }
        }
        #expect(otherwise == [], "not refused as malformed")
        #expect(try client.get(Path.me, token: token).code == 200, "nothing came of it")
        #expect(server.isReady)
        #expect(server.pid == pid && server.isRunning)
    }

    @Test("A wrong type", arguments: Path.posts.filter { $0 != Path.logout })
    func wrongTypes(_ path: String) throws {
        let token = try Person().signUp(at: server)
        for body in Self.wrongTypes {
            let answer = try client.post(path, body, token: token)
            #expect(answer.status == 200, "\(body)")
            #expect(answer.code == 400, "\(body): \(answer.text)")
        }
        #expect(try client.get(Path.me, token: token).code == 200, "nothing came of it")
        #expect(server.isReady)
    }

    @Test("Bytes beyond ASCII in the head are refused or ignored, and harm nothing")
    func headBytes() throws {
        for bytes: [UInt8] in [
            [0xff, 0xfe], [0xc3, 0xa9], [0xed, 0xa0, 0x80], Array("%00".utf8),
        ] {
            for name in [
                "X-Access-Token", "Idempotency-Key", "User-Agent", "Cookie", "X-Forwarded-For",
            ] {
                let wire = try Wire(port: client.port)
                // Somebody else each time: wrong passwords of one name add up to a lock.
                let body = Array(Person("head").credentials.utf8)
                let head = "POST \(Path.login) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                let length = "\r\nContent-Length: \(body.count)\r\n\r\n"
                try wire.send(
                    Array((head + name + ": sessionid=").utf8) + bytes + Array(length.utf8) + body)
                let answer = try wire.answer()
                let meant = answer.code ?? answer.status
                #expect([400, 401].contains(meant), "\(name) \(bytes): \(answer.text)")
            }
        }
        for target in [
            "/api/v1/user/profile/me?x=%ff", "/api/v1/user/profile/me?%00=1",
            "/api/v1/user/registration/confirm?confirmation_token=%ff%fe",
            "/api/v1/user/registration/confirm?confirmation_token=%00",
            "/api/v1/user/registration/confirm?confirmation_token[a][b]=1",
            "/api/v1/user/registration/confirm?confirmation_token=%ed%a0%80",
            "/api/v1/user/profile/%ff", "/api/v1/user/profile/%00", "/api/v1/user/profile/%zz",
        ] {
            let answer = try client.get(target)
            let meant = answer.code ?? answer.status
            #expect([400, 401, 404].contains(meant), "\(target): \(answer.text)")
        }
        #expect(server.isReady)
    }
}
