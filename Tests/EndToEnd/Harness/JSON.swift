/// A JSON value that remembers the order of its members and how its numbers were written.
indirect enum JSON: Equatable, Sendable {
    case null
    case bool(Bool)
    case number(String)
    case string(String)
    case array([JSON])
    case object([Member])
    /// `<name>` standing bare in an expected answer: see `Expectation`.
    case placeholder(String)

    /// One member of an object.
    struct Member: Equatable, Sendable {
        let name: String
        let value: JSON
    }

    /// The member of that name; nil where there is none or this is not an object.
    subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// The value if it is a string.
    var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The value if it is a whole number.
    var int: Int? {
        if case .number(let text) = self { Int(text) } else { nil }
    }

    /// The elements if it is an array.
    var array: [JSON]? {
        if case .array(let elements) = self { elements } else { nil }
    }

    /// The member names in order if it is an object.
    var names: [String]? {
        if case .object(let members) = self { members.map(\.name) } else { nil }
    }
}

extension JSON {
    /// What was wrong, and at which byte.
    struct Malformed: Error {
        let reason: String
        let offset: Int
    }

    /// Reads one value and nothing after it; RFC 8259, no leniency but for `<name>` if asked for.
    static func parse(_ text: String, placeholders: Bool = false) throws -> JSON {
        try parse(Array(text.utf8), placeholders: placeholders)
    }

    /// Reads one value and nothing after it.
    static func parse(_ bytes: [UInt8], placeholders: Bool = false) throws -> JSON {
        var parser = JSONParser(bytes: bytes, placeholders: placeholders)
        return try parser.document()
    }
}

private struct JSONParser {
    let bytes: [UInt8]
    let placeholders: Bool
    var offset = 0

    init(bytes: [UInt8], placeholders: Bool) {
        self.bytes = bytes
        self.placeholders = placeholders
    }

    mutating func document() throws -> JSON {
        let value = try value()
        skipBlanks()
        guard offset == bytes.count else { throw failure("something follows the value") }
        return value
    }

    private mutating func value() throws -> JSON {
        skipBlanks()
        switch peek() {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case UInt8(ascii: "<") where placeholders: return try placeholder()
        default: return try number()
        }
    }

    private mutating func object() throws -> JSON {
        offset += 1
        var members: [JSON.Member] = []
        skipBlanks()
        if take("}") { return .object([]) }
        repeat {
            skipBlanks()
            let name = try string()
            guard !members.contains(where: { $0.name == name }) else {
                throw failure("member \(name) stands twice")
            }
            skipBlanks()
            guard take(":") else { throw failure("no colon") }
            members.append(JSON.Member(name: name, value: try value()))
            skipBlanks()
        } while take(",")
        guard take("}") else { throw failure("object is not closed") }
        return .object(members)
    }

    private mutating func array() throws -> JSON {
        offset += 1
        var elements: [JSON] = []
        skipBlanks()
        if take("]") { return .array([]) }
        repeat {
            elements.append(try value())
            skipBlanks()
        } while take(",")
        guard take("]") else { throw failure("array is not closed") }
        return .array(elements)
    }

    private mutating func string() throws -> String {
        guard take("\"") else { throw failure("no string") }
        var units: [UInt16] = []
        var plain: [UInt8] = []
        func flushed(_ plain: [UInt8]) -> [UInt16] {
            Array(String(decoding: plain, as: UTF8.self).utf16)
        }
        while let byte = peek(), byte != UInt8(ascii: "\"") {
            offset += 1
            guard byte >= 0x20 else { throw failure("control character in a string") }
            guard byte == UInt8(ascii: "\\") else {
                plain.append(byte)
                continue
            }
            units += flushed(plain)
            plain = []
            units.append(try escape())
        }
        guard take("\"") else { throw failure("string is not closed") }
        units += flushed(plain)
        return String(decoding: units, as: UTF16.self)
    }

    private mutating func escape() throws -> UInt16 {
        guard let letter = peek() else { throw failure("string is not closed") }
        offset += 1
        switch letter {
        case UInt8(ascii: "n"): return 10
        case UInt8(ascii: "r"): return 13
        case UInt8(ascii: "t"): return 9
        case UInt8(ascii: "b"): return 8
        case UInt8(ascii: "f"): return 12
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return UInt16(letter)
        case UInt8(ascii: "u"):
            let digits = bytes[offset..<min(offset + 4, bytes.count)]
            guard digits.count == 4,
                let unit = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
            else { throw failure("bad \\u") }
            offset += 4
            return unit
        default: throw failure("bad escape")
        }
    }

    private mutating func number() throws -> JSON {
        let start = offset
        while let byte = peek(), "+-0123456789.eE".utf8.contains(byte) { offset += 1 }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        guard Double(text) != nil, !text.hasPrefix("+") else { throw failure("no value") }
        return .number(text)
    }

    private mutating func placeholder() throws -> JSON {
        offset += 1
        let start = offset
        while let byte = peek(), byte != UInt8(ascii: ">") { offset += 1 }
        let name = String(decoding: bytes[start..<offset], as: UTF8.self)
        guard take(">") else { throw failure("placeholder is not closed") }
        return .placeholder(name)
    }

    private mutating func literal(_ text: String, _ value: JSON) throws -> JSON {
        guard bytes[offset...].starts(with: text.utf8) else { throw failure("no value") }
        offset += text.utf8.count
        return value
    }

    private mutating func take(_ character: Character) -> Bool {
        guard peek() == character.asciiValue else { return false }
        offset += 1
        return true
    }

    private mutating func skipBlanks() {
        while let byte = peek(), [9, 10, 13, 32].contains(byte) { offset += 1 }
    }

    private func peek() -> UInt8? {
        offset < bytes.count ? bytes[offset] : nil
    }

    private func failure(_ reason: String) -> JSON.Malformed {
        JSON.Malformed(reason: reason, offset: offset)
    }
}
