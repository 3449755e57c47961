import Bytes
import Forms
import Foundation
import Seeded
import Testing

@Suite struct URLEncodedTests {
    @Test(arguments: [
        ("", "{}"), ("&", "{}"), ("&&&", "{}"),
        ("a=1", #"{"a":"1"}"#), ("a=1&b=2", #"{"a":"1","b":"2"}"#),
        ("&a=1&&b=2&", #"{"a":"1","b":"2"}"#),
        ("b=1&a=2", #"{"b":"1","a":"2"}"#),
        ("a", #"{"a":""}"#), ("a=", #"{"a":""}"#), ("a==", #"{"a":"="}"#),
        ("a=b=c", #"{"a":"b=c"}"#),
        ("a=1;b=2", #"{"a":"1;b=2"}"#),
        ("a+b=c+d", #"{"a b":"c d"}"#), ("a%20b=%26%3D%25", #"{"a b":"&=%"}"#),
        ("n=%C3%BC", #"{"n":"ü"}"#), ("n=ü", #"{"n":"ü"}"#), ("%C3%BC=n", #"{"ü":"n"}"#),
        ("q=%22%5C%0A", #"{"q":"\"\\\n"}"#), ("z=%00", #"{"z":"\u0000"}"#),
        ("%00=z", #"{"\u0000":"z"}"#),
        ("a=1&a=2&b=3&a=4", #"{"a":"4","b":"3"}"#),
    ])
    func pairs(form: String, expected: String) throws {
        let text = try json(urlEncoded: form)
        #expect(text == expected)
        #expect(try parsed(text) != nil)
    }

    static let malformed: [(String, FormError.Fault)] = [
        ("a=%", .escape), ("a=%4", .escape), ("a=%zz", .escape), ("%=a", .escape),
        ("a=%4&1=b", .escape),
        ("a=1&b=%G0", .escape),
        ("a=%C3", .encoding), ("a=%ED%A0%80", .encoding), ("a=%C0%80", .encoding),
        ("%FF=1", .encoding),
        ("a=%F4%90%80%80", .encoding), ("%C3=%BC", .encoding),
        ("=1", .name), ("=", .name), ("a=1&=", .name),
    ]

    @Test(arguments: malformed)
    func refused(form: String, fault: FormError.Fault) {
        #expect(throws: FormError.malformed(fault)) { try json(urlEncoded: form) }
    }

    @Test func appendsBehindWhatIsThere() throws {
        var queue = ByteQueue()
        queue.append("x" as StaticString)
        try Array("a=1".utf8).withUnsafeBytes { try Form.appendJSON(urlEncoded: $0, to: &queue) }
        #expect(Array(queue.readable) == Array(#"x{"a":"1"}"#.utf8))
    }

    /// Any text at all comes back as it was.
    @Test func roundTrip() throws {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<500 {
            var expected: [String: String] = [:]
            var form = ""
            for number in 0..<Int.random(in: 0...6, using: &generator) {
                let name = "\(number)" + randomText(&generator).filter { $0 != "[" && $0 != "]" }
                let value = randomText(&generator)
                expected[name] = value
                form += "&\(encoded(name))=\(encoded(value))"
            }
            let read = try parsed(try json(urlEncoded: form))
            #expect(read == expected as NSDictionary)
        }
    }

    private func randomText(_ generator: inout SeededGenerator) -> String {
        let alphabet: [Character] = [
            "a", "Z", "0", " ", "+", "%", "&", "=", "\"", "\\", "\u{1}", "ü", "語", "🙂",
        ]
        let length = Int.random(in: 0...8, using: &generator)
        return String((0..<length).map { _ in alphabet.randomElement(using: &generator) ?? "a" })
    }

    private func encoded(_ text: String) -> String {
        text.utf8.map { byte in
            byte == 0x20 ? "+" : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}
