import Bytes
import Foundation
import Testing

@Suite struct JSONTextTests {
    private func literal(_ text: String) -> String {
        var queue = ByteQueue()
        queue.append(jsonString: text)
        return String(decoding: queue.readable, as: UTF8.self)
    }

    @Test(arguments: [
        ("", #""""#), ("plain", #""plain""#), ("\"", #""\"""#), ("\\", #""\\""#),
        ("\\\\\"", #""\\\\\"""#), ("a\nb\r\tc", #""a\nb\r\tc""#), ("\u{8}\u{C}", #""\b\f""#),
        ("\0", #""\u0000""#), ("\u{1F}x", #""\u001fx""#), ("\u{7F}/ü🙂", "\"\u{7F}/ü🙂\""),
    ])
    func text(text: String, expected: String) {
        #expect(literal(text) == expected)
    }

    @Test func readBackByFoundation() throws {
        for code in UInt32(0)...0x2100 {
            guard let scalar = Unicode.Scalar(code) else { continue }
            let text = "a\(scalar)\(scalar)b"
            let read = try JSONSerialization.jsonObject(
                with: Data(literal(text).utf8), options: .fragmentsAllowed)
            #expect((read as? String)?.utf8.elementsEqual(text.utf8) == true)
        }
    }
}
