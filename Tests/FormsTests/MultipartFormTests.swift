import Forms
import Foundation
import Testing

@Suite struct MultipartFormTests {
    private func part(_ name: String, _ rest: String, _ content: String) -> String {
        "--B\r\nContent-Disposition: form-data; name=\"\(name)\"\(rest)\r\n\r\n\(content)\r\n"
    }

    @Test func fields() throws {
        let body =
            part("user[email]", "", "a@b.c") + part("user[tags][]", "", "x\r\ny")
            + part("user[tags][]", "", "") + part("a", "", "1") + part("a", "", "\0\"")
            + part("n+%41", "", "a+b%20") + "--B--\r\n"
        let form = try json(multipart: Array(body.utf8))
        #expect(
            form.text
                == #"{"user":{"email":"a@b.c","tags":["x\r\ny",""]},"a":"\u0000\"","n+%41":"a+b%20"}"#
        )
        #expect(form.files.isEmpty)
        #expect(try parsed(form.text) != nil)
    }

    @Test func files() throws {
        let body = Array(
            (part("title", "", "t")
                + part(
                    "user[avatar]", "; filename=\"../ü\\\"\"\r\nContent-Type: image/png",
                    "\r\nPNG\0")
                + part("user[cv]", "; filename=empty", "") + part("none", "; filename=\"\"", "")
                + part("pics[]", "; filename=\"\"", "blob") + "--B--").utf8)
        let form = try json(multipart: body)
        #expect(
            form.text
                == #"{"title":"t","user":{"avatar":{"filename":"../ü\"","content_type":"image/png","size":6,"file":0},"#
                + #""cv":{"filename":"empty","content_type":null,"size":0,"file":1}},"#
                + #""pics":[{"filename":"","content_type":null,"size":4,"file":2}]}"#)
        #expect(form.files.map(\.name) == ["user[avatar]", "user[cv]", "pics[]"])
        #expect(form.files.map(\.filename) == ["../ü\"", "empty", ""])
        #expect(form.files.map(\.contentType) == ["image/png", nil, nil])
        #expect(
            form.files.map { Array(body[$0.range]) }
                == [Array("\r\nPNG\0".utf8), [], Array("blob".utf8)])
        let read = try parsed(form.text)
        let user = read?["user"] as? NSDictionary
        #expect((user?["avatar"] as? NSDictionary)?["size"] as? Int == 6)
    }

    @Test func empty() throws {
        #expect(try json(multipart: Array("--B--\r\n".utf8)).text == "{}")
    }

    @Test func refused() {
        let cases: [(String, FormError)] = [
            (part("a", "", "1") + part("a[b]", "", "2"), .conflict),
            (part("a", "; filename=x", "1") + part("a[b]", "", "2"), .conflict),
            (part("", "", "1"), .malformed(.name)), (part("a[", "", "1"), .malformed(.name)),
            (part("a[b][c][d][e][f][g][h][i]", "", "1"), .malformed(.depth)),
        ]
        for (body, error) in cases {
            #expect(throws: error) { try json(multipart: Array((body + "--B--").utf8)) }
        }
        let head = part("a", "", "").utf8.dropLast(2)
        let body = Array(head) + [0xC3] + Array("\r\n--B--".utf8)
        #expect(throws: FormError.malformed(.encoding)) { try json(multipart: body) }
        #expect(throws: FormError.malformed(.boundary)) {
            try json(multipart: Array("--B--".utf8), boundary: "")
        }
    }

    /// The content of a file may be anything.
    @Test func binaryContent() throws {
        let head = part("a", "; filename=f", "").utf8.dropLast(2)
        let content = [UInt8](0...255) + [13] + [UInt8](0...255) + [13, 10, 45, 45]
        let body = Array(head) + content + Array("\r\n--B--".utf8)
        let form = try json(multipart: body)
        #expect(form.files.map { Array(body[$0.range]) } == [content])
    }
}
