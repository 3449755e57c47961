internal import Bytes

/// A header value with parameters: `form-data; name="a"; filename=b` (RFC 2183 §2, RFC 2045 §5.1).
///
/// Parameters may be quoted or not. In quotes a backslash escapes only `"` and `\`; before anything
/// else it stands for itself, as browsers mean it in `filename="C:\a.txt"`.
struct HeaderValue {
    /// What stands before the first semicolon, in lower case.
    let value: String
    /// Names in lower case, and values; no name twice.
    private var parameters: [(name: String, value: String)] = []

    /// Takes a header value apart. A `.malformed(.header)` if it breaks the grammar or repeats a
    /// parameter, a `.malformed(.encoding)` if a parameter is not UTF-8.
    init(_ bytes: Span<UInt8>) throws(FormError) {
        var position = 0
        value = try Self.token(in: bytes, at: &position, until: UInt8(ascii: ";"))
        guard !value.isEmpty else { throw .malformed(.header) }
        while true {
            Self.skipBlanks(in: bytes, at: &position)
            guard position < bytes.count else { return }
            guard bytes[position] == UInt8(ascii: ";") else { throw .malformed(.header) }
            position += 1
            Self.skipBlanks(in: bytes, at: &position)
            if position == bytes.count || bytes[position] == UInt8(ascii: ";") { continue }
            let name = try Self.token(in: bytes, at: &position, until: UInt8(ascii: "="))
            guard !name.isEmpty, position < bytes.count, bytes[position] == UInt8(ascii: "="),
                self[name] == nil
            else { throw .malformed(.header) }
            position += 1
            let value = try Self.parameterValue(in: bytes, at: &position)
            parameters.append((name: name, value: value))
        }
    }

    /// The value of a parameter; nil if it is not there.
    subscript(name: String) -> String? {
        parameters.first { $0.name == name }?.value
    }

    private static func skipBlanks(in bytes: Span<UInt8>, at position: inout Int) {
        while position < bytes.count, ASCII.isBlank(bytes[position]) {
            position += 1
        }
    }

    /// The visible ASCII up to a blank, a quote or `end`, in lower case.
    private static func token(
        in bytes: Span<UInt8>, at position: inout Int, until end: UInt8
    ) throws(FormError) -> String {
        let start = position
        while position < bytes.count, bytes[position] != end,
            ASCII.isVisible(bytes[position]), bytes[position] != UInt8(ascii: "\"")
        {
            position += 1
        }
        return try String(utf8: bytes.extracting(start..<position)).lowercased()
    }

    private static func parameterValue(
        in bytes: Span<UInt8>, at position: inout Int
    ) throws(FormError) -> String {
        var content: [UInt8] = []
        if position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
            position += 1
            while true {
                guard position < bytes.count else { throw .malformed(.header) }
                var byte = bytes[position]
                position += 1
                if byte == UInt8(ascii: "\"") { break }
                if byte == UInt8(ascii: "\\"), position < bytes.count,
                    bytes[position] == UInt8(ascii: "\"") || bytes[position] == byte
                {
                    byte = bytes[position]
                    position += 1
                }
                content.append(byte)
            }
        } else {
            while position < bytes.count, bytes[position] != UInt8(ascii: ";"),
                !ASCII.isBlank(bytes[position])
            {
                guard bytes[position] != UInt8(ascii: "\"") else { throw .malformed(.header) }
                content.append(bytes[position])
                position += 1
            }
            guard !content.isEmpty else { throw .malformed(.header) }
        }
        return try String(utf8: content.span)
    }
}

extension String {
    /// The text that the bytes are in UTF-8; a `.malformed(.encoding)` if they are not.
    init(utf8 bytes: Span<UInt8>) throws(FormError) {
        do throws(UTF8.ValidationError) {
            self.init(copying: try UTF8Span(validating: bytes))
        } catch {
            throw .malformed(.encoding)
        }
    }
}
