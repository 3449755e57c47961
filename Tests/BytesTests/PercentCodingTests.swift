import Bytes
import Testing

@Suite struct PercentCodingTests {
    private func decode(_ text: String, plusIsSpace: Bool = false) -> [UInt8]? {
        var queue = ByteQueue()
        let bytes = Array(text.utf8)
        guard queue.append(percentDecoded: bytes.span, plusIsSpace: plusIsSpace) else {
            let left = queue.count
            #expect(left == 0)
            return nil
        }
        return Array(queue.readable)
    }

    @Test(arguments: [
        ("", ""), ("plain", "plain"), ("a%20b", "a b"), ("%41%5a%5A", "AZZ"), ("%2", nil),
        ("%", nil), ("a%", nil), ("%g0", nil), ("%0g", nil), ("% 1", nil), ("%+1", nil),
        ("%%41", nil), ("%2541", "%41"), ("a+b", "a+b"), ("%C3%BC", "ü"), ("%2B", "+"),
    ])
    func path(text: String, expected: String?) {
        #expect(decode(text) == expected.map { Array($0.utf8) })
    }

    @Test(arguments: [("a+b", "a b"), ("++", "  "), ("%2B+", "+ "), ("+%zz", nil)])
    func form(text: String, expected: String?) {
        #expect(decode(text, plusIsSpace: true) == expected.map { Array($0.utf8) })
    }

    @Test func everyByte() {
        for byte in UInt8.min...UInt8.max {
            let digits = [Hexadecimal.digit(of: byte >> 4), Hexadecimal.digit(of: byte & 15)]
            #expect(decode("%" + String(decoding: digits, as: UTF8.self)) == [byte])
        }
    }

    @Test func appendsBehindWhatIsThere() {
        var queue = ByteQueue()
        queue.append([1, 2])
        let escape = Array("%03".utf8)
        let decoded = queue.append(percentDecoded: escape.span, plusIsSpace: false)
        let broken = Array("abc%0".utf8)
        let refused = !queue.append(percentDecoded: broken.span, plusIsSpace: false)
        #expect(decoded && refused)
        #expect(Array(queue.readable) == [1, 2, 3])
    }
}
