import Bytes

/// Walks over the parameters of a field value: `; name=value`, the value a token or a quoted string
/// (RFC 9110 §5.6.6).
struct Parameters {
    /// The name of the current parameter.
    private(set) var name = ByteRange(0, 0)

    /// The value of the current parameter, without the quotation marks.
    private(set) var value = ByteRange(0, 0)

    /// Whether the value holds characters behind a backslash, which are not what they mean.
    private(set) var isEscaped = false

    /// Where the next parameter begins, or what ended the walk stands.
    private(set) var position: Int

    /// Whether what has been walked over is well-formed.
    private(set) var isValid = true

    /// Begins after the media type, at the first blank or semicolon.
    init(from position: Int) {
        self.position = position
    }

    /// Goes to the next parameter; false at the end of the value, before a comma, and where the
    /// value is malformed.
    mutating func advance(_ bytes: Span<UInt8>) -> Bool {
        repeat {
            skipBlanks(bytes)
            guard position < bytes.count, bytes[position] != UInt8(ascii: ",") else { return false }
            guard bytes[position] == UInt8(ascii: ";") else { return fail() }
            position += 1
            skipBlanks(bytes)
            // RFC 9110 §5.6.6 lets a semicolon stand with nothing after it.
        } while position == bytes.count || !ASCII.isToken(bytes[position])

        name = token(bytes)
        guard position < bytes.count, bytes[position] == UInt8(ascii: "=") else { return fail() }
        position += 1
        isEscaped = false
        guard position < bytes.count else { return fail() }
        if bytes[position] == UInt8(ascii: "\"") { return quoted(bytes) }
        value = token(bytes)
        return value.isEmpty ? fail() : true
    }

    private mutating func quoted(_ bytes: Span<UInt8>) -> Bool {
        position += 1
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: "\"") {
            if bytes[position] == UInt8(ascii: "\\") {
                isEscaped = true
                position += 1
            }
            position += 1
        }
        guard position < bytes.count else { return fail() }
        value = ByteRange(start, position)
        position += 1
        return true
    }

    private mutating func token(_ bytes: Span<UInt8>) -> ByteRange {
        let start = position
        while position < bytes.count, ASCII.isToken(bytes[position]) { position += 1 }
        return ByteRange(start, position)
    }

    private mutating func skipBlanks(_ bytes: Span<UInt8>) {
        while position < bytes.count, ASCII.isBlank(bytes[position]) { position += 1 }
    }

    private mutating func fail() -> Bool {
        isValid = false
        return false
    }
}
