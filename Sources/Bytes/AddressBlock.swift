/// The addresses that begin with the same bits: `192.0.2.0/24`, or one address (RFC 4632 §3.1).
public struct AddressBlock: Hashable, Sendable {
    private let base: UInt128
    private let mask: UInt128
    private let isIPv4: Bool

    /// Reads an address, or an address, `/` and the number of bits that count; nil where it is
    /// something else. The bits beyond that number do not matter.
    public init?(_ text: Span<UInt8>) {
        var slash = 0
        while slash < text.count, text[slash] != UInt8(ascii: "/") { slash += 1 }
        guard let address = IPAddress(text.extracting(..<slash)) else { return nil }
        var isDotted = true
        for position in 0..<slash where text[position] == UInt8(ascii: ":") { isDotted = false }
        let width = isDotted ? 32 : 128
        guard let length = Self.length(text, after: slash, width: width) else { return nil }
        let zeros = width - length
        mask = (UInt128.max >> zeros) << zeros
        base = address.bits & mask
        // `::/0` is all of IPv6, and not IPv4 too because that has a form in it.
        isIPv4 = address.isIPv4 && zeros <= 32
    }

    /// Reads an address or a block; nil where it is something else.
    public init?(_ text: String) {
        self.init(Array(text.utf8).span)
    }

    /// Whether an address is in the block. An IPv4 address is only in blocks of IPv4, among them
    /// those written in IPv6, like `::ffff:192.0.2.0/120`.
    public func contains(_ address: IPAddress) -> Bool {
        address.isIPv4 == isIPv4 && address.bits & mask == base
    }

    /// The number behind the slash; the whole width where there is no slash.
    private static func length(_ text: Span<UInt8>, after slash: Int, width: Int) -> Int? {
        guard slash < text.count else { return width }
        let digits = text.count - slash - 1
        guard (1...3).contains(digits), digits == 1 || text[slash + 1] != UInt8(ascii: "0") else {
            return nil
        }
        var length = 0
        for position in slash + 1..<text.count {
            guard ASCII.isDigit(text[position]) else { return nil }
            length = length * 10 + Int(text[position] - UInt8(ascii: "0"))
        }
        return length <= width ? length : nil
    }
}
