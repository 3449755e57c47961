import Forms
import Foundation
import Testing

/// Each limit met exactly, and exceeded by one.
@Suite struct LimitsTests {
    private func names(_ count: Int) -> String {
        (0..<count).map { "n\($0)=" }.joined(separator: "&")
    }

    @Test func fields() throws {
        #expect(try parsed(try json(urlEncoded: names(1_000)))?.count == 1_000)
        #expect(throws: FormError.tooLarge(.fields)) { try json(urlEncoded: names(1_001)) }
        // Repeated names count each time: what is bounded is the work.
        #expect(throws: FormError.tooLarge(.fields)) {
            try json(urlEncoded: String(repeating: "a=1&", count: 1_001))
        }
    }

    @Test func nameLength() throws {
        let name = String(repeating: "n", count: 256)
        #expect(try json(urlEncoded: name + "=1") == "{\"\(name)\":\"1\"}")
        #expect(throws: FormError.malformed(.name)) { try json(urlEncoded: name + "n=1") }
        let escaped = String(repeating: "%41", count: 256)
        #expect(throws: Never.self) { try json(urlEncoded: escaped) }
    }

    @Test func depth() throws {
        let name = "a" + String(repeating: "[b]", count: 7)
        #expect(throws: Never.self) { try json(urlEncoded: name) }
        #expect(throws: FormError.malformed(.depth)) { try json(urlEncoded: name + "[b]") }
        #expect(throws: FormError.malformed(.depth)) { try json(urlEncoded: name + "[]") }
        #expect(throws: FormError.malformed(.depth)) {
            try json(urlEncoded: "a" + String(repeating: "[]", count: 120))
        }
    }

    @Test func decodedBytes() throws {
        var limits = Limits()
        limits.decodedBytes = 10
        #expect(try json(urlEncoded: "name=%41%42%43456", limits: limits) == #"{"name":"ABC456"}"#)
        #expect(throws: FormError.tooLarge(.text)) {
            try json(urlEncoded: "name=%41%42%434567", limits: limits)
        }
        let body = { (value: String) in
            Array(
                "--B\r\nContent-Disposition: form-data; name=name\r\n\r\n\(value)\r\n--B--".utf8)
        }
        #expect(
            try json(multipart: body("123456"), limits: limits).text == #"{"name":"123456"}"#)
        #expect(throws: FormError.tooLarge(.text)) {
            try json(multipart: body("1234567"), limits: limits)
        }
    }

    @Test func parts() throws {
        let part = "--B\r\nContent-Disposition: form-data; name=\"a[]\"\r\n\r\nx\r\n"
        let full = String(repeating: part, count: 100)
        #expect(throws: Never.self) { try json(multipart: Array((full + "--B--").utf8)) }
        #expect(throws: FormError.tooLarge(.parts)) {
            try json(multipart: Array((full + part + "--B--").utf8))
        }
        var limits = Limits()
        limits.fieldCount = 99
        #expect(throws: FormError.tooLarge(.fields)) {
            try json(multipart: Array((full + "--B--").utf8), limits: limits)
        }
    }

    @Test func partHeaderBytes() {
        var limits = Limits()
        let header = "Content-Disposition: form-data; name=a\r\n\r\n"
        let body = Array("--B\r\n\(header)x\r\n--B--".utf8)
        limits.partHeaderBytes = header.utf8.count
        #expect(throws: Never.self) { try json(multipart: body, limits: limits) }
        limits.partHeaderBytes -= 1
        #expect(throws: FormError.tooLarge(.partHeader)) {
            try json(multipart: body, limits: limits)
        }
    }

    @Test func fileBytes() throws {
        var limits = Limits()
        limits.fileBytes = 5
        let body = { (content: String) in
            let header = "Content-Disposition: form-data; name=f; filename=x"
            return Array("--B\r\n\(header)\r\n\r\n\(content)\r\n--B--".utf8)
        }
        #expect(try json(multipart: body("12\r\n5"), limits: limits).files[0].range.count == 5)
        for end in ["", "\r", "\r\n--"] {
            let outcome = Outcome(
                of: body("12\r\n56" + end), cutAt: [], boundary: "B", limits: limits)
            #expect(outcome.error == .tooLarge(.file))
        }
        #expect(throws: FormError.tooLarge(.file)) {
            try json(multipart: body("123456"), limits: limits)
        }
    }
}
