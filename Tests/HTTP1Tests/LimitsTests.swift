import Bytes
import HTTP1
import Testing

/// Each bound met exactly, and exceeded by one; whole and byte by byte.
struct LimitsTests {
    private func check(
        _ request: String, _ limits: Limits, _ expected: [String],
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let bytes = Array(request.utf8)
        #expect(outcome(of: bytes, limits: limits) == expected, sourceLocation: sourceLocation)
        #expect(
            outcome(of: bytes, cuts: everyCut(bytes), limits: limits) == expected,
            sourceLocation: sourceLocation)
    }

    @Test func theyAreThoseOfTheContract() {
        let limits = Limits()
        #expect(limits.requestLineBytes == 8192)
        #expect(limits.fieldSectionBytes == 32768)
        #expect(limits.fieldCount == 100)
        #expect(limits.bodyBytes == 12_582_912)
    }

    @Test func requestLine() {
        var limits = Limits()
        limits.requestLineBytes = 20
        let rest = "\r\nHost: a\r\n\r\n"
        check("GET /45678 HTTP/1.1" + rest, limits, ["GET /45678 keeps"])
        check("GET /456789 HTTP/1.1" + rest, limits, ["GET /456789 keeps"])
        check("GET /4567890 HTTP/1.1" + rest, limits, ["414 requestLineTooLong"])
        check("\r\n\r\nGET /456789 HTTP/1.1" + rest, limits, ["GET /456789 keeps"])
        // Too long comes before all that may be wrong in the line.
        check("GET /4567890 HTTP/1.1\n", limits, ["414 requestLineTooLong"])
        check("GET /456 890 BREW/7.1" + rest, limits, ["414 requestLineTooLong"])
        check(String(repeating: "A", count: 22), limits, ["414 requestLineTooLong"])
        check(String(repeating: "A", count: 21), limits, ["400 incompleteMessage"])
    }

    @Test func requestLineOfEightKilobytes() {
        let path = "/" + String(repeating: "p", count: 8192 - 14)
        let rest = " HTTP/1.1\r\nHost: a\r\n\r\n"
        check("GET \(path)\(rest)", Limits(), ["GET \(path) keeps"])
        check("GET \(path)p\(rest)", Limits(), ["414 requestLineTooLong"])
    }

    @Test func pathOfAnOverlongRequestLine() {
        var limits = Limits()
        limits.requestLineBytes = 20
        func path(_ request: String) -> String {
            var connection = ServerConnection(limits: limits)
            connection.input.append(request)
            #expect(connection.next() == .refuse(.requestLineTooLong))
            return text(connection.head.path, of: connection)
        }
        #expect(
            path("GET /api/v1/x?\(String(repeating: "q", count: 30)) HTTP/1.1\r\n") == "/api/v1/x")
        #expect(
            path("GET /api/v1/\(String(repeating: "x", count: 30)) HTTP/1.1\r\n").hasPrefix(
                "/api/v1/xxxx"))
        #expect(path(String(repeating: "A", count: 40)) == "")
    }

    @Test func fieldSection() {
        var limits = Limits()
        limits.fieldSectionBytes = 20
        let line = "GET / HTTP/1.1\r\n"
        check(line + "Host: a\r\nX: 345678\r\n\r\n", limits, ["GET / keeps"])
        check(line + "Host: a\r\nX: 3456789\r\n\r\n", limits, ["431 fieldSectionTooLarge"])
        check(line + "Host: a\r\nX: 3456789\n\r\n", limits, ["400 bareLineFeed"])
        check(line + "Host: a\r\nX: 345678\r\n\n", limits, ["431 fieldSectionTooLarge"])
        check(line + "Host: a\r\nX: 345678\r\n\rX", limits, ["431 fieldSectionTooLarge"])
        check(line + "Host: a\r\nX: 345678\r\nY", limits, ["431 fieldSectionTooLarge"])
    }

    @Test func fieldSectionOf32Kilobytes() {
        let line = "GET / HTTP/1.1\r\nHost: a\r\n"
        let value = String(repeating: "v", count: 32768 - 9 - 5)
        check(line + "X: \(value)\r\n\r\n", Limits(), ["GET / keeps"])
        check(line + "X: \(value)v\r\n\r\n", Limits(), ["431 fieldSectionTooLarge"])
    }

    @Test func fieldCount() {
        let start = "GET / HTTP/1.1\r\nHost: a\r\n"
        let others = String(repeating: "X: y\r\n", count: 99)
        check(start + others + "\r\n", Limits(), ["GET / keeps"])
        check(start + others + "X: y\r\n\r\n", Limits(), ["431 tooManyFields"])
    }

    @Test func countedBody() {
        var limits = Limits()
        limits.bodyBytes = 3
        let start = "POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: "
        check(start + "3\r\n\r\nabc", limits, ["POST /a abc keeps"])
        check(start + "4\r\n\r\nabcd", limits, ["413 bodyTooLarge"])
    }

    @Test func chunkedBody() {
        var limits = Limits()
        limits.bodyBytes = 17
        let start = "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        let sixteen = "10\r\n0123456789abcdef\r\n"
        check(start + sixteen + "1\r\nx\r\n0\r\n\r\n", limits, ["POST /a 0123456789abcdefx keeps"])
        check(start + sixteen + "2\r\nxy\r\n0\r\n\r\n", limits, ["413 bodyTooLarge"])
        check(start + "12\r\n", limits, ["413 bodyTooLarge"])
    }

    @Test func chunkLine() {
        var limits = Limits()
        limits.chunkLineBytes = 4
        let start = "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        check(start + "1;ab\r\nx\r\n0;ab\r\n\r\n", limits, ["POST /a x keeps"])
        check(start + "1;abc\r\nx\r\n0\r\n\r\n", limits, ["400 chunkLineTooLong"])
        check(start + "0001\r\nx\r\n0\r\n\r\n", limits, ["POST /a x keeps"])
        check(start + "00001\r\nx\r\n0\r\n\r\n", limits, ["400 chunkLineTooLong"])
    }

    @Test func trailers() {
        var limits = Limits()
        limits.trailerBytes = 12
        let start = "POST /a HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
        check(start + "A: b\r\nC: d\r\n\r\n", limits, ["POST /a keeps"])
        check(start + "A: b\r\nC: de\r\n\r\n", limits, ["431 trailersTooLarge"])
    }
}
