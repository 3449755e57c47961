import Bytes
import Testing

@Suite struct UTF8ValidationTests {
    static let good: [[UInt8]] = [
        [], [0x00], [0x7F], Array("jürgen@example.org".utf8), Array("日本語 🙂".utf8),
        [0xC2, 0x80], [0xDF, 0xBF], [0xE0, 0xA0, 0x80], [0xED, 0x9F, 0xBF], [0xEE, 0x80, 0x80],
        [0xEF, 0xBF, 0xBF], [0xF0, 0x90, 0x80, 0x80], [0xF4, 0x8F, 0xBF, 0xBF],
    ]

    static let bad: [[UInt8]] = [
        [0x80], [0xBF], [0xFE], [0xFF],
        [0xC0, 0x80], [0xC1, 0xBF], [0xE0, 0x9F, 0xBF], [0xF0, 0x8F, 0xBF, 0xBF],  // overlong
        [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF],  // surrogates
        [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80],  // beyond U+10FFFF
        [0xC3], [0xE2, 0x82], [0xF0, 0x9F, 0x99],  // cut short
        [0xC3, 0x28], [0xE2, 0x28, 0xA1], [0xE2, 0x82, 0x28],
    ]

    private func isValid(_ bytes: [UInt8]) -> Bool {
        bytes.span.isValidUTF8
    }

    @Test(arguments: good)
    func accepted(bytes: [UInt8]) {
        #expect(isValid(bytes))
    }

    @Test(arguments: bad)
    func refused(bytes: [UInt8]) {
        #expect(!isValid(bytes))
    }

    /// ASCII goes in words of eight bytes: a fault must be seen at every place in and behind one.
    @Test func everyPlace() {
        for prefix in 0...20 {
            for suffix in 0...20 {
                let before = [UInt8](repeating: 0x61, count: prefix)
                let after = [UInt8](repeating: 0x62, count: suffix)
                for bytes in Self.good {
                    #expect(isValid(before + bytes + after))
                }
                for bytes in Self.bad {
                    #expect(!isValid(before + bytes + after))
                }
            }
        }
    }

    /// Each pair and triple that may begin a sequence, judged as the standard library does.
    @Test func asTheStandardLibrary() {
        var differing: [[UInt8]] = []
        for first in UInt8(0x7F)...0xFF {
            for second in stride(from: UInt8(0x70), to: 0xD0, by: 1) {
                for rest: [UInt8] in [[], [0x80], [0x80, 0x80], [0x41]] {
                    let bytes = [first, second] + rest
                    let valid = String(validating: bytes, as: UTF8.self) != nil
                    if isValid(bytes) != valid { differing.append(bytes) }
                }
            }
        }
        #expect(differing.isEmpty)
    }
}
