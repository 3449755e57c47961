import HTTP1
import Testing

/// Which values of Accept leave JSON in.
struct AcceptTests {
    @Test(arguments: [
        "", " ", ",", "application/json", "APPLICATION/JSON", "application/*", "*/*",
        "text/html, */*;q=0.1", "text/html,application/xhtml+xml,*/*;q=0.8",
        "application/json;q=0.001", "application/json;q=1", "application/json;q=1.000",
        "application/json; charset=utf-8", "application/json;charset=\"utf-8\";q=0.5",
        "*/*;q=0, application/json", "application/json, */*;q=0",
        "application/*;q=0, application/json;q=0.2", "*/*;q=0,application/*;q=0.1",
        "text/html;x=\"application/json;q=0,\", application/json",
        "text/html;x=\"\\\",\", application/json", "application/json;q=0, application/json",
        "text/html , application/json ;q=0.5 , text/plain", ",, application/json,,",
        "text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", "application/json;",
        "application/json;q=1;ext=2", "application/json;q=nonsense",
        "not a range", "json", "a//b", "@", "text/html;x=\"open", ";q=1", "=", "/;/;",
    ])
    func allowed(value: String) {
        #expect(Accept.allowsJSON(Array(value.utf8).span) == true)
    }

    @Test(arguments: [
        "text/html", "text/*", "application/xml", "application/problem+json", "image/png, text/css",
        "application/json;q=0", "application/json;q=0.0", "application/json;q=0.000",
        "application/json; Q=0", "*/*;q=0", "application/*;q=0", "*/*;q=0, text/html",
        "application/json;q=0, */*", "*/*, application/json;q=0", "application/*;q=0, */*;q=1",
        "application/json;q=0, application/*", "application/jsonp", "application/jso",
        "text/html;x=\", application/json\"", "application/xml, json", "text/html, @",
    ])
    func excluded(value: String) {
        #expect(Accept.allowsJSON(Array(value.utf8).span) == false)
    }

    @Test func severalLines() throws {
        func allows(_ lines: String) throws -> Bool {
            let bytes = Array("GET / HTTP/1.1\r\nHost: a\r\n\(lines)\r\n".utf8)
            var parser = RequestParser(limits: Limits())
            #expect(try parser.parseHead(bytes.span) == true)
            return bytes.withUnsafeBytes { Accept.allowsJSON(parser.head, in: $0) }
        }
        #expect(try allows(""))
        #expect(try allows("Accept: text/html\r\nAccept: application/json\r\n"))
        #expect(try !allows("Accept: */*\r\nAccept: application/json;q=0\r\n"))
        #expect(try !allows("Accept: text/html\r\nX-Accept: application/json\r\n"))
    }
}
