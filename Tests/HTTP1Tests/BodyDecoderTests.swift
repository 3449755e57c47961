import HTTP1
import Testing

/// The decoder by itself: what one call consumes and finds.
struct BodyDecoderTests {
    private func decoder(_ framing: Framing, limit: Int = 100) -> BodyDecoder {
        BodyDecoder(framing: framing, limit: limit, limits: Limits())
    }

    @Test func nothingToDecode() throws {
        for framing in [Framing.none, .length(0)] {
            var decoder = decoder(framing)
            let progress = try decoder.decode(Array("next".utf8).span)
            #expect(progress.consumed == 0)
            #expect(progress.payload.isEmpty)
            #expect(progress.isComplete)
            #expect(try decoder.decode([UInt8]().span).isComplete == true)
        }
    }

    @Test func countedBody() throws {
        var decoder = decoder(.length(5))
        var progress = try decoder.decode(Array("abc".utf8).span)
        #expect(progress.consumed == 3)
        #expect(progress.payload == ByteRange(0, 3))
        #expect(!progress.isComplete)
        progress = try decoder.decode([UInt8]().span)
        #expect(progress.consumed == 0)
        progress = try decoder.decode(Array("defgh".utf8).span)
        #expect(progress.consumed == 2)
        #expect(progress.payload == ByteRange(0, 2))
        #expect(progress.isComplete)
    }

    @Test func countedBodyBeyondItsLimit() {
        var decoder = decoder(.length(5), limit: 4)
        #expect(throws: RequestError.bodyTooLarge) { try decoder.decode([UInt8]().span) }
    }

    @Test func oneRunOfBytesACall() throws {
        let input = Array("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\nnext".utf8)
        var decoder = decoder(.chunked)
        var progress = try decoder.decode(input.span)
        #expect(progress.payload == ByteRange(3, 6))
        #expect(progress.consumed == 6)
        var start = progress.consumed
        progress = try decoder.decode(Array(input[start...]).span)
        #expect(progress.payload == ByteRange(5, 7))
        #expect(progress.consumed == 7)
        #expect(!progress.isComplete)
        start += progress.consumed
        progress = try decoder.decode(Array(input[start...]).span)
        #expect(progress.payload.isEmpty)
        #expect(progress.isComplete)
        #expect(start + progress.consumed == input.count - 4)
    }
}
