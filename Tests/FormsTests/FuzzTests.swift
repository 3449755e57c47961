import Forms
import Seeded
import Testing

/// Spoiled forms never trap, never yield text that is not JSON, and read the same however they arrive.
@Suite struct FuzzTests {
    @Test func urlEncoded() throws {
        let seeds = [
            "user[email]=a%40b.c&user[tags][]=x&user[tags][]=y&page=2",
            "u[][a]=1&u[][b][]=2&u[0][a]=%C3%BC&n=%22%5C&a[3]=x&a[1]=y", "q=a+b&q=&&=&x",
        ]
        let tokens = ["[", "]", "[]", "[0]", "[a]", "&", "=", "%", "%00", "%5B", "+", "a", "&a=1"]
        var generator = SeededGenerator(seed: 3)
        var accepted = 0
        for number in 0..<20_000 {
            let seed = Array(seeds[number % seeds.count].utf8)
            let form = mutated(seed, tokens: tokens, with: &generator)
            guard let text = try? json(urlEncoded: form) else { continue }
            accepted += 1
            try #require(try parsed(text) != nil, "\(form)")
        }
        #expect(accepted > 1_000 && accepted < 20_000)
    }

    @Test func multipart() throws {
        let seed = Array(
            """
            preamble\r
            --BB\r
            Content-Disposition: form-data; name="user[name]"\r
            \r
            x\r\n--B\r
            --BB\r
            Content-Disposition: form-data; name="f"; filename="a.png"\r
            Content-Type: image/png\r
            \r
            \r\n--BA\r
            --BB--\r
            epilogue
            """.utf8)
        let tokens = [
            "\r\n", "\r", "\n", "--BB", "\r\n--BB", "--", "\r\n--BB--", "\"", ";", "=", ":", "\\",
            "[]",
            "; filename*=utf-8''%41", "\r\n\r\n", "Content-Type: a\r\n",
        ]
        var limits = Limits()
        limits.partHeaderBytes = 120
        limits.partCount = 3
        limits.fileBytes = 20
        var generator = SeededGenerator(seed: 4)
        var accepted = 0
        for _ in 0..<20_000 {
            let body = mutated(seed, tokens: tokens, with: &generator)
            let whole = Outcome(of: body, cutAt: [], boundary: "BB", limits: limits)
            let cuts = (0..<4).map { _ in Int.random(in: 0...body.count, using: &generator) }
            let split = Outcome(of: body, cutAt: cuts.sorted(), boundary: "BB", limits: limits)
            try #require(split == whole, "\(body)")
            if let form = try? json(multipart: body, boundary: "BB", limits: limits) {
                accepted += 1
                try #require(try parsed(form.text) != nil, "\(body)")
                for file in form.files { try #require(file.range.upperBound <= body.count) }
            }
        }
        #expect(accepted > 1_000 && accepted < 20_000)
    }
}
