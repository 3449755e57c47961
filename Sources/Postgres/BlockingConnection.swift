internal import CLibpq
internal import Glibc
internal import Reactor

/// A connection that waits for its answers: for commands, workers and tests. One thread only.
public final class BlockingConnection {
    private let connection: PQConnection
    private let answerTimeLimit: Int64?
    private var isGivenUp = false

    /// Connects and waits for it.
    public init(_ settings: ConnectionSettings) throws(PostgresError) {
        guard let connection = PQConnection(waitingFor: settings) else {
            throw PostgresError(message: "out of memory")
        }
        guard connection.status == CONNECTION_OK else { throw connection.error }
        self.connection = connection
        answerTimeLimit = settings.answerTimeLimit
    }

    /// Runs one or several statements, without parameters, as one simple query: all of them are
    /// one transaction unless they say otherwise.
    public func execute(_ sql: String) throws(PostgresError) {
        try checkUsable()
        guard unsafe PQsendQuery(connection.raw, sql) == 1 else { throw connection.error }
        _ = try lastResult()
    }

    /// Runs one statement with text parameters `$1`, `$2`, …; nil is NULL.
    public func query(
        _ sql: String, _ parameters: [String?] = []
    ) throws(PostgresError) -> Rows {
        try checkUsable()
        let copies = unsafe parameters.map { text in
            unsafe UnsafePointer(text.flatMap { unsafe strdup($0) })
        }
        defer {
            unsafe copies.forEach { copy in unsafe free(UnsafeMutablePointer(mutating: copy)) }
        }
        guard
            unsafe PQsendQueryParams(
                connection.raw, sql, Int32(copies.count), nil, copies, nil, nil, 0) == 1
        else { throw connection.error }
        let result = try lastResult()
        var rows = Rows(columns: [], rows: [])
        for column in 0..<result.columnCount { rows.columns.append(result.columnName(column)) }
        for row in 0..<result.rowCount {
            rows.rows.append((0..<result.columnCount).map { result.text(row, $0) })
        }
        return rows
    }

    private func checkUsable() throws(PostgresError) {
        if isGivenUp { throw PostgresError(message: "the connection was given up") }
    }

    /// The last result of what was sent, or the first error.
    private func lastResult() throws(PostgresError) -> PQResult {
        let deadline = answerTimeLimit.map { MonotonicClock.milliseconds() + $0 }
        var last: PQResult?
        var failure: PostgresError?
        while true {
            try awaitResult(until: deadline)
            guard let raw = unsafe PQgetResult(connection.raw) else { break }
            let result = unsafe PQResult(raw)
            switch result.status {
            case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: last = consume result
            default: failure = failure ?? result.error
            }
        }
        if let failure { throw failure }
        guard let last = consume last else { throw connection.error }
        return last
    }

    /// Waits until the next result, or the end of them, is there.
    private func awaitResult(until deadline: Int64?) throws(PostgresError) {
        while unsafe PQisBusy(connection.raw) == 1 {
            var remaining: Int32 = -1
            if let deadline {
                remaining = Int32(clamping: max(0, deadline - MonotonicClock.milliseconds()))
            }
            var poll = pollfd(fd: connection.socket, events: Int16(POLLIN), revents: 0)
            let ready = unsafe Glibc.poll(&poll, 1, remaining)
            if ready == 0 {
                isGivenUp = true
                throw PostgresError(message: "no answer within the time limit")
            }
            // A connection that fails here makes the result that is asked for next an error.
            if ready > 0, unsafe PQconsumeInput(connection.raw) == 0 { return }
        }
    }

    /// Waits for notifications on the channels that were listened to.
    ///
    /// - Returns: the channels that were notified, empty when the time has passed.
    public func awaitNotification(milliseconds: Int) throws(PostgresError) -> [String] {
        var channels = takeNotifications()
        guard channels.isEmpty else { return channels }
        var poll = pollfd(fd: connection.socket, events: Int16(POLLIN), revents: 0)
        guard unsafe Glibc.poll(&poll, 1, Int32(milliseconds)) > 0 else { return [] }
        guard unsafe PQconsumeInput(connection.raw) == 1 else { throw connection.error }
        channels = takeNotifications()
        return channels
    }

    private func takeNotifications() -> [String] {
        var channels: [String] = []
        while let notification = unsafe PQnotifies(connection.raw) {
            unsafe channels.append(String(cString: notification.pointee.relname))
            unsafe PQfreemem(notification)
        }
        return channels
    }
}
