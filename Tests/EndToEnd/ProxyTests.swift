import Glibc
import Testing

/// Whose word about a caller's address counts: `TRUSTED_PROXIES`.
@Suite("Proxies")
struct ProxyTests {
    /// The bytes of a log-in that fails, and so is noted with the address it came from.
    private func logIn(_ id: String, _ forwarded: [String]) -> [UInt8] {
        Client.bytes(
            "POST", Path.login,
            [("X-Request-Id", id)] + forwarded.map { ("X-Forwarded-For", $0) },
            body: Array(#"{"user":{"email":"\#(id)@example.com","password":"wrong"}}"#.utf8))
    }

    /// Sends it on a connection and tells the address that the database noted.
    private func noted(
        _ id: String, _ forwarded: [String], on wire: Wire, of server: TestServer
    ) throws -> String? {
        try wire.send(logIn(id, forwarded))
        #expect(try wire.answer().code == 401)
        let address = try server.database.value(
            "SELECT address FROM app.audit WHERE request_id = $1", [id])
        let line = server.waitForLogLine(containing: #""id":"\#(id)""#) ?? ""
        #expect(line.contains(#""address":"\#(address ?? "")""#), "\(line)")
        return address
    }

    @Test("X-Forwarded-For counts where a known proxy says it, for each request anew")
    func known() throws {
        try withServer(["TRUSTED_PROXIES": "10.0.0.0/8, 127.0.0.1"]) { server in
            let wire = try Wire(port: server.port)
            func address(_ id: String, _ forwarded: String...) throws -> String? {
                try noted(id, forwarded, on: wire, of: server)
            }
            #expect(try address("one", "192.0.2.7") == "192.0.2.7")
            #expect(try address("two", "198.51.100.8") == "198.51.100.8")
            #expect(try address("none") == "127.0.0.1")
            #expect(try address("made-up", "203.0.113.9, 192.0.2.7, 10.1.2.3") == "192.0.2.7")
            #expect(try address("lines", "203.0.113.9", "192.0.2.7") == "192.0.2.7")
            #expect(try address("six", "2001:DB8:0::7") == "2001:db8::7")
            #expect(try address("mapped", "::ffff:192.0.2.7") == "192.0.2.7")
            #expect(try address("wrong", "192.0.2.7, unknown, 10.1.2.3") == "10.1.2.3")
            #expect(try address("nonsense", "' OR 1=1") == "127.0.0.1")
        }
    }

    @Test("From anybody else it is ignored", arguments: ["", "10.0.0.0/8, ::1"])
    func unknown(_ proxies: String) throws {
        try withServer(["TRUSTED_PROXIES": proxies]) { server in
            let wire = try Wire(port: server.port)
            #expect(try noted("one", ["192.0.2.7"], on: wire, of: server) == "127.0.0.1")
            #expect(try noted("two", ["127.0.0.1, ::1"], on: wire, of: server) == "127.0.0.1")
        }
    }

    @Test("A head that is not complete is the proxy's own")
    func incomplete() throws {
        try withServer(["TRUSTED_PROXIES": "127.0.0.1"]) { server in
            let wire = try Wire(port: server.port)
            try wire.send(
                "GET /broken HTTP/1.1\r\nX-Forwarded-For: 192.0.2.7\r\nwithout colon\r\n\r\n")
            #expect(try wire.answer().status == 400)
            let line = try #require(server.waitForLogLine(containing: #""path":"/broken""#))
            #expect(line.contains(#""address":"127.0.0.1""#), "\(line)")
        }
    }

    private static var hasIPv6: Bool {
        let raw = socket(AF_INET6, Int32(SOCK_STREAM.rawValue), 0)
        guard raw >= 0 else { return false }
        close(raw)
        return true
    }

    @Test("IPv4 over an IPv6 socket is IPv4", .enabled(if: hasIPv6))
    func mapped() throws {
        try withServer(["HOST": "::", "TRUSTED_PROXIES": "127.0.0.0/8"]) { server in
            let wire = try Wire(port: server.port)
            #expect(try noted("one", [], on: wire, of: server) == "127.0.0.1")
            #expect(try noted("two", ["192.0.2.7"], on: wire, of: server) == "192.0.2.7")
        }
    }

    @Test("What is no list of addresses is refused in one line, exit status 2")
    func wrongValue() throws {
        for value in ["proxy.example.com", "10.0.0.0/33", "10.0.0.1,"] {
            let outcome = try Command.run(["serve"], variables: ["TRUSTED_PROXIES": value])
            #expect(outcome.status == 2, "\(value)")
            #expect(outcome.errorOutput.hasPrefix("rapport: TRUSTED_PROXIES "), "\(value)")
            #expect(outcome.errorOutput.split(separator: "\n").count == 1, "\(value)")
        }
    }
}
