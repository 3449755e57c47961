import Seeded
import Testing

import Forms

@Suite struct MultipartParserTests {
    /// A part as one would write it down.
    struct Row: Sendable, CustomTestStringConvertible {
        var body: String
        var parts: [(name: String, filename: String?, type: String?, content: String)] = []
        var error: FormError?
        var boundary = "B"

        var testDescription: String { body.debugDescription }
    }

    /// A body of one part with this header block.
    private static func headers(_ block: String) -> String {
        "--B\r\n\(block)\r\n\r\nx\r\n--B--\r\n"
    }

    private static let disposition = "Content-Disposition: form-data; name="

    static let good: [Row] = [
        Row(body: "--B--"), Row(body: "--B--\r\n"), Row(body: "preamble\r\n--B--\r\nepilogue"),
        Row(body: "--\r\n--\r\n\r\r\n\r\n--B--anything\n--B\r\n"),
        Row(
            body:
                "--B\r\n\(disposition)\"a\"\r\n\r\n1\r\n--B\r\n\(disposition)b\r\n\r\n2\r\n--B--\r\n",
            parts: [("a", nil, nil, "1"), ("b", nil, nil, "2")]),
        Row(
            body: "ignored --B\r\n--B \t \r\n\(disposition)a\r\n\r\n\r\n--B--",
            parts: [("a", nil, nil, "")]),
        // A content that is nothing but its delimiter's CRLF
        Row(
            body: "--B\r\n\(disposition)a\r\n\r\n--B\r\n\(disposition)b\r\n\r\n\r\n\r\n--B--",
            parts: [("a", nil, nil, ""), ("b", nil, nil, "\r\n")]),
        // Delimiters begun in vain
        Row(
            body: "--B\r\n\(disposition)a\r\n\r\n\r\r\n\r\n-\r\n--\r\r\n--C--B\r\n-\r\n\r\n--B--",
            parts: [("a", nil, nil, "\r\r\n\r\n-\r\n--\r\r\n--C--B\r\n-\r\n")]),
        Row(
            body: "--aab\r\n\(disposition)a\r\n\r\n-\r\n--aa\r\n--aa\r\n--aab--",
            parts: [("a", nil, nil, "-\r\n--aa\r\n--aa")], boundary: "aab"),
        Row(
            body: "--B\r\n\(disposition)a\r\n\r\n--A--B\n--B\r--B\r\n--B--",
            parts: [("a", nil, nil, "--A--B\n--B\r--B")]),
        // Header blocks
        Row(
            body: headers(
                "content-disposition:FORM-DATA;NAME=a \r\nX-Other: \u{FC}\tz\r\nContent-Type:\ttext/html; charset=utf-8 "
            ),
            parts: [("a", nil, "text/html; charset=utf-8", "x")]),
        Row(
            body: headers(
                "\(disposition)\"f\"; filename=\"../../etc/passwd\"\r\nContent-Type: image/png"),
            parts: [("f", "../../etc/passwd", "image/png", "x")]),
        Row(
            body: headers(#"\#(disposition)"a;b\"c\\d\e"; filename="C:\a.txt";"#),
            parts: [(#"a;b"c\d\e"#, #"C:\a.txt"#, nil, "x")]),
        Row(body: headers("\(disposition)\"f\";filename=\"\""), parts: [("f", "", nil, "x")]),
        Row(
            body: headers("\(disposition)\"ü\" ; ; filename=é.png"),
            parts: [("ü", "é.png", nil, "x")]),
        Row(
            body: headers("\(disposition)f; filename*=utf-8'en'%e2%82%AC+.txt"),
            parts: [("f", "€+.txt", nil, "x")]),
        Row(
            body: headers("\(disposition)f; filename*=nonsense; filename=plain"),
            parts: [("f", "plain", nil, "x")]),
        Row(
            body: headers("\(disposition)f\r\nContent-Transfer-Encoding: Binary"),
            parts: [("f", nil, nil, "x")]),
        Row(
            body: "--'()+_,-./:=? 0aZ\r\n\(disposition)a\r\n\r\nx\r\n--'()+_,-./:=? 0aZ--",
            parts: [("a", nil, nil, "x")], boundary: "'()+_,-./:=? 0aZ"),
    ]

    static let bad: [Row] = [
        Row(body: "", error: .malformed(.incomplete)),
        Row(body: "--B", error: .malformed(.incomplete)),
        Row(body: "--B-", error: .malformed(.incomplete)),
        Row(body: "\n--B--", error: .malformed(.incomplete)),
        Row(body: "x--B--", error: .malformed(.incomplete)),
        Row(body: "--b--", error: .malformed(.incomplete)),
        Row(body: "--B\r\n\(disposition)a\r\n\r\nx\r\n--B\r\n", error: .malformed(.incomplete)),
        Row(body: "--B\r\n\(disposition)a\r\n\r\nx--B--", error: .malformed(.incomplete)),
        Row(body: "--B\r\n\(disposition)a\r\n\r\nx\n--B--", error: .malformed(.incomplete)),
        Row(body: "--Bx\r\n", error: .malformed(.delimiter)),
        Row(body: "--B\n", error: .malformed(.delimiter)),
        Row(body: "--B\r\r\n", error: .malformed(.delimiter)),
        Row(body: "--B-x", error: .malformed(.delimiter)),
        Row(body: "--B --\r\n", error: .malformed(.delimiter)),
        Row(body: "--B x", error: .malformed(.delimiter)),
        Row(body: "--B\r\n\r\nx\r\n--B--", error: .malformed(.header)),
        Row(body: headers("\(disposition)a\nX: y"), error: .malformed(.header)),
        Row(body: headers("\(disposition)a\rX: y"), error: .malformed(.header)),
        Row(body: headers("\(disposition)a\r\n folded"), error: .malformed(.header)),
        Row(body: headers(" \(disposition)a"), error: .malformed(.header)),
        Row(body: headers("\(disposition)a\r\nX : y"), error: .malformed(.header)),
        Row(body: headers("\(disposition)a\r\nX"), error: .malformed(.header)),
        Row(body: headers("\(disposition)a\r\n: y"), error: .malformed(.header)),
        Row(body: headers("\(disposition)a\r\nX: \0"), error: .malformed(.header)),
        Row(body: headers("\(disposition)\"a\0\""), error: .malformed(.header)),
        Row(body: headers("\(disposition)a\r\n\(disposition)b"), error: .malformed(.header)),
        Row(body: headers("\(disposition)a; name=b"), error: .malformed(.header)),
        Row(body: headers("\(disposition)a; filename=b; FileName=c"), error: .malformed(.header)),
        Row(body: headers("\(disposition)\"a"), error: .malformed(.header)),
        Row(body: headers("\(disposition)\"a\"b"), error: .malformed(.header)),
        Row(body: headers("\(disposition)a\"b\""), error: .malformed(.header)),
        Row(body: headers("\(disposition)"), error: .malformed(.header)),
        Row(body: headers("\(disposition)a; filename"), error: .malformed(.header)),
        Row(body: headers("\(disposition)a b"), error: .malformed(.header)),
        Row(body: headers("Content-Disposition: form-data; name =a"), error: .malformed(.header)),
        Row(body: headers("Content-Disposition: attachment; name=a"), error: .malformed(.header)),
        Row(body: headers("Content-Disposition:"), error: .malformed(.header)),
        Row(body: headers("Content-Type: text/plain"), error: .malformed(.header)),
        Row(body: headers("\(disposition)a\r\nContent-Type:"), error: .malformed(.header)),
        Row(
            body: headers("\(disposition)a\r\nContent-Type: a\r\nContent-Type: b"),
            error: .malformed(.header)),
        Row(
            body: headers("\(disposition)a\r\nContent-Transfer-Encoding: base64"),
            error: .malformed(.header)),
        Row(body: headers("Content-Disposition: form-data"), error: .malformed(.name)),
        Row(body: headers("Content-Disposition: form-data; filename=a"), error: .malformed(.name)),
        Row(body: headers("\(disposition)f; filename*=latin1''a"), error: .malformed(.header)),
        Row(body: headers("\(disposition)f; filename*=utf-8'a"), error: .malformed(.header)),
        Row(body: headers("\(disposition)f; filename*=utf-8''%a"), error: .malformed(.escape)),
        Row(body: headers("\(disposition)f; filename*=utf-8''%ff"), error: .malformed(.encoding)),
    ]

    @Test(arguments: good + bad)
    func bodies(row: Row) {
        let body = Array(row.body.utf8)
        let whole = Outcome(of: body, cutAt: [], boundary: row.boundary)
        #expect(whole.error == row.error)
        #expect(whole.finished == (row.error == nil))
        if row.error == nil {
            #expect(whole.parts.map(\.headers.name) == row.parts.map(\.name))
            #expect(whole.parts.map(\.headers.filename) == row.parts.map(\.filename))
            #expect(whole.parts.map(\.headers.contentType) == row.parts.map(\.type))
            #expect(whole.parts.map(\.content) == row.parts.map { Array($0.content.utf8) })
            #expect(!whole.parts.contains { !$0.ended })
        }
        let single = Outcome(of: body, cutAt: Array(0..<body.count), boundary: row.boundary)
        #expect(single == whole)
        for cut in 0...body.count {
            #expect(Outcome(of: body, cutAt: [cut], boundary: row.boundary) == whole)
        }
        var generator = SeededGenerator(seed: 2)
        for _ in 0..<20 {
            let cuts = (0..<5).map { _ in Int.random(in: 0...body.count, using: &generator) }
            #expect(Outcome(of: body, cutAt: cuts.sorted(), boundary: row.boundary) == whole)
        }
    }

    @Test func invalidUTF8InHeaders() {
        let disposition = Array(Self.disposition.utf8)
        for block in [
            disposition + [0xFF], disposition + Array("a; filename=\"".utf8) + [0xC3, 0x22],
        ] {
            let body = Array("--B\r\n".utf8) + block + Array("\r\n\r\nx\r\n--B--".utf8)
            let outcome = Outcome(of: body, cutAt: [], boundary: "B")
            #expect(outcome.error == .malformed(.encoding))
        }
    }

    @Test(arguments: [
        "", "a ", "a\r", "a\u{E4}", "a;b", "a\"b", "a*", String(repeating: "b", count: 71),
    ])
    func boundaries(boundary: String) {
        #expect(Outcome(of: [], cutAt: [], boundary: boundary).error == .malformed(.boundary))
    }

    /// A body made to be slow where a search starts over takes about as long as any other.
    @Test func noQuadraticBehaviour() {
        let boundary = String(repeating: "-", count: 70)
        var body = Array("--\(boundary)\r\n\(Self.disposition)f; filename=f\r\n\r\n".utf8)
        for _ in 0..<20_000 { body += Array("\r\n--\(boundary.dropLast())".utf8) }
        let content = body.count
        body += Array("\r\n--\(boundary)--".utf8)
        let start = ContinuousClock.now
        let outcome = Outcome(of: body, cutAt: Array(0..<content), boundary: boundary)
        #expect(outcome.error == nil)
        #expect(ContinuousClock.now - start < .seconds(20))
    }
}
