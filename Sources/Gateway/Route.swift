internal import HTTP1
internal import Postgres

/// One row of the registry: what to run for a method and a path template.
final class Route: Sendable {
    /// Its number in the catalogue, for the counters.
    let index: Int
    /// The SQL function behind it: the name in log and metrics.
    let name: String
    /// What a request runs.
    let statement: Statement
    /// What it runs while maintenance is on, or when it carries an idempotency key.
    let guardedStatement: Statement
    /// How many bytes a body may have.
    let bodyLimit: Int
    /// What it can answer, at least one type, the one it likes best first.
    let mediaTypes: [OfferedType]

    init(
        index: Int, name: String, statement: Statement, guardedStatement: Statement, bodyLimit: Int,
        mediaTypes: [OfferedType]
    ) {
        self.index = index
        self.name = name
        self.statement = statement
        self.guardedStatement = guardedStatement
        self.bodyLimit = bodyLimit
        self.mediaTypes = mediaTypes
    }
}
