/// A statement that connections prepare the first time they run it.
public final class Statement: Sendable {
    /// The lane in which a statement waits: slow ones never hold up fast ones.
    public enum Lane: Int, Sendable, CaseIterable {
        case fast, slow
    }

    /// Distinct within the process: it names the prepared statement.
    public let id: Int
    /// The SQL, with `$1`, `$2`, … for its parameters.
    public let text: String
    /// Where it waits.
    public let lane: Lane
    /// Milliseconds from submission to answer, after which it is cancelled.
    public let timeLimit: Int64
    /// Whether it changes nothing, so that it may be run again when a connection was lost.
    public let isReadOnly: Bool

    /// Creates a statement.
    public init(id: Int, text: String, lane: Lane, timeLimit: Int64, isReadOnly: Bool) {
        self.id = id
        self.text = text
        self.lane = lane
        self.timeLimit = timeLimit
        self.isReadOnly = isReadOnly
    }

    var name: String { "s" + String(id) }
}
