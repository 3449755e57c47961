import Glibc
internal import Postgres

/// `rapport sweep`
enum Sweep {
    private static let patienceMicroseconds: UInt32 = 100_000
    private static let attempts = 100

    static func run(_ configuration: Configuration) throws(Failure) {
        let connection = try Database(configuration).connectAsOwner()
        var order: [String] = []
        var removed: [String: Int] = [:]
        var isDone = false
        while !isDone {
            isDone = true
            for (what, count) in try batch(connection) {
                if removed[what] == nil { order.append(what) }
                removed[what, default: 0] += count
                if count > 0 { isDone = false }
            }
        }
        for what in order { print(what + ": " + String(removed[what] ?? 0)) }
    }

    /// One call, which removes a batch of each kind. No row: a server sweeps at this moment.
    private static func batch(
        _ connection: BlockingConnection
    ) throws(Failure) -> [(what: String, count: Int)] {
        for _ in 0..<attempts {
            let rows: Rows
            do throws(PostgresError) {
                rows = try connection.query("SELECT what, removed FROM ops.sweep()")
            } catch {
                throw Failure(error)
            }
            if !rows.rows.isEmpty {
                return rows.rows.map { row in
                    (row[0] ?? "", row[1].flatMap { Int($0) } ?? 0)
                }
            }
            usleep(patienceMicroseconds)
        }
        throw Failure("another sweep is under way")
    }
}
