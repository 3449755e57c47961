import Foundation
import Testing

/// HTTP/1.1 as it goes over a socket.
@Suite("Wire", .server)
struct WireTests {
    let server = TestServer.current
    let client = TestServer.current.client

    @Test("Expect: 100-continue gets its 100 before the body is sent")
    func expectContinue() throws {
        let body = #"{"user":{"email":"nobody@example.com","password":"secret"}}"#
        let wire = try Wire(port: client.port)
        try wire.send(
            "POST \(Path.login) HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                + "Content-Length: \(body.utf8.count)\r\nExpect: 100-continue\r\n\r\n")
        #expect(try wire.answer().status == 100)
        try wire.send(body)
        #expect(try wire.answer().code == 401)
    }

    @Test("Expect: 100-continue for a body that would be refused anyway gets the refusal at once")
    func expectRefused() throws {
        let wire = try Wire(port: client.port)
        try wire.send(
            "POST \(Path.login) HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                + "Content-Length: 99999999\r\nExpect: 100-continue\r\n\r\n")
        let answer = try wire.answer()
        #expect(answer.code == 413)
    }

    @Test("A chunked body, with extensions and trailer fields, is one body")
    func chunkedBody() throws {
        let person = Person()
        try person.signUp(at: server)
        let half = person.credentials.utf8.count / 2
        let bytes = Array(person.credentials.utf8)
        let wire = try Wire(port: client.port)
        try wire.send(
            "POST \(Path.login) HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n")
        try wire.send("\(String(half, radix: 16));name=value\r\n")
        try wire.send(Array(bytes[..<half]) + Array("\r\n".utf8))
        let rest = bytes.count - half
        try wire.send(
            Array("\(String(rest, radix: 16).uppercased())\r\n".utf8) + bytes[half...]
                + Array("\r\n0\r\nX-Checksum: 1\r\n\r\n".utf8))
        #expect(try wire.answer().code == 200)
        try wire.send(Client.bytes("GET", "/healthz"))
        #expect(try wire.answer().status == 200)
    }

    @Test("A request that arrives byte by byte is the same request")
    func byteByByte() throws {
        let wire = try Wire(port: client.port)
        let body = Array(#"{"user":{"email":"nobody@example.com","password":"x"}}"#.utf8)
        for byte in Client.bytes("POST", Path.login, body: body) { try wire.send([byte]) }
        #expect(try wire.answer().code == 401)
    }

    @Test("The limit of a body is exact")
    func bodyLimit() throws {
        let limit = try #require(
            try server.database.value(
                "SELECT body_limit FROM http.gateway_routes() WHERE name = 'dsrt_v1.login'")
        )
        let count = try #require(Int(limit))
        func padded(to size: Int) -> [UInt8] {
            let head = #"{"user":{"email":"nobody@example.com","password":"x"},"pad":""#
            return Array(
                (head + String(repeating: "x", count: size - head.utf8.count - 2) + "\"}").utf8)
        }
        #expect(try client.request("POST", Path.login, body: padded(to: count)).code == 401)
        let answer = try client.request("POST", Path.login, body: padded(to: count + 1))
        #expect(answer.status == 200)
        #expect(answer.code == 413)
        #expect(answer.errorCode == "BAD_REQUEST")

        let wire = try Wire(port: client.port)
        try wire.send(
            "POST \(Path.login) HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n\(String(count + 1, radix: 16))\r\n")
        try? wire.send(padded(to: count + 1) + Array("\r\n0\r\n\r\n".utf8))
        #expect(try wire.answer().code == 413)
    }

    @Test("Pipelined requests are answered in their order, slow ones too")
    func pipelining() throws {
        let person = Person()
        let token = try person.signUp(at: server)
        let wire = try Wire(port: client.port)
        let credential = [("X-Access-Token", token)]
        try wire.send(
            Client.bytes("POST", Path.login, body: Array(person.credentials.utf8))
                + Client.bytes("GET", Path.me, credential)
                + Client.bytes("GET", "/healthz")
                + Client.bytes("HEAD", Path.me, credential)
                + Client.bytes("GET", "/api/v1/user/profile/nothing")
                + Client.bytes("POST", Path.login, body: Array("{".utf8))
                + Client.bytes("GET", Path.me))
        let login = try wire.answer()
        #expect(try login.json()["access_token"]?.string != nil)
        let me = try wire.answer()
        #expect(try me.json()["user"]?["email"] == .string(person.email))
        #expect(try wire.answer().status == 200)
        #expect(try wire.answer(to: "HEAD").status == 200)
        #expect(try wire.answer().code == 404)
        #expect(try wire.answer().code == 400)
        #expect(try wire.answer().code == 401)
    }

    @Test("Two hundred pipelined requests on one connection are all answered")
    func longPipeline() throws {
        let wire = try Wire(port: client.port)
        var bytes: [UInt8] = []
        for number in 0..<200 { bytes += Client.bytes("GET", "/api/v1/user/profile/x\(number)") }
        try wire.send(bytes)
        for _ in 0..<200 { #expect(try wire.answer().code == 404) }
    }

    @Test("Connection: close is answered and done")
    func closing() throws {
        let wire = try Wire(port: client.port)
        try wire.send(Client.bytes("GET", Path.me, [("Connection", "close")]))
        let answer = try wire.answer()
        #expect(answer.code == 401)
        #expect(answer.field("Connection")?.lowercased() == "close")
        #expect(wire.isClosed(within: 5))
    }

    @Test("A client that ends sending still gets its answer")
    func halfClose() throws {
        let wire = try Wire(port: client.port)
        try wire.send(Client.bytes("GET", Path.me))
        wire.endSending()
        #expect(try wire.answer().code == 401)
        #expect(wire.isClosed(within: 5))
    }

    @Test("An HTTP/1.0 client is answered and the connection closed, unless it asks to keep it")
    func oldClient() throws {
        let wire = try Wire(port: client.port)
        try wire.send("GET \(Path.me) HTTP/1.0\r\n\r\n")
        let answer = try wire.answer()
        #expect(answer.code == 401)
        #expect(answer.field("Transfer-Encoding") == nil)
        #expect(wire.isClosed(within: 5))

        let kept = try Wire(port: client.port)
        try kept.send("GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        let first = try kept.answer()
        #expect(first.status == 200)
        if first.field("Connection")?.lowercased() == "keep-alive" {
            try kept.send("GET /healthz HTTP/1.0\r\n\r\n")
            #expect(try kept.answer().status == 200)
        }
        #expect(kept.isClosed(within: 5))
    }

    @Test("What two servers could read differently is refused and the connection closed")
    func smuggling() throws {
        let post = "POST / HTTP/1.1\r\nHost: x\r\n"
        let inputs = [
            "both lengths": post
                + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "two lengths": post + "Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
            "list of lengths": post + "Content-Length: 4, 5\r\n\r\nabcde",
            "signed length": post + "Content-Length: +4\r\n\r\nabcd",
            "negative length": post + "Content-Length: -1\r\n\r\n",
            "hexadecimal length": post + "Content-Length: 0x4\r\n\r\nabcd",
            "length beyond 64 bits": post + "Content-Length: 99999999999999999999\r\n\r\n",
            "empty length": post + "Content-Length: \r\n\r\n",
            "chunked not last": post + "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
            "chunked twice": post + "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n",
            "blank before the colon": post + "Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
            "hidden by a tab": post + "Transfer-Encoding:\u{b}chunked\r\n\r\n0\r\n\r\n",
            "folded line": post + "X-A: 1\r\n 2\r\n\r\n",
            "bare line feed": "GET / HTTP/1.1\nHost: x\n\n",
            "bare line feed in the head": "GET / HTTP/1.1\r\nHost: x\nX: y\r\n\r\n",
            "bare carriage return": "GET / HTTP/1.1\r\nHost: x\rX: y\r\n\r\n",
            "no host": "GET / HTTP/1.1\r\n\r\n",
            "two hosts": "GET / HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
            "NUL in a value": "GET / HTTP/1.1\r\nHost: x\r\nX-A: a\0b\r\n\r\n",
            "blank in a name": "GET / HTTP/1.1\r\nHost: x\r\nX A: b\r\n\r\n",
            "no name": "GET / HTTP/1.1\r\nHost: x\r\n: b\r\n\r\n",
            "blank first line": "GET / HTTP/1.1\r\n Host: x\r\n\r\n",
            "two blanks in the request line": "GET  / HTTP/1.1\r\nHost: x\r\n\r\n",
            "blank in the target": "GET /a b HTTP/1.1\r\nHost: x\r\n\r\n",
            "lower-case protocol": "GET / http/1.1\r\nHost: x\r\n\r\n",
            "no protocol": "GET /\r\n\r\n",
            "chunk size with 0x": post + "Transfer-Encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n",
            "chunk size with a sign": post
                + "Transfer-Encoding: chunked\r\n\r\n+1\r\na\r\n0\r\n\r\n",
            "chunk too long": post + "Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n",
            "chunk line with a bare line feed": post
                + "Transfer-Encoding: chunked\r\n\r\n1\na\r\n0\r\n\r\n",
            "chunk size beyond 64 bits": post
                + "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\na\r\n0\r\n\r\n",
            "TLS": "\u{16}\u{3}\u{1}\u{2}\0\u{1}\0\u{1}\r\n\r\n",
        ]
        for (name, input) in inputs {
            let wire = try Wire(port: client.port, timeOut: 5)
            // A second request behind the first must never be answered.
            try wire.send(input + "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
            let answer = try wire.answer()
            // A length that is a length, only beyond all bounds, may be told as too much.
            let refusals = name.contains("beyond 64 bits") ? [400, 413] : [400]
            #expect(refusals.contains(answer.status), "\(name)")
            #expect(wire.isClosed(within: 5), "\(name)")
        }
        #expect(server.isReady)
    }

    @Test("Limits of the head: 414, 431; what is unknown: 501, 505")
    func limitsOfTheHead() throws {
        func status(_ text: String) throws -> Int {
            let wire = try Wire(port: client.port, timeOut: 5)
            try? wire.send(text)
            return try wire.answer().status
        }
        let host = " HTTP/1.1\r\nHost: x\r\n"
        let long = String(repeating: "a", count: 8192)
        #expect(try status("GET /\(long)\(host)\r\n") == 414)
        #expect(try status("GET /\(String(long.prefix(8000)))\(host)\r\n") == 404)
        let many = (0..<101).map { "X-\($0): 1\r\n" }.joined()
        #expect(try status("GET /\(host)\(many)\r\n") == 431)
        #expect(
            try status(
                "GET /\(host)\(many.replacingOccurrences(of: "X-99: 1\r\nX-100: 1\r\n", with: ""))\r\n"
            ) == 404)
        let wide = (0..<5).map { "X-\($0): \(long)\r\n" }.joined()
        #expect(try status("GET /\(host)\(wide)\r\n") == 431)
        #expect(try status("BREW /\(host)\r\n") == 501)
        #expect(try status("GET / HTTP/2.0\r\nHost: x\r\n\r\n") == 505)
        #expect(server.isReady)
    }

    @Test("curl, keep-alive and form included, agrees")
    func curl() throws {
        let person = Person()
        try person.signUp(at: server)
        let base = "http://127.0.0.1:\(client.port)"
        let outcome = try ChildProcess.run(
            "curl",
            [
                "-sS", "-i", "-d", "user[email]=\(person.email)", "-d",
                "user[password]=\(person.password)",
                base + Path.login, "--next", "-sS", "-w", "%{num_connects}", base + "/healthz",
            ], environment: TestSettings.environment(adding: [:]))
        #expect(outcome.status == 0, "\(outcome.errorOutput)")
        #expect(outcome.output.hasPrefix("HTTP/1.1 200"))
        #expect(outcome.output.contains(#""access_token""#))
        #expect(outcome.output.hasSuffix("0"), "the second request used the first connection")
    }

    @Test("A body that does not come, and a connection that asks nothing, are cut")
    func slowBody() throws {
        try withServer(["BODY_TIMEOUT": "1", "IDLE_TIMEOUT": "1"]) { server in
            let slow = try Wire(port: server.port)
            try slow.send(
                "POST \(Path.login) HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                    + "Content-Length: 100\r\n\r\n{")
            let idle = try Wire(port: server.port)
            try idle.send(Client.bytes("GET", "/healthz"))
            #expect(try idle.answer().status == 200)
            let silent = try Wire(port: server.port)
            let answer = try slow.answer()
            #expect(answer.code == 408)
            #expect(slow.isClosed(within: 5))
            #expect(idle.isClosed(within: 5))
            #expect(silent.isClosed(within: 15))
        }
    }

    @Test("A head that does not come is cut, and others are served meanwhile")
    func slowHead() throws {
        try withServer(["HEADER_TIMEOUT": "1"]) { server in
            let slow = try Wire(port: server.port)
            try slow.send("GET /healthz HTTP/1.1\r\nHost:")
            let dripping = try Wire(port: server.port)
            try dripping.send("GET /healthz HTTP/1.1\r\n")
            let started = Date()
            var cut = false
            while !cut, Date().timeIntervalSince(started) < 6 {
                // One byte at a time must not win more time.
                cut = (try? dripping.send("X")) == nil || dripping.isClosed(within: 0.2)
            }
            #expect(cut)
            #expect(slow.isClosed(within: 6))
            #expect(Date().timeIntervalSince(started) < 8)
            #expect(server.isReady)
        }
    }
}
