public import Postgres
public import Reactor

/// Delivers the mails of the outbox, one at a time, on a thread of its own. Several may run, in one
/// process or in many.
///
/// What is claimed, tried again or given up is decided in SQL. A worker holds a lock there through
/// its connection, so what it had claimed goes to another one at the moment its connection dies.
public final class MailWorker: Sendable {
    private let settings: ConnectionSettings
    private let transport: MailTransport
    private let hasStopped = Lock<Bool>(false)

    private static let interval = 500
    private static let pauses = 250...5000

    /// Creates a worker; `start()` makes it work.
    public init(_ settings: ConnectionSettings, transport: MailTransport) {
        self.settings = settings
        self.transport = transport
    }

    /// Starts the thread; it ends after `stop()`.
    public func start() -> ThreadHandle {
        startThread("mail") { [self] in work() }
    }

    /// Ends the thread; a program that is delivering a mail is ended, and the mail tried again.
    public func stop() {
        hasStopped.withLock { stopped in stopped = true }
        hasStopped.signal()
    }

    private var isStopped: Bool { hasStopped.withLock { stopped in stopped } }

    private func work() {
        var pause = Self.pauses.lowerBound
        while !isStopped {
            do throws(PostgresError) {
                let connection = try BlockingConnection(settings)
                let worker = try Self.register(connection)
                while !isStopped {
                    let hasDelivered = try deliverNext(connection, worker)
                    pause = Self.pauses.lowerBound
                    if !hasDelivered { sleep(Self.interval) }
                }
            } catch {
                if isStopped { return }
                Log.warning("the mail worker begins anew", ["reason": error.message])
                sleep(pause)
                pause = min(pause * 2, Self.pauses.upperBound)
            }
        }
    }

    private func sleep(_ milliseconds: Int) {
        hasStopped.wait(milliseconds: milliseconds) { stopped in !stopped }
    }

    /// Takes a number that no living worker has.
    private static func register(_ connection: BlockingConnection) throws(PostgresError) -> String {
        while true {
            let worker = String(Int64.random(in: 1...Int64(Int32.max)))
            let answer = try connection.query("SELECT jobs.register_worker($1)", [worker])
            if answer.rows.first?.first == "t" { return worker }
        }
    }

    /// Claims a mail and hands it over; false where none waits.
    ///
    /// One at a time: a worker that dies costs no other mail an attempt.
    private func deliverNext(
        _ connection: BlockingConnection, _ worker: String
    ) throws(PostgresError) -> Bool {
        let claimed = try connection.query(
            "SELECT id, recipient, message FROM jobs.claim_mail($1, 1)", [worker])
        guard !claimed.rows.isEmpty else { return false }
        guard let id = claimed[0, "id"], let recipient = claimed[0, "recipient"],
            let message = claimed[0, "message"]
        else { throw PostgresError(message: "a claimed mail is incomplete") }
        var failure: String?
        do throws(JobsError) {
            try transport.deliver(
                id: id, recipient: recipient, message: message, isCancelled: { self.isStopped })
        } catch {
            failure = error.description
        }
        let answer: Rows
        if let failure {
            // The reason, which may quote the mail, is kept with its row and stripped there.
            Log.warning("a mail was not delivered", ["mail": id])
            answer = try connection.query(
                "SELECT jobs.fail_mail($1, $2, $3)", [id, worker, failure])
        } else {
            answer = try connection.query("SELECT jobs.complete_mail($1, $2)", [id, worker])
        }
        if answer.rows.first?.first != "t" {
            Log.warning("a mail was no longer this worker's", ["mail": id])
        }
        return true
    }
}
