internal import Jobs
internal import Postgres
internal import Reactor

/// The background workers of a server.
struct Workers {
    private let mail: MailWorker
    private let sweeper: Sweeper
    private let threads: [ThreadHandle]

    /// Starts them.
    init(_ settings: ConnectionSettings, _ transport: MailTransport) {
        var settings = settings
        settings.applicationName = "rapport worker"
        // No call of theirs takes long; one that hangs must not keep the server from stopping.
        settings.startOptions.append(("statement_timeout", "30s"))
        settings.answerTimeLimit = 35_000
        mail = MailWorker(settings, transport: transport)
        sweeper = Sweeper(settings)
        threads = [mail.start(), sweeper.start()]
    }

    /// Asks them to end.
    func stop() {
        mail.stop()
        sweeper.stop()
    }

    /// Waits for their end; to be called once.
    func join() {
        for thread in threads { thread.join() }
    }
}
