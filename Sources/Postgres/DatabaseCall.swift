/// One statement to run, and who waits for its answer.
///
/// Exactly one of `succeeded` and `failed` is called, once, on the loop's thread.
public protocol DatabaseCall: AnyObject {
    /// What to run.
    var statement: Statement { get }
    /// Whether the statement may be run again when a connection was lost and nobody knows whether
    /// it took effect: it is read-only, or the database recognizes a repetition.
    var isRepeatable: Bool { get }
    /// Whether anybody still waits for the answer; asked before the statement is sent.
    var isWanted: Bool { get }
    /// Binds the parameters; the bytes have to stay until `sent()`.
    func bind(_ parameters: inout Parameters)
    /// The answer; valid during the call only.
    func succeeded(_ row: ResultRow)
    /// There is no answer.
    func failed(_ failure: CallFailure)
}

/// Why a call has no answer.
public enum CallFailure: Error, Equatable, Sendable {
    /// The queue is full.
    case busy
    /// The database cannot be reached, or the connection was lost.
    case unavailable
    /// It took longer than its time limit.
    case timedOut
    /// PostgreSQL refused it.
    case refused(PostgresError)
}
