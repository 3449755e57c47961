import Bytes
import HTTP1
import Testing

/// What goes onto the wire, to the byte.
struct ResponseWriterTests {
    private let date = Array("Sun, 06 Nov 1994 08:49:37 GMT".utf8)

    private func written(_ write: (inout ByteQueue) throws -> Void) rethrows -> String {
        var output = ByteQueue()
        try write(&output)
        return String(decoding: output.readable, as: UTF8.self)
    }

    @Test func statusLines() {
        let lines: [(Int, String)] = [
            (200, "200 OK"), (201, "201 Created"), (204, "204 No Content"),
            (304, "304 Not Modified"), (400, "400 Bad Request"), (404, "404 Not Found"),
            (405, "405 Method Not Allowed"), (413, "413 Content Too Large"),
            (422, "422 Unprocessable Content"), (423, "423 Locked"),
            (431, "431 Request Header Fields Too Large"), (500, "500 Internal Server Error"),
            (503, "503 Service Unavailable"), (505, "505 HTTP Version Not Supported"),
            (599, "599 "),
        ]
        for (status, line) in lines {
            #expect(
                written { ResponseWriter.statusLine(status, to: &$0) } == "HTTP/1.1 \(line)\r\n")
        }
    }

    @Test func commonHead() {
        let id = Array("abc-1".utf8)
        let text = written {
            ResponseWriter.head(
                status: 200, contentType: "application/json", contentLength: 17, keepAlive: true,
                minorVersion: 1, date: date.span, requestID: id.span, to: &$0)
            ResponseWriter.endOfFields(to: &$0)
        }
        #expect(
            text == """
                HTTP/1.1 200 OK\r
                Date: Sun, 06 Nov 1994 08:49:37 GMT\r
                Content-Type: application/json\r
                Content-Length: 17\r
                X-Request-Id: abc-1\r
                \r

                """)
    }

    @Test(arguments: [
        (true, 1 as UInt8, ""), (false, 1, "Connection: close\r\n"),
        (true, 0, "Connection: keep-alive\r\n"), (false, 0, "Connection: close\r\n"),
    ])
    func connectionField(keepAlive: Bool, minorVersion: UInt8, line: String) {
        let text = written {
            ResponseWriter.head(
                status: 200, contentType: nil, contentLength: 0, keepAlive: keepAlive,
                minorVersion: minorVersion, date: date.span, requestID: [UInt8]().span, to: &$0)
        }
        #expect(
            text == "HTTP/1.1 200 OK\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
                + "Content-Length: 0\r\n" + line)
    }

    @Test func noLengthWhereNoneMayBe() {
        for (status, length) in [(204, 0), (101, 0), (200, nil)] as [(Int, Int?)] {
            let text = written {
                ResponseWriter.head(
                    status: status, contentType: nil, contentLength: length, keepAlive: true,
                    minorVersion: 1, date: date.span, requestID: [UInt8]().span, to: &$0)
            }
            #expect(!text.contains("Content-Length"))
        }
    }

    @Test func fields() {
        #expect(written { ResponseWriter.field("Allow", "GET", to: &$0) } == "Allow: GET\r\n")
        #expect(written { ResponseWriter.field("Age", 120, to: &$0) } == "Age: 120\r\n")
        #expect(
            written { ResponseWriter.field("ETag", Array("\"x\"".utf8), to: &$0) }
                == "ETag: \"x\"\r\n")
        let raw = Array("raw".utf8)
        #expect(
            written { output in
                raw.withUnsafeBytes { ResponseWriter.field("X", $0, to: &output) }
            } == "X: raw\r\n")
    }

    @Test func valuesCannotEndTheirLine() {
        let value = Array("a\r\nSet-Cookie: x\0\u{7F}é\t".utf8)
        #expect(
            written { ResponseWriter.field("X", value, to: &$0) } == "X: a  Set-Cookie: x  é\t\r\n")
    }

    private func lines(_ text: String) throws -> String {
        try written { output in
            try Array(text.utf8).withUnsafeBytes { raw in
                try ResponseWriter.fieldLines(raw, to: &output)
            }
        }
    }

    @Test func fieldLinesOfTheDatabase() throws {
        #expect(try lines("") == "")
        #expect(
            try lines("Set-Cookie: a=b; Path=/\nX-Total-Count:  7 \n")
                == "Set-Cookie: a=b; Path=/\r\nX-Total-Count: 7\r\n")
        #expect(try lines("X-Last: 1") == "X-Last: 1\r\n")
        #expect(try lines("X-Name: é\n") == "X-Name: é\r\n")
        #expect(try lines("X-Empty:\n") == "X-Empty: \r\n")
    }

    @Test(arguments: [
        ("X\n", ResponseError.invalidFieldLine), (": x\n", .invalidFieldLine),
        ("X : y\n", .invalidFieldLine), (" X: y\n", .invalidFieldLine), ("\n", .invalidFieldLine),
        ("X: y\n\nZ: z\n", .invalidFieldLine), ("X: y\r\n", .invalidFieldLine),
        ("X: a\rb\n", .invalidFieldLine), ("X: \0\n", .invalidFieldLine),
        ("X: y\n folded\n", .invalidFieldLine), ("Content-Length: 3\n", .reservedFieldName),
        ("A: b\ntransfer-encoding: chunked\n", .reservedFieldName),
        ("CONNECTION: close\n", .reservedFieldName),
    ])
    func badFieldLines(text: String, error: ResponseError) {
        var output = ByteQueue()
        output.append("before")
        #expect(throws: error) {
            try Array(("Good: 1\n" + text).utf8).withUnsafeBytes { raw in
                try ResponseWriter.fieldLines(raw, to: &output)
            }
        }
        #expect(Array(output.readable) == Array("before".utf8))
    }

    @Test func contentTypeAmongFieldLines() throws {
        func has(_ text: String) throws -> Bool {
            try Array(text.utf8).withUnsafeBytes { try ResponseWriter.checkFieldLines($0) }
        }
        #expect(try has("X: y\ncontent-type: text/html\n"))
        #expect(try !has("X: y\nX-Content-Type: text/html\n"))
        #expect(throws: ResponseError.invalidFieldLine) { try has("Content-Type: a\nX\n") }
    }
}
