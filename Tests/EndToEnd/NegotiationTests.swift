import Testing

/// What Accept chooses among the media types that a route offers (RFC 9110 §12.5.1).
@Suite("Negotiation", .server)
struct NegotiationTests {
    let server = TestServer.current
    let client = TestServer.current.client

    private static let json = "application/json; charset=utf-8"
    private static let html = "text/html; charset=utf-8"
    private static let browser =
        "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"

    /// Answers which type it was told, as a page where that is HTML.
    private func addPage(_ name: String, method: String = "GET") throws -> AddedRoute {
        let route = AddedRoute(
            name: name,
            answer: "json_build_object('http_status_code', 200, 'told', p_request.media_type)",
            statements: """
                IF p_request.media_type = 'text/html' THEN
                    RETURN ROW(200, 200, E'Content-Type: \(Self.html)\\n', '<p>' || \
                    p_request.media_type, NULL, NULL)::http.response;
                END IF;
                """,
            method: method, volatility: method == "GET" ? "STABLE" : "VOLATILE",
            mediaTypes: ["application/json", "text/html"])
        try route.add(to: server)
        return route
    }

    @Test("A route with a page: a browser gets it, a program JSON, and both are told of Accept")
    func page() throws {
        let route = try addPage("page")
        let pages = [
            Self.browser, "text/html", "application/json;q=0.5, text/*", "TEXT/HTML;q=0.1",
        ]
        for accept in pages {
            let answer = try client.request("GET", route.path, [("Accept", accept)])
            #expect(answer.status == 200, "\(accept)")
            #expect(answer.text == "<p>text/html", "\(accept)")
            #expect(answer.field("Content-Type") == Self.html, "\(accept)")
            #expect(answer.field("Vary") == "Accept", "\(accept)")
        }
        let programs = [
            nil, "*/*", "application/json", "application/json, text/plain, */*", "text/html, */*",
            "text/html;q=0.9, application/json",
        ]
        for accept in programs {
            let answer = try client.request(
                "GET", route.path, accept.map { [("Accept", $0)] } ?? [])
            #expect(answer.code == 200, "\(accept ?? "none")")
            #expect(try answer.json()["told"] == .string("application/json"))
            #expect(answer.field("Content-Type") == Self.json, "\(accept ?? "none")")
            #expect(answer.field("Vary") == "Accept", "\(accept ?? "none")")
        }
        let head = try client.request("HEAD", route.path, [("Accept", "text/html")])
        #expect(head.field("Content-Type") == Self.html)
    }

    @Test("Who wants neither page nor JSON: 406 in JSON")
    func neither() throws {
        let route = try addPage("neither")
        for accept in ["image/png", "text/plain, image/*", "text/html;q=0, application/json;q=0"] {
            let answer = try client.request("GET", route.path, [("Accept", accept)])
            #expect(answer.code == 406, "\(accept)")
            #expect(answer.errorCode == "NOT_ACCEPTABLE", "\(accept)")
            #expect(answer.field("Content-Type") == Self.json, "\(accept)")
            #expect(answer.field("Vary") == "Accept", "\(accept)")
        }
    }

    @Test("A refusal of the server itself is JSON also to a browser")
    func refusals() throws {
        let route = try addPage("refusing")
        let answer = try client.request(
            "GET", route.path + "?x=%zz", [("Accept", Self.browser)])
        #expect(answer.code == 400)
        #expect(answer.field("Content-Type") == Self.json)
    }

    @Test("With an idempotency key, too, the function is told")
    func keyed() throws {
        let route = try addPage("keyed", method: "POST")
        for (accept, type) in [("text/html", Self.html), ("*/*", Self.json)] {
            let answer = try client.request(
                "POST", route.path, [("Accept", accept), ("Idempotency-Key", accept)])
            #expect(answer.status == 200)
            #expect(answer.field("Content-Type") == type)
            #expect(answer.text.contains(accept == "text/html" ? "<p>text/html" : "told"))
        }
    }

    @Test("A route of JSON alone does not vary, and has no page for a browser")
    func jsonAlone() throws {
        for accept in [Self.browser, "application/json"] {
            let answer = try client.request("GET", Path.me, [("Accept", accept)])
            #expect(answer.code == 401)
            #expect(answer.field("Content-Type") == Self.json)
            #expect(answer.field("Vary") == nil)
        }
    }

    @Test("/docs is a page to whoever does not exclude pages")
    func docs() throws {
        for accept in [nil, "*/*", Self.browser, "text/html", "text/*"] {
            let answer = try client.request("GET", "/docs", accept.map { [("Accept", $0)] } ?? [])
            #expect(answer.status == 200, "\(accept ?? "none")")
            #expect(answer.field("Content-Type") == Self.html, "\(accept ?? "none")")
            #expect(answer.text.hasPrefix("<!doctype html>"), "\(accept ?? "none")")
        }
        let answer = try client.request("GET", "/docs", [("Accept", "application/json")])
        #expect(answer.status == 406)
        #expect(try answer.json()["message"]?.string != nil)
    }
}
