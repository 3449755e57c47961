internal import Reactor

/// What all loops and the watcher share: a few numbers for the operator.
final class GatewayState: Sendable {
    struct Health: Sendable {
        var lastContact: Int64 = .min
        var schemaVersion = 0
        var generation: Int64 = 0
        var isMaintenance = false
    }

    private let health = Lock(Health())
    private let counters: Lock<[Counters]>
    private let poolConnected: Lock<[Bool]>

    init(loops: Int) {
        counters = Lock(Array(repeating: Counters(), count: loops))
        poolConnected = Lock(Array(repeating: false, count: loops))
    }

    var currentHealth: Health { health.withLock { health in health } }

    func update(_ change: (inout Health) -> Void) {
        health.withLock { health in change(&health) }
    }

    /// A loop's counters, as of its last tick.
    func publish(_ counted: Counters, isConnected: Bool, loop: Int) {
        counters.withLock { all in all[loop] = counted }
        poolConnected.withLock { all in all[loop] = isConnected }
    }

    var allCounters: [Counters] { counters.withLock { all in all } }
    var isConnected: Bool { poolConnected.withLock { all in all.allSatisfy { $0 } } }

    /// Why the server should not be sent requests; nil when it should.
    func unreadiness(now: Int64, expectedSchema: Int) -> StaticString? {
        let health = currentHealth
        if health.lastContact == .min || now - health.lastContact > 3000 || !isConnected {
            return "the database cannot be reached"
        }
        return health.schemaVersion < expectedSchema
            ? "the database has an older schema: run rapport migrate" : nil
    }
}
