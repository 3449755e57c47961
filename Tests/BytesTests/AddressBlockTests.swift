import Bytes
import Seeded
import Testing

@Suite struct AddressBlockTests {
    @Test(arguments: [
        ("192.0.2.1", "192.0.2.1", true), ("192.0.2.1", "192.0.2.2", false),
        ("192.0.2.1/32", "192.0.2.1", true), ("192.0.2.1/32", "192.0.2.0", false),
        ("192.0.2.0/31", "192.0.2.1", true), ("192.0.2.0/31", "192.0.2.2", false),
        ("10.0.0.0/8", "10.255.255.255", true), ("10.0.0.0/8", "11.0.0.0", false),
        ("10.1.2.3/8", "10.9.9.9", true), ("0.0.0.0/0", "255.255.255.255", true),
        ("172.16.0.0/12", "172.31.255.255", true), ("172.16.0.0/12", "172.32.0.0", false),
        ("::1", "::1", true), ("::1", "::2", false), ("::1/127", "::", true),
        ("2001:db8::/32", "2001:db8:ffff::1", true), ("2001:db8::/32", "2001:db9::", false),
        ("fc00::/7", "fdff::1", true), ("fc00::/7", "fe00::", false),
        ("::/0", "2001:db8::1", true), ("::/0", "::", true),
        // IPv4 is the same in either form, and no part of IPv6.
        ("10.0.0.0/8", "::ffff:10.1.2.3", true), ("::ffff:10.0.0.0/104", "10.1.2.3", true),
        ("::ffff:10.0.0.0/104", "11.1.2.3", false), ("::ffff:192.0.2.1", "192.0.2.1", true),
        ("::ffff:0.0.0.0/96", "192.0.2.1", true), ("::/0", "192.0.2.1", false),
        ("::ffff:0:0/95", "192.0.2.1", false), ("::ffff:0:0/95", "::fffe:0:1", true),
        ("0.0.0.0/0", "::1", false), ("0.0.0.0/0", "::", false),
    ])
    func blocks(text: String, address: String, isInside: Bool) throws {
        let block = try #require(AddressBlock(text))
        #expect(block.contains(try #require(IPAddress(address))) == isInside)
    }

    @Test(arguments: [
        "", "/", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/08", "10.0.0.0/00", "10.0.0.0/-1",
        "10.0.0.0/+8", "10.0.0.0/8/8", "10.0.0.0/8 ", "10.0.0.0 /8", "10.0.0.0/a", "10/8",
        "10.0.0.0/255.0.0.0", "10.0.0.0-10.0.0.9", "::/129", "::/1000", "::/0128", "::1%lo/128",
        "[::1]/128", "localhost", "*", "::ffff:10.0.0.0/129",
    ])
    func noBlocks(text: String) {
        #expect(AddressBlock(text) == nil)
    }

    @Test func membersShareTheFirstBits() throws {
        var generator = SeededGenerator(seed: 4632)
        func address(_ isIPv4: Bool) -> String {
            isIPv4
                ? (0..<4).map { _ in String(UInt8.random(in: 0...255, using: &generator)) }
                    .joined(separator: ".")
                : (0..<8).map { _ in
                    String(UInt16.random(in: 0...UInt16.max, using: &generator), radix: 16)
                }.joined(separator: ":")
        }
        var inside = 0
        for _ in 0..<50_000 {
            let isIPv4 = Bool.random(using: &generator)
            let (base, other) = (address(isIPv4), address(isIPv4))
            // Short ones, so that others lie in them by chance.
            let length = Int.random(in: 0...6, using: &generator)
            let block = try #require(AddressBlock("\(base)/\(length)"))
            let expected = try #require(SystemAddress(base))
                .begins(like: try #require(SystemAddress(other)), length: length)
            #expect(
                block.contains(try #require(IPAddress(other))) == expected,
                "\(base)/\(length) \(other)")
            #expect(block.contains(try #require(IPAddress(base))))
            inside += expected ? 1 : 0
        }
        #expect(inside > 5_000)
        #expect(inside < 45_000)
    }

    @Test(arguments: [("192.0.2.77", 32), ("2001:db8::abcd", 128)])
    func everyLengthCounts(address: String, width: Int) throws {
        let base = try #require(SystemAddress(address))
        for bit in 0..<width {
            var bytes = base.bytes
            bytes[bit / 8] ^= 0x80 >> UInt8(bit % 8)
            let groups = stride(from: 0, to: bytes.count, by: 2).map {
                String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16)
            }
            let text =
                width == 32
                ? bytes.map { String($0) }.joined(separator: ".") : groups.joined(separator: ":")
            let differing = try #require(IPAddress(text))
            for length in 0...width {
                let block = try #require(AddressBlock("\(address)/\(length)"))
                #expect(block.contains(differing) == (length <= bit), "/\(length), bit \(bit)")
            }
        }
    }
}
