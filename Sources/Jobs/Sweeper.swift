public import Postgres
public import Reactor

/// Removes what has expired, every minute, on a thread of its own. What that is, and that only one
/// of several sweepers works at a time, is decided in SQL.
public final class Sweeper: Sendable {
    private let settings: ConnectionSettings
    private let hasStopped = Lock<Bool>(false)

    private static let firstMilliseconds = 5_000
    private static let intervalMilliseconds = 60_000

    /// Creates a sweeper; `start()` makes it work.
    public init(_ settings: ConnectionSettings) {
        self.settings = settings
    }

    /// Starts the thread; it ends after `stop()`.
    public func start() -> ThreadHandle {
        startThread("sweep") { [self] in
            sleep(Self.firstMilliseconds)
            while !isStopped {
                do throws(PostgresError) {
                    // A sweep takes a batch; where much expires at once it is not the last.
                    while try Self.sweep(settings).contains(where: { $0.removed > 0 }) {
                        if isStopped { break }
                    }
                } catch {
                    Log.warning("what has expired cannot be removed", ["reason": error.message])
                }
                sleep(Self.intervalMilliseconds)
            }
        }
    }

    /// Ends the thread after the sweep that it is at.
    public func stop() {
        hasStopped.withLock { stopped in stopped = true }
        hasStopped.signal()
    }

    /// Sweeps once, now, and logs what was removed.
    ///
    /// - Returns: how many of what were removed; empty while another one sweeps.
    public static func sweep(
        _ settings: ConnectionSettings
    ) throws(PostgresError) -> [(what: String, removed: Int64)] {
        let answer = try BlockingConnection(settings).query(
            "SELECT what, removed FROM jobs.sweep()")
        let counts = answer.rows.indices.map { row in
            (
                what: answer[row, "what"] ?? "",
                removed: answer[row, "removed"].flatMap { Int64($0) } ?? 0
            )
        }
        for count in counts where count.removed > 0 {
            Log.info("swept", ["what": count.what, "removed": String(count.removed)])
        }
        return counts
    }

    private var isStopped: Bool { hasStopped.withLock { stopped in stopped } }

    private func sleep(_ milliseconds: Int) {
        hasStopped.wait(milliseconds: milliseconds) { stopped in !stopped }
    }
}
