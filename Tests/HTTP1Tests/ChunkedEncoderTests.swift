import Bytes
import HTTP1
import Testing

/// What the encoder writes, the decoder reads.
struct ChunkedEncoderTests {
    private func decoded(_ input: [UInt8], step: Int) throws -> [UInt8] {
        var decoder = BodyDecoder(framing: .chunked, limit: .max, limits: Limits())
        var body: [UInt8] = []
        var start = 0
        var end = 0
        while true {
            end = max(start, min(end + step, input.count))
            let window = Array(input[start..<end])
            let progress = try decoder.decode(window.span)
            body += window[progress.payload.lower..<progress.payload.upper]
            start += progress.consumed
            if progress.isComplete {
                #expect(start == input.count)
                return body
            }
            if end == input.count, progress.consumed == 0 {
                Issue.record("the body does not end")
                return body
            }
        }
    }

    @Test(arguments: [1, 9, 10, 15, 16, 17, 255, 256, 4095, 4096, 65_536, 1_000_000])
    func roundTrip(size: Int) throws {
        let first = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        var output = ByteQueue()
        first.withUnsafeBytes { ChunkedEncoder.chunk($0, to: &output) }
        ChunkedEncoder.chunk(UnsafeRawBufferPointer(start: nil, count: 0), to: &output)
        Array("last".utf8).withUnsafeBytes { ChunkedEncoder.chunk($0, to: &output) }
        ChunkedEncoder.finish(to: &output)
        let encoded = Array(output.readable)
        #expect(encoded.starts(with: (String(size, radix: 16) + "\r\n").utf8))
        for step in size > 10_000 ? [997, encoded.count] : [1, 7, encoded.count] {
            #expect(try decoded(encoded, step: step) == first + Array("last".utf8))
        }
    }

    @Test func trailers() throws {
        var output = ByteQueue()
        Array("abc".utf8).withUnsafeBytes { ChunkedEncoder.chunk($0, to: &output) }
        try Array("X-Sum: 1\nX-Other: 2\n".utf8).withUnsafeBytes {
            try ChunkedEncoder.finish(trailers: $0, to: &output)
        }
        let encoded = Array(output.readable)
        #expect(text(encoded) == "3\\r\\nabc\\r\\n0\\r\\nX-Sum: 1\\r\\nX-Other: 2\\r\\n\\r\\n")
        #expect(try decoded(encoded, step: 1) == Array("abc".utf8))
    }

    @Test func badTrailersWriteNothing() {
        var output = ByteQueue()
        #expect(throws: ResponseError.reservedFieldName) {
            try Array("Content-Length: 1\n".utf8).withUnsafeBytes { raw in
                try ChunkedEncoder.finish(trailers: raw, to: &output)
            }
        }
        #expect(output.isEmpty == true)
    }
}
