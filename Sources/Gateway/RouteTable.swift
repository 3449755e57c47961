internal import HTTP1
internal import Postgres

/// All that the server has learned from the registry: immutable, replaced whole.
final class RouteTable: Sendable {
    let trie: RouteTrie
    let routes: [Route]
    let refusals: Refusals
    /// Writes when sessions were last used.
    let seenStatement: Statement

    private init(trie: RouteTrie, routes: [Route], refusals: Refusals, seenStatement: Statement) {
        self.trie = trie
        self.routes = routes
        self.refusals = refusals
        self.seenStatement = seenStatement
    }

    /// Reads the registry.
    ///
    /// - Parameter catalogue: gives what stays the same its number from table to table.
    static func load(
        from connection: BlockingConnection, catalogue: Catalogue
    ) throws(PostgresError) -> RouteTable {
        var trie = RouteTrie()
        var routes: [Route] = []
        let rows = try connection.query("SELECT * FROM http.gateway_routes()")
        for row in rows.rows.indices {
            guard let method = method(named: rows[row, "method"]),
                let template = rows[row, "template"], let name = rows[row, "name"],
                let text = rows[row, "statement"], let guarded = rows[row, "guarded_statement"],
                let timeLimit = rows[row, "time_limit_ms"].flatMap({ Int64($0) }),
                let bodyLimit = rows[row, "body_limit"].flatMap({ Int($0) }),
                let mediaTypes = mediaTypes(rows[row, "media_types"])
            else { throw PostgresError(message: "the registry has a route that is not complete") }
            let lane: Statement.Lane = rows[row, "lane"] == "slow" ? .slow : .fast
            let route = Route(
                index: catalogue.number(ofRoute: name), name: name,
                statement: catalogue.statement(
                    text, lane: lane, timeLimit: timeLimit,
                    isReadOnly: rows[row, "read_only"] == "t"),
                guardedStatement: catalogue.statement(
                    guarded, lane: lane, timeLimit: timeLimit, isReadOnly: false),
                bodyLimit: bodyLimit, mediaTypes: mediaTypes)
            routes.append(route)
            trie.insert(route, method: method, template: template)
        }
        return RouteTable(
            trie: trie, routes: routes, refusals: try loadRefusals(from: connection),
            seenStatement: catalogue.statement(
                "SELECT http.seen($1::bigint[])", lane: .fast, timeLimit: 5000, isReadOnly: false))
    }

    private static func loadRefusals(
        from connection: BlockingConnection
    ) throws(PostgresError) -> Refusals {
        var refusals = Refusals()
        let rows = try connection.query("SELECT * FROM http.gateway_refusals()")
        for row in rows.rows.indices {
            guard let kind = rows[row, "kind"].flatMap({ Refusals.Kind(rawValue: $0) }),
                let prefix = rows[row, "prefix"],
                let status = rows[row, "status"].flatMap({ Int($0) }),
                let outcome = rows[row, "outcome"].flatMap({ Int($0) })
            else { continue }
            refusals.insert(
                prefix: prefix, kind: kind,
                Refusals.Answer(
                    status: status, outcome: outcome,
                    headers: Array((rows[row, "headers"] ?? "").utf8),
                    body: Array((rows[row, "body"] ?? "").utf8)))
        }
        let faults = try connection.query("SELECT * FROM http.gateway_faults()")
        for row in faults.rows.indices {
            if let state = faults[row, "sqlstate"],
                let kind = faults[row, "kind"].flatMap({ Refusals.Kind(rawValue: $0) })
            {
                refusals.insert(sqlstate: state, kind: kind)
            }
        }
        return refusals
    }

    /// At least one type, with commas between; nil where it is something else.
    private static func mediaTypes(_ list: String?) -> [OfferedType]? {
        let names = (list ?? "").split(separator: ",", omittingEmptySubsequences: false)
        let types = names.compactMap { OfferedType(String($0)) }
        return types.count == names.count ? types : nil
    }

    private static func method(named name: String?) -> Method? {
        Method.allCases.first { $0.name.description == name }
    }
}
