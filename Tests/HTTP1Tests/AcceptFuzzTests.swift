import HTTP1
import Seeded
import Testing

/// Values of Accept that nobody thought of.
struct AcceptFuzzTests {
    private static let names = ["application/json", "text/html", "text/plain"]

    private static func choice(_ value: [UInt8]) -> Int? {
        Accept.choice(among: names.compactMap { OfferedType($0) }, by: value.span)
    }

    private struct Member {
        let range: String
        let weight: Int

        /// How specific the range is for a type; 0 where it does not cover it.
        func specificity(for name: String) -> Int {
            if range == name { return 3 }
            if range == "*/*" { return 1 }
            return range.hasSuffix("/*") && name.hasPrefix(range.dropLast()) ? 2 : 0
        }

        var text: String {
            let digits = String(weight + 1000).dropFirst()
            return range
                + (weight == 1000 ? ["", ";q=1", "; q=1.0"][range.count % 3] : ";q=0.\(digits)")
        }
    }

    /// RFC 9110 §12.5.1, word for word.
    private static func expected(_ members: [Member]) -> Int? {
        if members.isEmpty { return 0 }
        let weights = names.map { name in
            let covering = members.filter { $0.specificity(for: name) > 0 }
            let best = covering.map { $0.specificity(for: name) }.max() ?? 0
            return covering.filter { $0.specificity(for: name) == best }.map(\.weight).max() ?? 0
        }
        guard let greatest = weights.max(), greatest > 0 else { return nil }
        return weights.firstIndex(of: greatest)
    }

    @Test func theMostSpecificRangeGivesTheWeight() {
        var generator = SeededGenerator(seed: 9110)
        let ranges = Self.names + ["*/*", "text/*", "application/*", "image/*", "application/xml"]
        var counts = [0, 0, 0, 0]
        for _ in 0..<20_000 {
            var members: [Member] = []
            for _ in 0..<Int.random(in: 0...5, using: &generator) {
                let range = ranges[Int.random(in: 0..<ranges.count, using: &generator)]
                let weight = [0, 1, 250, 500, 999, 1000].randomElement(using: &generator) ?? 0
                members.append(Member(range: range, weight: weight))
            }
            let separator = [",", ", ", " ,\t"].randomElement(using: &generator) ?? ","
            let value = members.map(\.text).joined(separator: separator)
            let choice = Self.choice(Array(value.utf8))
            #expect(choice == Self.expected(members), "\(value)")
            counts[choice ?? 3] += 1
        }
        #expect(counts.allSatisfy { $0 > 1_000 }, "\(counts)")
    }

    @Test func nothingTraps() {
        var generator = SeededGenerator(seed: 12_5_1)
        let pieces: [[UInt8]] = [
            "*/*", "text/html", "application/json", "text/", "/", "*", ";", ",", " ", "\t", "q",
            "=",
            ";q=", "0", "1", ".", "0.5", "\"", "\\", "\u{E9}", ";q=0", "a", "x=\"", "99999999999",
        ].map { Array($0.utf8) }
        var chosen = 0
        for _ in 0..<50_000 {
            var value: [UInt8] = []
            for _ in 0..<Int.random(in: 0...12, using: &generator) {
                value += pieces.randomElement(using: &generator) ?? []
            }
            chosen += Self.choice(value) == nil ? 0 : 1
        }
        #expect(chosen > 5_000)
        #expect(chosen < 50_000)
    }
}
