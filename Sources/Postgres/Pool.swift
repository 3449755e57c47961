public import Reactor

/// One loop's connections to the database, a lane of them for each kind of statements.
public final class Pool {
    /// How many connections, how deep their pipelines, how long the queues.
    public struct Sizes: Sendable, Equatable {
        /// Connections for fast statements.
        public var fastConnections = 2
        /// Connections for slow statements.
        public var slowConnections = 1
        /// Statements in flight on one fast connection; slow ones have one.
        public var pipelineDepth = 3
        /// Calls that may wait in each lane.
        public var queueLimit = 1024

        /// Creates the default sizes.
        public init() {}
    }

    /// What the pool is doing, for the operator.
    public struct Statistics: Sendable, Equatable {
        /// Calls that wait, by the raw value of their lane.
        public var waiting = Statement.Lane.allCases.map { _ in 0 }
        /// Calls that were sent and not answered yet, by the raw value of their lane.
        public var inFlight = Statement.Lane.allCases.map { _ in 0 }
        /// Connections that were lost so far.
        public var losses = 0
        /// Calls that were run again.
        public var repeats = 0

        /// Creates the statistics of a pool that has done nothing yet.
        public init() {}
    }

    private let lanes: [Lane]

    /// Creates a pool whose connections are opened by the first `tick()`.
    public init(
        loop: EventLoop, settings: ConnectionSettings, sizes: Sizes, canceller: Canceller
    ) {
        lanes = Statement.Lane.allCases.map { lane in
            Lane(
                loop: loop, settings: settings, canceller: canceller,
                connections: lane == .fast ? sizes.fastConnections : sizes.slowConnections,
                depth: lane == .fast ? sizes.pipelineDepth : 1, queueLimit: sizes.queueLimit)
        }
    }

    /// Runs a call; it is told its answer or failure, possibly before this returns.
    public func submit(_ call: any DatabaseCall) {
        lanes[call.statement.lane.rawValue].submit(call)
    }

    /// Keeps connections and time limits; to be called on each tick of the loop.
    public func tick() {
        for lane in lanes { lane.tick() }
    }

    /// Whether every lane has a connection.
    public var isConnected: Bool { lanes.allSatisfy { $0.isConnected } }

    /// What the pool is doing now.
    public var statistics: Statistics {
        var statistics = Statistics()
        for (index, lane) in lanes.enumerated() {
            statistics.waiting[index] = lane.waitingCount
            statistics.inFlight[index] = lane.inFlightCount
            statistics.losses += lane.lossCount
            statistics.repeats += lane.repeatCount
        }
        return statistics
    }

    /// Closes all connections.
    public func close() {
        for lane in lanes { lane.close() }
    }
}
