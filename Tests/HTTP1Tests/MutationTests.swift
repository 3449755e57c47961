import HTTP1
import Seeded
import Testing

/// Inputs nobody thought of: nothing traps, and how the bytes arrive makes no difference.
struct MutationTests {
    /// Small bounds, so that mutated inputs meet them too.
    private static let limits: Limits = {
        var limits = Limits()
        limits.requestLineBytes = 60
        limits.fieldSectionBytes = 120
        limits.fieldCount = 5
        limits.bodyBytes = 20
        limits.chunkLineBytes = 8
        limits.trailerBytes = 16
        return limits
    }()

    /// What has a meaning somewhere in the grammar.
    private static let pieces: [[UInt8]] = [
        "\r", "\n", "\r\n", "\r\n\r\n", " ", "\t", ":", ";", ",", "\0", "\u{7F}", "\u{E9}", "#",
        "?", "*", "/", "0", "5", "f", "0\r\n\r\n", "chunked", "Content-Length: 3\r\n",
        "Transfer-Encoding: chunked\r\n", "Connection: close\r\n", "Expect: 100-continue\r\n",
        "Host: a\r\n", "HTTP/1.0", "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    ].map { Array($0.utf8) }

    @Test func arrivalMakesNoDifference() throws {
        var generator = SeededGenerator(seed: 20_240_229)
        let seeds = try corpus.map { try $0.bytes() }
        let good = try corpus.filter { $0.outcome.last?.first?.isLetter == true }
            .map { try $0.bytes() }
        var refused = 0
        var answered = 0
        for round in 0..<20_000 {
            var bytes = round % 3 == 0 ? seeds[round % seeds.count] : good[round % good.count]
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                Self.mutate(&bytes, seeds, &generator)
            }
            let limits = round % 2 == 0 ? Limits() : Self.limits
            let whole = outcome(of: bytes, limits: limits)
            var cuts: [Int] = []
            for _ in 0..<Int.random(in: 1...8, using: &generator) {
                cuts.append(Int.random(in: 0...bytes.count, using: &generator))
            }
            let split = outcome(of: bytes, cuts: cuts.sorted(), limits: limits)
            #expect(whole == split, "round \(round): \(text(bytes)) cut at \(cuts.sorted())")
            if round % 20 == 0 {
                let single = outcome(of: bytes, cuts: everyCut(bytes), limits: limits)
                #expect(whole == single, "round \(round): \(text(bytes)) byte by byte")
            }
            refused += whole.contains { $0.first?.isNumber == true } ? 1 : 0
            answered += whole.contains { $0.first?.isNumber == false } ? 1 : 0
        }
        // Mutations that break everything, or nothing, would prove little.
        #expect(refused > 5_000)
        #expect(answered > 1_000)
    }

    private static func mutate(
        _ bytes: inout [UInt8], _ seeds: [[UInt8]], _ generator: inout SeededGenerator
    ) {
        let position = Int.random(in: 0...bytes.count, using: &generator)
        let rest = bytes.count - position
        switch Int.random(in: 0..<6, using: &generator) {
        case 0 where rest > 0:
            bytes[position] = UInt8.random(in: 0...255, using: &generator)
        case 1 where rest > 0:
            bytes.removeSubrange(position..<position + min(rest, 3))
        case 2:
            bytes.removeLast(min(rest, 20))
        case 3:
            let other = seeds[Int.random(in: 0..<seeds.count, using: &generator)]
            bytes.insert(contentsOf: other, at: position)
        default:
            let piece = pieces[Int.random(in: 0..<pieces.count, using: &generator)]
            bytes.insert(contentsOf: piece, at: position)
        }
    }
}
