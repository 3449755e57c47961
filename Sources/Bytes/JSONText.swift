extension ByteQueue {
    /// Appends a JSON string literal, quotes included (RFC 8259 §7).
    ///
    /// Only what must be escaped is. NUL becomes `\u0000`, which PostgreSQL refuses in `jsonb`.
    /// - Parameter utf8: the content of the string, already known to be well-formed UTF-8.
    public mutating func append(jsonString utf8: Span<UInt8>) {
        let room = unsafe writable(minimum: utf8.count + 2)
        unsafe room[0] = UInt8(ascii: "\"")
        var plain = 0
        while plain < utf8.count, !Self.needsEscape(utf8[plain]) {
            unsafe room[plain + 1] = utf8[plain]
            plain += 1
        }
        if plain == utf8.count {
            unsafe room[plain + 1] = UInt8(ascii: "\"")
            commit(plain + 2)
        } else {
            commit(plain + 1)
            appendEscaped(utf8, from: plain)
            append(UInt8(ascii: "\""))
        }
    }

    /// Appends a JSON string literal, quotes included.
    public mutating func append(jsonString text: String) {
        append(jsonString: text.utf8.span)
    }

    private static func needsEscape(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func appendEscaped(_ utf8: Span<UInt8>, from first: Int) {
        var start = first
        for index in first..<utf8.count where Self.needsEscape(utf8[index]) {
            append(utf8.extracting(start..<index))
            appendEscape(of: utf8[index])
            start = index + 1
        }
        append(utf8.extracting(start..<utf8.count))
    }

    private mutating func appendEscape(of byte: UInt8) {
        append(UInt8(ascii: "\\"))
        switch byte {
        case 0x08: append(UInt8(ascii: "b"))
        case 0x09: append(UInt8(ascii: "t"))
        case 0x0A: append(UInt8(ascii: "n"))
        case 0x0C: append(UInt8(ascii: "f"))
        case 0x0D: append(UInt8(ascii: "r"))
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): append(byte)
        default:
            append("u00")
            append(Hexadecimal.digit(of: byte >> 4))
            append(Hexadecimal.digit(of: byte & 0x0F))
        }
    }
}
