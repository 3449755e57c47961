import Foundation
import Reactor
import Testing

@testable import Postgres

/// A pool on a real loop against the real PostgreSQL that `./dev test` starts and names.
@Suite(.serialized)
struct PoolTests {
    static let url = ProcessInfo.processInfo.environment["RAPPORT_TEST_ADMIN_URL"]

    /// One call whose outcome is kept; parameters are texts.
    private final class Probe: DatabaseCall {
        let statement: Statement
        let isRepeatable: Bool
        var isWanted = true
        let texts: [String]
        private var bytes: [[UInt8]] = []
        private(set) var value: String?
        private(set) var failure: CallFailure?
        private(set) var answers = 0
        var whenDone: () -> Void = {}

        init(_ statement: Statement, isRepeatable: Bool = false, _ texts: [String] = []) {
            self.statement = statement
            self.isRepeatable = isRepeatable
            self.texts = texts
            bytes = texts.map { Array($0.utf8) }
        }

        func bind(_ parameters: inout Parameters) {
            for text in bytes { text.withUnsafeBytes { parameters.append($0) } }
        }

        func succeeded(_ row: ResultRow) {
            value = row.bytes(0).map { String(decoding: $0, as: UTF8.self) }
            answers += 1
            whenDone()
        }

        func failed(_ failure: CallFailure) {
            self.failure = failure
            answers += 1
            whenDone()
        }
    }

    /// A loop, its pool and the probes that are still out; ends when all are back.
    private final class Bench {
        let loop: EventLoop
        let pool: Pool
        let canceller = Canceller()
        private let cancelThread: ThreadHandle
        private var outstanding = 0
        private var script: [(after: Int64, run: () -> Void)] = []
        private let startedAt = MonotonicClock.milliseconds()
        private(set) var probes: [Probe] = []

        init(_ sizes: Pool.Sizes) throws {
            let settings = ConnectionSettings(try #require(PoolTests.url))
            loop = try EventLoop()
            pool = Pool(loop: loop, settings: settings, sizes: sizes, canceller: canceller)
            cancelThread = canceller.start()
            loop.onTick = { [unowned self] in tick() }
        }

        func at(_ milliseconds: Int64, _ run: @escaping () -> Void) {
            script.append((milliseconds, run))
        }

        func submit(_ probe: Probe) {
            outstanding += 1
            probes.append(probe)
            probe.whenDone = { [unowned self] in outstanding -= 1 }
            pool.submit(probe)
        }

        /// Runs until every probe is back, 15 s at the most.
        func run() {
            pool.tick()
            loop.run()
            pool.close()
            canceller.stop()
            cancelThread.join()
        }

        private func tick() {
            pool.tick()
            let elapsed = MonotonicClock.milliseconds() - startedAt
            if pool.isConnected {
                let due = script.filter { $0.after <= elapsed }
                script.removeAll { $0.after <= elapsed }
                for step in due { step.run() }
            }
            if (script.isEmpty && outstanding == 0) || elapsed > 15_000 { loop.stop() }
        }
    }

    private func sizes(fast: Int, depth: Int = 2, queue: Int = 100) -> Pool.Sizes {
        var sizes = Pool.Sizes()
        sizes.fastConnections = fast
        sizes.slowConnections = 1
        sizes.pipelineDepth = depth
        sizes.queueLimit = queue
        return sizes
    }

    private func statement(
        _ id: Int, _ text: String, lane: Statement.Lane = .fast, limit: Int64 = 10_000,
        readOnly: Bool = false
    ) -> Statement {
        Statement(id: id, text: text, lane: lane, timeLimit: limit, isReadOnly: readOnly)
    }

    @Test func answersComeBackToWhoAsked() throws {
        let bench = try Bench(sizes(fast: 2))
        let echo = statement(1, "SELECT $1::text")
        bench.at(0) { for number in 0..<50 { bench.submit(Probe(echo, [String(number)])) } }
        bench.run()
        #expect(bench.probes.map(\.value) == (0..<50).map { String($0) })
        #expect(bench.probes.allSatisfy { $0.answers == 1 })
    }

    @Test func anErrorIsTheCallersOwn() throws {
        let bench = try Bench(sizes(fast: 1))
        let divide = statement(1, "SELECT (1 / $1::text::int)::text")
        let wrong = statement(2, "SELECT no_such_column")
        bench.at(0) {
            bench.submit(Probe(divide, ["1"]))
            bench.submit(Probe(divide, ["0"]))
            bench.submit(Probe(wrong))
            bench.submit(Probe(divide, ["1"]))
        }
        bench.run()
        #expect(bench.probes.map(\.value) == ["1", nil, nil, "1"])
        guard case .refused(let division) = bench.probes[1].failure,
            case .refused(let column) = bench.probes[2].failure
        else { Issue.record("both should have been refused"); return }
        #expect(division.sqlstate == "22012")
        #expect(column.sqlstate == "42703")
    }

    @Test func whatTakesTooLongIsCancelledAndTheConnectionGoesOn() throws {
        let bench = try Bench(sizes(fast: 1))
        let sleep = statement(1, "SELECT pg_sleep(10)::text", limit: 300)
        let echo = statement(2, "SELECT $1::text")
        bench.at(0) {
            bench.submit(Probe(sleep))
            bench.submit(Probe(echo, ["after"]))
        }
        let startedAt = MonotonicClock.milliseconds()
        bench.run()
        #expect(bench.probes[0].failure == .timedOut)
        #expect(bench.probes[1].value == "after")
        #expect(MonotonicClock.milliseconds() - startedAt < 8000)
        #expect(bench.pool.statistics.losses == 0)
    }

    @Test func aFullQueueRefusesAndLosesNobodyElse() throws {
        let bench = try Bench(sizes(fast: 1, depth: 1, queue: 3))
        let sleep = statement(1, "SELECT pg_sleep(0.3)::text || 'x'")
        bench.at(0) { for _ in 0..<6 { bench.submit(Probe(sleep)) } }
        bench.run()
        #expect(bench.probes.filter { $0.failure == .busy }.count == 2)
        #expect(bench.probes.filter { $0.value == "x" }.count == 4)
    }

    @Test func slowCallsDoNotHoldUpFastOnes() throws {
        let bench = try Bench(sizes(fast: 1))
        let slow = statement(1, "SELECT pg_sleep(1.5)::text || 'slow'", lane: .slow)
        let fast = statement(2, "SELECT 'fast'")
        var order: [String] = []
        bench.at(0) {
            for probe in [Probe(slow), Probe(fast)] {
                bench.submit(probe)
                let counted = probe.whenDone
                probe.whenDone = {
                    order.append(probe.value ?? "")
                    counted()
                }
            }
        }
        bench.run()
        #expect(order == ["fast", "slow"])
    }

    @Test func aKilledBackendCostsOnlyWhatMayNotBeRepeated() throws {
        let bench = try Bench(sizes(fast: 1))
        let marked = "SELECT pg_sleep(1)::text || $1::text /* pool kill test */"
        bench.at(0) {
            bench.submit(Probe(statement(1, marked), ["write"]))
            bench.submit(Probe(statement(2, marked, readOnly: true), isRepeatable: true, ["read"]))
        }
        bench.at(500) {
            do {
                let other = try BlockingConnection(ConnectionSettings(PoolTests.url ?? ""))
                _ = try other.query(
                    """
                    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                     WHERE query LIKE '%pool kill test%' AND pid <> pg_backend_pid()
                    """)
            } catch {
                Issue.record(error)
            }
        }
        bench.run()
        #expect(bench.probes[0].failure == .unavailable)
        #expect(bench.probes[1].value == "read")
        #expect(bench.pool.statistics.losses == 1)
    }

    @Test func aDeadlockIsRunAgain() throws {
        let admin = try BlockingConnection(ConnectionSettings(try #require(Self.url)))
        let table = "pool_test_\(UInt32.random(in: 0...UInt32.max))"
        try admin.execute(
            """
            CREATE TABLE \(table) (id int PRIMARY KEY, n int NOT NULL);
            INSERT INTO \(table) VALUES (1, 0), (2, 0);
            CREATE FUNCTION \(table)(a int, b int) RETURNS text LANGUAGE plpgsql AS $$
            BEGIN
                UPDATE \(table) SET n = n + 1 WHERE id = a;
                PERFORM pg_sleep(0.3);
                UPDATE \(table) SET n = n + 1 WHERE id = b;
                RETURN 'done';
            END $$;
            """)
        defer { try? admin.execute("DROP FUNCTION \(table)(int, int); DROP TABLE \(table)") }
        let bench = try Bench(sizes(fast: 2, depth: 1))
        bench.at(0) {
            bench.submit(Probe(statement(1, "SELECT \(table)(1, 2)")))
            bench.submit(Probe(statement(2, "SELECT \(table)(2, 1)")))
        }
        bench.run()
        #expect(bench.probes.map(\.value) == ["done", "done"])
        #expect(bench.pool.statistics.repeats >= 1)
        let sums = try admin.query("SELECT sum(n) FROM \(table)")
        #expect(sums.rows == [["4"]])
    }

    @Test func withoutADatabaseCallsAreRefusedSoon() throws {
        let loop = try EventLoop()
        let canceller = Canceller()
        let pool = Pool(
            loop: loop, settings: ConnectionSettings("host=/nonexistent"), sizes: sizes(fast: 1),
            canceller: canceller)
        let probe = Probe(statement(1, "SELECT 1"))
        probe.whenDone = { loop.stop() }
        let startedAt = MonotonicClock.milliseconds()
        loop.onTick = {
            pool.tick()
            if MonotonicClock.milliseconds() - startedAt > 10_000 { loop.stop() }
        }
        pool.submit(probe)
        loop.run()
        #expect(probe.failure == .unavailable)
    }
}
