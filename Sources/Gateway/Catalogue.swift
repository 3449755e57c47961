internal import Postgres
internal import Reactor

/// Numbers statements and routes for the life of the process, so that a reloaded registry finds the
/// statements that connections have prepared already, and counters go on.
final class Catalogue: Sendable {
    private struct Key: Hashable {
        var text: String
        var lane: Int
        var timeLimit: Int64
        var isReadOnly: Bool
    }

    private let known = Lock<[Key: Statement]>([:])

    func statement(
        _ text: String, lane: Statement.Lane, timeLimit: Int64, isReadOnly: Bool
    ) -> Statement {
        let key = Key(text: text, lane: lane.rawValue, timeLimit: timeLimit, isReadOnly: isReadOnly)
        return known.withLock { statements in
            if let statement = statements[key] { return statement }
            let statement = Statement(
                id: statements.count, text: text, lane: lane, timeLimit: timeLimit,
                isReadOnly: isReadOnly)
            statements[key] = statement
            return statement
        }
    }

    private let names = Lock(["gateway"])

    /// The names of the routes, by number; number 0 is the server itself.
    var routeNames: [String] { names.withLock { names in names } }

    /// The number of a route.
    func number(ofRoute name: String) -> Int {
        names.withLock { names in
            if let known = names.firstIndex(of: name) { return known }
            names.append(name)
            return names.count - 1
        }
    }
}
