internal import Postgres

/// What one loop has counted since it started.
struct Counters: Sendable {
    /// Upper bounds of the histogram's buckets, in microseconds.
    static let bounds: [Int64] = [
        500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000,
        5_000_000,
    ]

    /// One route's, or the server's own answers'.
    struct Endpoint: Sendable {
        /// How often each outcome came; few are, so a list is faster than a table.
        var outcomes: [(outcome: Int, count: Int)] = []
        var buckets = Array(repeating: 0, count: bounds.count + 1)
        var microseconds: Int64 = 0
    }

    /// By the number of the route in its catalogue; number 0 counts the server's own answers.
    var endpoints = [Endpoint()]
    var acceptedConnections = 0
    var openConnections = 0
    var pool = Pool.Statistics()

    mutating func count(_ index: Int, outcome: Int, microseconds: Int64) {
        while endpoints.count <= index { endpoints.append(Endpoint()) }
        endpoints[index].count(outcome: outcome, microseconds: microseconds)
    }
}

extension Counters.Endpoint {
    var total: Int { buckets.reduce(0, +) }

    mutating func count(outcome: Int, microseconds taken: Int64) {
        add(outcome, 1)
        microseconds += taken
        let bucket = Counters.bounds.firstIndex { taken <= $0 } ?? Counters.bounds.count
        buckets[bucket] += 1
    }

    mutating func merge(_ other: Counters.Endpoint) {
        for (outcome, count) in other.outcomes { add(outcome, count) }
        for (index, count) in other.buckets.enumerated() { buckets[index] += count }
        microseconds += other.microseconds
    }

    private mutating func add(_ outcome: Int, _ count: Int) {
        for index in outcomes.indices where outcomes[index].outcome == outcome {
            outcomes[index].count += count
            return
        }
        outcomes.append((outcome, count))
    }
}
