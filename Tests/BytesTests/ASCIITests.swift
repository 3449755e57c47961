import Bytes
import Testing

/// Every byte in every class, told by the characters of the grammars.
struct ASCIITests {
    private static let all = (0...255).map { UInt8($0) }
    private static let letters = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
    private static let digits = Set("0123456789".utf8)
    private static let alphanumerics = letters.union(digits)

    @Test func singleBytes() {
        for byte in Self.all {
            #expect(ASCII.isLetter(byte) == Self.letters.contains(byte), "\(byte)")
            #expect(ASCII.isDigit(byte) == Self.digits.contains(byte), "\(byte)")
            #expect(
                ASCII.isToken(byte)
                    == Self.alphanumerics.union("!#$%&'*+-.^_`|~".utf8).contains(byte), "\(byte)")
            #expect(
                ASCII.isRegisteredName(byte)
                    == Self.alphanumerics.union("-._~%!$&'()*+,;=".utf8).contains(byte), "\(byte)")
            #expect(ASCII.isControl(byte) == ((0...31).contains(byte) || byte == 127), "\(byte)")
            #expect(ASCII.isVisible(byte) == (33...126).contains(byte), "\(byte)")
            #expect(ASCII.isBlank(byte) == (byte == 9 || byte == 32), "\(byte)")
            #expect(
                ASCII.isFieldValue(byte)
                    == (byte == 9 || (32...126).contains(byte) || byte >= 128), "\(byte)")
        }
        let named = [ASCII.lineFeed, ASCII.carriageReturn, ASCII.tab, ASCII.space]
        #expect(named == Array("\n\r\t ".utf8))
    }

    @Test func hexadecimalDigits() {
        for byte in Self.all {
            let isDigit = Set("0123456789abcdefABCDEF".utf8).contains(byte)
            let text = String(decoding: [byte], as: UTF8.self)
            #expect(ASCII.hexadecimalValue(byte) == (isDigit ? UInt8(text, radix: 16) : nil))
        }
    }

    @Test func lowerCase() {
        for byte in Self.all {
            let expected = (65...90).contains(byte) ? byte + 32 : byte
            #expect(ASCII.lowercased(byte) == expected)
        }
    }

    @Test func comparison() {
        func equals(_ text: String, _ word: StaticString) -> Bool {
            let bytes = Array("<\(text)>".utf8)
            return ASCII.equals(bytes.span, 1, bytes.count - 1, ignoringCase: word)
        }
        #expect(equals("Content-Length", "content-length"))
        #expect(equals("CONTENT-LENGTH", "content-length"))
        #expect(equals("access_token", "access_token"))
        #expect(equals("", ""))
        #expect(!equals("Content-Lengt", "content-length"))
        #expect(!equals("Content-Lengths", "content-length"))
        #expect(!equals("Content_Length", "content-length"))
        // Characters that differ in the bit of the case, and are no letters.
        #expect(!equals("Content\rLength", "content-length"))
        #expect(!equals("access\u{7F}token", "access_token"))
        #expect(!equals("*\u{0F}*", "*/*"))
    }

    /// Each byte at each place of a run that is longer than a word.
    @Test func runs() {
        for place in 0..<19 {
            for byte in Self.all {
                var bytes = Array("<0123456789abcdefghi>".utf8)
                bytes[1 + place] = byte
                let isVisible = ASCII.isVisible(byte) && byte != UInt8(ascii: "#")
                #expect(
                    ASCII.areVisible(bytes.span, 1, 20, except: UInt8(ascii: "#")) == isVisible,
                    "\(byte) at \(place)")
                #expect(ASCII.areToken(bytes.span, 1, 20) == ASCII.isToken(byte))
                #expect(
                    ASCII.endOfFieldValue(bytes.span, 1, 20)
                        == (ASCII.isFieldValue(byte) ? 20 : 1 + place), "\(byte) at \(place)")
            }
        }
        let none: [UInt8] = []
        #expect(ASCII.areToken(none.span, 0, 0) == false)
        #expect(ASCII.endOfFieldValue(none.span, 0, 0) == 0)
    }

    @Test func search() {
        let bytes = Array("abcabc".utf8)
        func position(_ character: Unicode.Scalar, _ lower: Int, _ upper: Int) -> Int? {
            bytes.span.position(of: UInt8(ascii: character), from: lower, to: upper)
        }
        #expect(position("c", 0, 6) == 2)
        #expect(position("c", 2, 6) == 2)
        #expect(position("c", 3, 6) == 5)
        #expect(position("c", 3, 5) == nil)
        #expect(position("x", 0, 6) == nil)
        #expect(position("a", 6, 6) == nil)
        let none: [UInt8] = []
        #expect(none.span.position(of: 0, from: 0, to: 0) == nil)
    }

    /// Near ones are found otherwise than far ones.
    @Test func searchAtEveryDistance() {
        for place in 0..<60 {
            var bytes = [UInt8](repeating: UInt8(ascii: ";"), count: 60)
            bytes[place] = UInt8(ascii: ":")
            bytes.append(UInt8(ascii: ":"))
            for lower in 0...place {
                let found = bytes.span.position(of: UInt8(ascii: ":"), from: lower, to: 60)
                #expect(found == place, "\(place) from \(lower)")
            }
            #expect(bytes.span.position(of: UInt8(ascii: ":"), from: place + 1, to: 60) == nil)
        }
    }

    @Test func trimming() {
        for (text, expected) in [
            ("", ""), (" ", ""), ("\t \t", ""), ("a", "a"), (" a b\t", "a b"), ("\ra", "\ra"),
        ] {
            let bytes = Array("<\(text)>".utf8)
            let (lower, upper) = ASCII.trimmed(bytes.span, 1, bytes.count - 1)
            #expect(String(decoding: bytes[lower..<upper], as: UTF8.self) == expected)
        }
    }
}
