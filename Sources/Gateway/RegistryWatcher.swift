internal import Postgres
internal import Reactor

/// Keeps what the server knows of the registry up to date: it listens for notifications, and asks
/// for the generation each second, so that a listener that died unnoticed heals.
final class RegistryWatcher: Sendable {
    private let settings: GatewaySettings
    private let state: GatewayState
    private let catalogue: Catalogue
    private let mailboxes: [Mailbox<Worker.Message>]
    private let hasStopped = Lock<Bool>(false)

    private static let interval = 1000
    private static let answerTimeLimit: Int64 = 5000
    private static let channel = "rapport"

    init(
        settings: GatewaySettings, state: GatewayState, catalogue: Catalogue,
        mailboxes: [Mailbox<Worker.Message>]
    ) {
        var settings = settings
        settings.database.answerTimeLimit = Self.answerTimeLimit
        self.settings = settings
        self.state = state
        self.catalogue = catalogue
        self.mailboxes = mailboxes
    }

    func start() -> ThreadHandle {
        startThread("registry") { [self] in
            while !isStopped {
                do throws(PostgresError) {
                    try watch(BlockingConnection(settings.database))
                } catch {
                    Log.debug("the registry cannot be read", ["reason": error.message])
                    hasStopped.wait(milliseconds: 250) { stopped in !stopped }
                }
            }
        }
    }

    func stop() {
        hasStopped.withLock { stopped in stopped = true }
        hasStopped.signal()
    }

    private var isStopped: Bool { hasStopped.withLock { stopped in stopped } }

    private func watch(_ connection: BlockingConnection) throws(PostgresError) {
        try connection.execute("LISTEN " + Self.channel)
        while !isStopped {
            try refresh(connection)
            _ = try connection.awaitNotification(milliseconds: Self.interval)
        }
    }

    private func refresh(_ connection: BlockingConnection) throws(PostgresError) {
        let known = state.currentHealth
        let current = try Self.health(from: connection)
        // The generation counts as known only once its routes are: reading them may fail.
        state.update { health in
            health = current
            health.generation = known.generation
        }
        if current.isMaintenance != known.isMaintenance {
            Log.info("maintenance is " + (current.isMaintenance ? "on" : "off"))
            for mailbox in mailboxes { mailbox.post(.maintenance(current.isMaintenance)) }
        }
        guard current.generation != known.generation else { return }
        let table = try RouteTable.load(from: connection, catalogue: catalogue)
        for mailbox in mailboxes { mailbox.post(.table(table)) }
        state.update { health in health.generation = current.generation }
        Log.info("the registry was read anew", ["routes": String(table.routes.count)])
    }

    /// What the database says of itself.
    static func health(
        from connection: BlockingConnection
    ) throws(PostgresError) -> GatewayState.Health {
        let rows = try connection.query("SELECT * FROM http.gateway_state()")
        guard !rows.rows.isEmpty, let generation = rows[0, "generation"].flatMap({ Int64($0) }),
            let version = rows[0, "migration"].flatMap({ Int($0) })
        else { throw PostgresError(message: "the database does not tell its state") }
        return GatewayState.Health(
            lastContact: MonotonicClock.milliseconds(), schemaVersion: version,
            generation: generation, isMaintenance: rows[0, "maintenance"] == "t")
    }
}
