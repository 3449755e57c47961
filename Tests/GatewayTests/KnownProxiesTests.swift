import Bytes
import HTTP1
import Testing

@testable import Gateway

@Suite struct KnownProxiesTests {
    private static let proxy = "10.0.0.1"

    /// Who asked, where these field lines came from a proxy.
    private static func caller(
        _ lines: [String], proxies: String = "10.0.0.0/8, 2001:db8:1::/48"
    ) throws -> String {
        let text =
            "GET / HTTP/1.1\r\nHost: a\r\n" + lines.map { $0 + "\r\n" }.joined() + "\r\n"
        let bytes = Array(text.utf8)
        var parser = RequestParser(limits: Limits())
        #expect(try parser.parseHead(bytes.span) == true)
        let known = try #require(KnownProxies(proxies))
        let from = try #require(IPAddress(proxy))
        #expect(known.contains(from))
        let caller = bytes.withUnsafeBytes { known.caller(parser.head, in: $0, from: from) }
        return String(decoding: caller.text, as: UTF8.self)
    }

    @Test(arguments: [
        ("", proxy), ("192.0.2.7", "192.0.2.7"), (" 192.0.2.7 ", "192.0.2.7"),
        ("2001:DB8::7", "2001:db8::7"), ("::ffff:192.0.2.7", "192.0.2.7"),
        // What stands before the last address that is no proxy may be made up.
        ("203.0.113.9, 192.0.2.7", "192.0.2.7"), ("203.0.113.9,192.0.2.7", "192.0.2.7"),
        ("nonsense, 192.0.2.7", "192.0.2.7"), ("10.0.0.9, 192.0.2.7", "192.0.2.7"),
        // Proxies of ours are passed over.
        ("192.0.2.7, 10.0.0.2", "192.0.2.7"), ("192.0.2.7, ::ffff:10.0.0.2", "192.0.2.7"),
        ("203.0.113.9, 192.0.2.7, 10.0.0.3, 2001:db8:1::9", "192.0.2.7"),
        ("10.0.0.3, 10.0.0.2", "10.0.0.3"), ("10.0.0.2", "10.0.0.2"),
        // At what is no address the walk ends, with the last proxy.
        ("nonsense", proxy), ("192.0.2.7, unknown", proxy),
        ("192.0.2.7, unknown, 10.0.0.2", "10.0.0.2"),
        ("192.0.2.7:1234", proxy), ("[2001:db8::7]", proxy), ("192.0.2.7 10.0.0.2", proxy),
        ("192.0.2.300", proxy), ("\"192.0.2.7\"", proxy), ("192.0.2.7;10.0.0.2", proxy),
        ("10.0.0.3, 192.0.2.0/24", proxy),
        // Empty elements of a list are nothing.
        (", ,192.0.2.7,, ,", "192.0.2.7"), (",", proxy),
    ])
    func lists(value: String, caller: String) throws {
        #expect(try Self.caller(["X-Forwarded-For: " + value]) == caller)
    }

    @Test func severalLinesAreOneList() throws {
        func caller(_ values: String...) throws -> String {
            try Self.caller(
                values.map { "x-forwarded-for: " + $0 } + ["X-Forwarded-Foo: 192.0.2.8"])
        }
        #expect(try caller("203.0.113.9", "192.0.2.7") == "192.0.2.7")
        #expect(try caller("203.0.113.9, 192.0.2.7", "10.0.0.2", "10.0.0.3") == "192.0.2.7")
        #expect(try caller("192.0.2.7", "unknown") == Self.proxy)
        #expect(try caller("192.0.2.7", "", "10.0.0.2") == "192.0.2.7")
        #expect(try caller() == Self.proxy)
    }

    @Test(arguments: [
        "10.0.0.1", "10.0.0.0/8", " 10.0.0.1 ", "192.0.2.1,10.0.0.1", "::1,\t10.0.0.0/31 , ::2",
        "::ffff:10.0.0.1", "0.0.0.0/0",
    ])
    func listsOfProxies(list: String) throws {
        let known = try #require(KnownProxies(list))
        #expect(known.contains(try #require(IPAddress(Self.proxy))))
        #expect(!known.contains(try #require(IPAddress("2001:db8::1"))))
    }

    @Test(arguments: [
        "", " ", ",", "10.0.0.1,", ",10.0.0.1", "10.0.0.1,,::1", "10.0.0.1 ::1", "10.0.0.1;::1",
        "localhost", "unix", "10.0.0.0/33", "10.0.0.1, proxy",
    ])
    func noListsOfProxies(list: String) {
        #expect(KnownProxies(list) == nil)
    }

    @Test func nobodyIsKnownAtFirst() throws {
        #expect(!KnownProxies().contains(try #require(IPAddress("127.0.0.1"))))
    }
}
