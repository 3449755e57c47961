import Glibc

/// What `inet_pton` makes of the text of an address.
struct SystemAddress: Equatable {
    /// 4 or 16 bytes.
    let bytes: [UInt8]

    /// Nil where the system finds no address.
    init?(_ text: String) {
        for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
            var bytes = [UInt8](repeating: 0, count: count)
            if inet_pton(family, text, &bytes) == 1 {
                self.bytes = bytes
                return
            }
        }
        return nil
    }

    /// The 4 bytes of an IPv4 address also where it is written in IPv6.
    var unmapped: [UInt8] {
        let mark: [UInt8] = Array(repeating: 0, count: 10) + [0xFF, 0xFF]
        return bytes.starts(with: mark) ? Array(bytes[12...]) : bytes
    }

    /// Whether the first `length` bits are those of another address of as many bits.
    func begins(like other: SystemAddress, length: Int) -> Bool {
        guard bytes.count == other.bytes.count else { return false }
        return (0..<length).allSatisfy { bit in
            let differing: UInt8 = bytes[bit / 8] ^ other.bytes[bit / 8]
            return differing & (0x80 >> UInt8(bit % 8)) == 0
        }
    }
}
