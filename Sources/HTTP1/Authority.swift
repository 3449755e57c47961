import Bytes

/// Checks a host with, perhaps, a port: `Host`, and the authority of a request target.
enum Authority {
    /// Whether a port has to be there.
    enum Port {
        case optional, required
    }

    /// Whether the bytes of `range` are a non-empty registered name, IPv4 address or bracketed IPv6
    /// address (RFC 3986 §3.2.2), with a port up to 65535 (RFC 9110 §7.2). User information, which
    /// RFC 9110 §4.2.4 tells to refuse, is none of these.
    static func isValid(_ bytes: Span<UInt8>, _ range: ByteRange, port: Port) -> Bool {
        var end = range.lower
        if end < range.upper, bytes[end] == UInt8(ascii: "[") {
            end += 1
            while end < range.upper, isAddress(bytes[end]) { end += 1 }
            guard end > range.lower + 2, end < range.upper, bytes[end] == UInt8(ascii: "]") else {
                return false
            }
            end += 1
        } else {
            while end < range.upper, ASCII.isRegisteredName(bytes[end]) { end += 1 }
            guard end > range.lower else { return false }
        }
        if end == range.upper { return port == .optional }
        guard bytes[end] == UInt8(ascii: ":") else { return false }
        return isPort(bytes, ByteRange(end + 1, range.upper), mayBeEmpty: port == .optional)
    }

    private static func isPort(
        _ bytes: Span<UInt8>, _ range: ByteRange, mayBeEmpty: Bool
    ) -> Bool {
        guard range.count <= 5, mayBeEmpty || !range.isEmpty else { return false }
        var number = 0
        for position in range.lower..<range.upper {
            guard ASCII.isDigit(bytes[position]) else { return false }
            number = number * 10 + Int(bytes[position] - UInt8(ascii: "0"))
        }
        return number <= 65535
    }

    /// Hexadecimal digits, and the `:` and `.` between them.
    private static func isAddress(_ byte: UInt8) -> Bool {
        ASCII.hexadecimalValue(byte) != nil || byte == UInt8(ascii: ":")
            || byte == UInt8(ascii: ".")
    }
}
