import HTTP1
import Testing

/// What values of Accept choose among the media types that are offered.
struct AcceptTests {
    private static func offers(_ names: [String]) throws -> [OfferedType] {
        try names.map { try #require(OfferedType($0)) }
    }

    private static func choice(_ value: String, _ names: String...) throws -> String? {
        let value = Array(value.utf8)
        return Accept.choice(among: try offers(names), by: value.span).map { names[$0] }
    }

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
        "application/json;q=1;ext=2", "application/json;q=nonsense", "application/json;q=0.0001",
        "application/json;q=.", "application/json;q=-0", "application/json;q=0.0.0",
        "not a range", "json", "a//b", "@", "text/html;x=\"open", ";q=1", "=", "/;/;",
    ])
    func allowed(value: String) throws {
        #expect(try Self.choice(value, "application/json") == "application/json")
    }

    @Test(arguments: [
        "text/html", "text/*", "application/xml", "application/problem+json", "image/png, text/css",
        "application/json;q=0", "application/json;q=0.0", "application/json;q=0.000",
        "application/json; Q=0", "*/*;q=0", "application/*;q=0", "*/*;q=0, text/html",
        "application/json;q=0, */*", "*/*, application/json;q=0", "application/*;q=0, */*;q=1",
        "application/json;q=0, application/*", "application/jsonp", "application/jso",
        "text/html;x=\", application/json\"", "application/xml, json", "text/html, @",
        "application*/json", "*/json", "applicatio*/*", "application/", "application/js*",
        "application/json;q=00", "application/json;q=0.",
    ])
    func excluded(value: String) throws {
        #expect(try Self.choice(value, "application/json") == nil)
    }

    /// What a page with a form of its own for programs answers.
    @Test(arguments: [
        ("", "application/json"), ("*/*", "application/json"), ("text/html", "text/html"),
        ("application/json", "application/json"),
        // Browsers; what follows fetch() and common clients.
        (
            "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8",
            "text/html"
        ),
        ("text/html, application/xhtml+xml, image/jxr, */*", "application/json"),
        ("application/json, text/plain, */*", "application/json"),
        ("text/html, image/gif, image/jpeg, *; q=.2, */*; q=.2", "text/html"),
        // Weights go before order, the most specific range before the others.
        ("application/json;q=0.9, text/html", "text/html"),
        ("text/html;q=0.9, application/json", "application/json"),
        ("text/html;q=0.5, application/json;q=0.5", "application/json"),
        ("text/html;q=0.501, application/json;q=0.5", "text/html"),
        ("text/html;q=0.5, */*;q=0.6", "application/json"), ("text/*, */*;q=0.9", "text/html"),
        ("*/*, application/json;q=0.999", "text/html"), ("*/*, text/html;q=0", "application/json"),
        ("*/*, application/json;q=0", "text/html"), ("TEXT/HTML", "text/html"),
        ("application/*;q=0.1, text/*;q=0.2", "text/html"), ("text/html;level=1", "text/html"),
        ("text/html;q=2, application/json", "application/json"), ("@", "application/json"),
        ("text/html;q=0.0004, application/json;q=0", "text/html"),
    ])
    func page(value: String, expected: String) throws {
        #expect(try Self.choice(value, "application/json", "text/html") == expected)
    }

    @Test(arguments: ["image/png", "*/*;q=0", "text/html;q=0, application/json;q=0", "text/plain"])
    func neither(value: String) throws {
        #expect(try Self.choice(value, "application/json", "text/html") == nil)
    }

    @Test func theServersOrderDecidesAmongEquals() throws {
        #expect(try Self.choice("*/*", "text/html", "application/json") == "text/html")
        let value = "application/json, text/html"
        #expect(try Self.choice(value, "text/html", "application/json") == "text/html")
    }

    @Test func severalLines() throws {
        let offers = try Self.offers(["application/json", "text/html"])
        func choice(_ lines: String) throws -> Int? {
            let bytes = Array("GET / HTTP/1.1\r\nHost: a\r\n\(lines)\r\n".utf8)
            var parser = RequestParser(limits: Limits())
            #expect(try parser.parseHead(bytes.span) == true)
            return bytes.withUnsafeBytes { Accept.choice(among: offers, for: parser.head, in: $0) }
        }
        #expect(try choice("") == 0)
        #expect(try choice("Accept:\r\n") == 0)
        #expect(try choice("Accept: text/html\r\n") == 1)
        #expect(try choice("Accept: text/html\r\nAccept: application/json\r\n") == 0)
        #expect(try choice("Accept: */*\r\nAccept: application/json;q=0\r\n") == 1)
        #expect(try choice("Accept: */*;q=0\r\nAccept:\r\n") == nil)
        #expect(try choice("Accept: text/plain\r\nX-Accept: application/json\r\n") == nil)
    }

    @Test(arguments: [
        "", "/", "json", "text/", "/html", "text/html/", "text//html", "*/*", "text/*",
        "text/html;",
        "text/html; charset=utf-8", " text/html", "text/html ", "text/ht~ml", "text/h\u{E9}",
    ])
    func cannotBeOffered(name: String) {
        #expect(OfferedType(name) == nil)
    }

    @Test func offeredInLowerCase() throws {
        #expect(OfferedType("Text/HTML") == OfferedType("text/html"))
        let name = "image/svg+xml"
        #expect(try Self.choice("IMAGE/SVG+XML", name) == name)
        #expect(try Self.choice("a/b.C-1_^!#$&", "a/b.c-1_^!#$&") != nil)
        #expect(try Self.choice("a/b.c-1_~!#$&", "a/b.c-1_^!#$&") == nil)
    }
}
