/// An address of the Internet Protocol. An IPv4 address and the same one written in IPv6,
/// `::ffff:192.0.2.1`, are equal (RFC 4291 §2.5.5.2).
public struct IPAddress: Hashable, Sendable {
    /// The bits of an IPv6 address; an IPv4 one stands in its IPv6 form.
    let bits: UInt128

    /// Reads the text of an address; nil where it is something else.
    ///
    /// What is taken is what `inet_pton` takes: IPv4 as four decimal numbers without leading zeros,
    /// IPv6 as RFC 4291 §2.2 has it; no blanks, no prefix, no port and no zone.
    public init?(_ text: Span<UInt8>) {
        if let four = Self.four(text, from: 0) {
            bits = Self.mapped | UInt128(four)
        } else if let six = Self.six(text) {
            bits = six
        } else {
            return nil
        }
    }

    /// Reads the text of an address; nil where it is something else.
    public init?(_ text: String) {
        self.init(Array(text.utf8).span)
    }

    /// What IPv4 addresses in their IPv6 form begin with.
    private static let mapped: UInt128 = 0xFFFF << 32

    /// Whether it is an IPv4 address.
    public var isIPv4: Bool { bits >> 32 == Self.mapped >> 32 }

    // MARK: Reading

    /// The IPv4 address that stands from `start` to the end.
    private static func four(_ text: Span<UInt8>, from start: Int) -> UInt32? {
        var address: UInt32 = 0
        var position = start
        for number in 0..<4 {
            if number > 0 {
                guard position < text.count, text[position] == UInt8(ascii: ".") else {
                    return nil
                }
                position += 1
            }
            let first = position
            var value: UInt32 = 0
            while position < text.count, position < first + 3, ASCII.isDigit(text[position]) {
                value = value * 10 + UInt32(text[position] - UInt8(ascii: "0"))
                position += 1
            }
            let hasLeadingZero = position > first + 1 && text[first] == UInt8(ascii: "0")
            guard position > first, value < 256, !hasLeadingZero else { return nil }
            address = address << 8 | value
        }
        return position == text.count ? address : nil
    }

    private static func six(_ text: Span<UInt8>) -> UInt128? {
        var bits: UInt128 = 0
        var groups = 0
        /// How many groups stand before the `::`.
        var gap: Int?
        var position = 0
        if text.count >= 2, text[0] == UInt8(ascii: ":"), text[1] == UInt8(ascii: ":") {
            gap = 0
            position = 2
        }
        while position < text.count {
            let first = position
            var value: UInt128 = 0
            while position < text.count, position < first + 4,
                let digit = ASCII.hexadecimalValue(text[position])
            {
                value = value << 4 | UInt128(digit)
                position += 1
            }
            if position < text.count, text[position] == UInt8(ascii: ".") {
                guard groups <= 6, let four = four(text, from: first) else { return nil }
                bits = bits << 32 | UInt128(four)
                groups += 2
                break
            }
            guard position > first, groups < 8 else { return nil }
            bits = bits << 16 | value
            groups += 1
            guard position < text.count else { break }
            guard text[position] == UInt8(ascii: ":"), position + 1 < text.count else { return nil }
            position += 1
            guard text[position] == UInt8(ascii: ":") else { continue }
            guard gap == nil else { return nil }
            gap = groups
            position += 1
        }
        guard let gap else { return groups == 8 ? bits : nil }
        guard groups < 8 else { return nil }
        let after = 16 * (groups - gap)
        return (bits >> after) << (128 - 16 * gap) | bits & ((1 << after) - 1)
    }

    // MARK: Writing

    /// Its text: IPv6 as RFC 5952 has it, so that an address has one text.
    public var text: [UInt8] { isIPv4 ? fourText : sixText }

    private var fourText: [UInt8] {
        var text: [UInt8] = []
        for shift in stride(from: 24, through: 0, by: -8) {
            if !text.isEmpty { text.append(UInt8(ascii: ".")) }
            text.append(contentsOf: String(UInt8(truncatingIfNeeded: bits >> shift)).utf8)
        }
        return text
    }

    private var sixText: [UInt8] {
        let omitted = longestZeros
        var text: [UInt8] = []
        var group = 0
        while group < 8 {
            if group == omitted.lowerBound, !omitted.isEmpty {
                text.append(contentsOf: "::".utf8)
                group = omitted.upperBound
                continue
            }
            if group > 0, group != omitted.upperBound || omitted.isEmpty {
                text.append(UInt8(ascii: ":"))
            }
            text.append(contentsOf: String(self.group(group), radix: 16).utf8)
            group += 1
        }
        return text
    }

    private func group(_ number: Int) -> UInt16 {
        UInt16(truncatingIfNeeded: bits >> (16 * (7 - number)))
    }

    /// The groups that `::` stands for: the first of the longest runs of zeros, two at least.
    private var longestZeros: Range<Int> {
        var longest = 0..<0
        var start = 0
        for number in 0..<8 {
            if group(number) != 0 {
                start = number + 1
            } else if number + 1 - start > max(longest.count, 1) {
                longest = start..<number + 1
            }
        }
        return longest
    }
}
