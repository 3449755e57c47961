internal import Reactor

/// The connections for one kind of statements, and the calls that wait for one of them.
final class Lane {
    private var connections: [PipelineConnection] = []
    private var waiting: Ring<PendingCall>
    private let depth: Int
    private let loop: EventLoop
    private var awaySince: Int64

    /// With no connection for this long, calls are refused instead of queued.
    private static let patience: Int64 = 1000

    init(
        loop: EventLoop, settings: ConnectionSettings, canceller: Canceller, connections count: Int,
        depth: Int, queueLimit: Int
    ) {
        self.loop = loop
        self.depth = depth
        waiting = Ring(capacity: queueLimit)
        awaySince = loop.now
        connections = (0..<count).map { _ in
            PipelineConnection(
                loop: loop, settings: settings, canceller: canceller, lane: self, depth: depth)
        }
    }

    var isConnected: Bool { connections.contains { $0.isReady } }
    var waitingCount: Int { waiting.count }
    var inFlightCount: Int { connections.reduce(0) { $0 + $1.load } }
    var lossCount: Int { connections.reduce(0) { $0 + $1.losses } }
    private(set) var repeatCount = 0

    func submit(_ call: any DatabaseCall) {
        let pending = PendingCall(call: call, deadline: loop.now + call.statement.timeLimit)
        if waiting.isEmpty, let connection = leastLoaded() {
            connection.send(pending)
        } else if isAwayForLong {
            call.failed(.unavailable)
        } else if !waiting.append(pending) {
            call.failed(.busy)
        }
    }

    /// Puts a call that has to run again in front of all others.
    func repeatCall(_ pending: PendingCall) {
        repeatCount += 1
        if loop.now > pending.deadline {
            pending.call.failed(.timedOut)
        } else if !waiting.prepend(pending) {
            pending.call.failed(.busy)
        }
    }

    /// Sends what waits, as far as connections have room.
    func pump() {
        while !waiting.isEmpty, let connection = leastLoaded() {
            guard let pending = waiting.removeFirst() else { return }
            // What was sent once may have to be finished; what never was can be dropped.
            if pending.attempts > 0 || pending.call.isWanted {
                connection.send(pending)
            } else {
                pending.call.failed(.unavailable)
            }
        }
    }

    func tick() {
        for connection in connections { connection.tick() }
        if isConnected { awaySince = loop.now }
        // Waiting calls stand in the order of their arrival, so the oldest are in front.
        while let first = waiting.first, loop.now > first.deadline || isAwayForLong {
            _ = waiting.removeFirst()
            first.call.failed(isConnected ? .timedOut : .unavailable)
        }
        pump()
    }

    func close() {
        for connection in connections { connection.close() }
    }

    private var isAwayForLong: Bool { !isConnected && loop.now - awaySince > Self.patience }

    private func leastLoaded() -> PipelineConnection? {
        var best: PipelineConnection?
        var bestLoad = depth
        for connection in connections where connection.isReady && connection.load < bestLoad {
            best = connection
            bestLoad = connection.load
            if bestLoad == 0 { break }
        }
        return best
    }
}
