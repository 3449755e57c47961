import Bytes
import Glibc
import Seeded
import Testing

@Suite struct IPAddressTests {
    private static func text(_ address: IPAddress?) -> String? {
        address.map { String(decoding: $0.text, as: UTF8.self) }
    }

    @Test(arguments: [
        ("0.0.0.0", "0.0.0.0"), ("255.255.255.255", "255.255.255.255"), ("192.0.2.1", "192.0.2.1"),
        ("::", "::"), ("::1", "::1"), ("1::", "1::"), ("2001:DB8::0001", "2001:db8::1"),
        ("1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8"), ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
        ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"), ("1:0:0:2:0:0:0:3", "1:0:0:2::3"),
        ("1:0:0:2:3:0:0:4", "1::2:3:0:0:4"), ("1:0:2:0:3:0:4:0", "1:0:2:0:3:0:4:0"),
        ("0:0:1::", "0:0:1::"), ("fe80::192.0.2.1", "fe80::c000:201"), ("1:2::3:4", "1:2::3:4"),
        (
            "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255",
            "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
        ),
        // The same address in both families is told as IPv4.
        ("::ffff:192.0.2.1", "192.0.2.1"), ("::FFFF:c000:201", "192.0.2.1"),
        ("0:0:0:0:0:ffff:0.0.0.0", "0.0.0.0"), ("::fffe:192.0.2.1", "::fffe:c000:201"),
        ("::192.0.2.1", "::c000:201"),
    ])
    func addresses(text: String, canonical: String) throws {
        let address = try #require(IPAddress(text))
        #expect(Self.text(address) == canonical)
        #expect(IPAddress(canonical) == address)
        #expect(address.isIPv4 == !canonical.contains(":"))
    }

    @Test(arguments: [
        "", " ", "1", "1.2.3", "1.2.3.", ".1.2.3", "1.2.3.4.", "1.2.3.4.5", "1..3.4", "256.1.1.1",
        "1.2.3.1000", "01.2.3.4", "1.2.3.00", "1.2.3.4 ", " 1.2.3.4", "1.2.3.4/32", "1.2.3.4:80",
        "+1.2.3.4", "-1.2.3.4", "0x1.2.3.4", "a.b.c.d", ":", ":::", "1:", ":1", "1::2::3", "::1::",
        "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "12345::",
        "::g", "::1%eth0", "[::1]", "::1 ", "1:2:3:4:5:6:7:1.2.3.4", "::1.2.3", "::1.2.3.4:5",
        "::01.2.3.4", "::a.2.3.4", "::1.2.3.4::", "1.2.3.4::", "unknown", "localhost", "١.٢.٣.٤",
    ])
    func noAddresses(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test func theSystemReadsTheSame() {
        var generator = SeededGenerator(seed: 4291)
        let pieces = [
            ":", ":", "::", ".", ".", "0", "1", "00", "9", "25", "255", "256", "a", "ffff", "F0",
            "::ffff:", "1.2.3.4", "10000", "1:2:3:4:5:6:", "%", "/", " ", "g",
        ]
        var accepted = 0
        for _ in 0..<200_000 {
            var text = ""
            for _ in 0..<Int.random(in: 1...9, using: &generator) {
                text += pieces[Int.random(in: 0..<pieces.count, using: &generator)]
            }
            let address = IPAddress(text)
            let expected = SystemAddress(text)
            #expect((address != nil) == (expected != nil), "\(text)")
            guard let address, let expected else { continue }
            accepted += 1
            #expect(
                SystemAddress(Self.text(address) ?? "")?.unmapped == expected.unmapped, "\(text)")
        }
        // Nonsense only would prove little.
        #expect(accepted > 2_000)
    }

    @Test func theSystemWritesTheSame() throws {
        var generator = SeededGenerator(seed: 5952)
        for _ in 0..<50_000 {
            var groups: [UInt16] = []
            for _ in 0..<8 {
                let isZero = Bool.random(using: &generator)
                groups.append(isZero ? 0 : .random(in: 0...UInt16.max, using: &generator))
            }
            // What begins with six zeros, the system writes in part as IPv4.
            guard groups[..<5].contains(where: { $0 != 0 }) else { continue }
            var bytes = groups.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
            var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
            inet_ntop(AF_INET6, &bytes, &buffer, socklen_t(buffer.count))
            let expected = String(
                decoding: buffer.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
            #expect(Self.text(IPAddress(expected)) == expected)
        }
    }

    @Test func everyIPv4AddressHasOneText() throws {
        var generator = SeededGenerator(seed: 791)
        for _ in 0..<20_000 {
            let bits = UInt32.random(in: 0...UInt32.max, using: &generator)
            let text = [24, 16, 8, 0].map { String(bits >> UInt32($0) & 0xFF) }
                .joined(separator: ".")
            #expect(Self.text(IPAddress(text)) == text)
            #expect(IPAddress("::ffff:" + text) == IPAddress(text))
        }
    }
}
