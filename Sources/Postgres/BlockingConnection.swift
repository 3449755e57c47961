internal import CLibpq
internal import Glibc

/// A connection that waits for its answers: for commands, workers and tests. One thread only.
public final class BlockingConnection {
    private let connection: PQConnection

    /// Connects and waits for it.
    public init(_ settings: ConnectionSettings) throws(PostgresError) {
        guard let connection = PQConnection(waitingFor: settings) else {
            throw PostgresError(message: "out of memory")
        }
        guard connection.status == CONNECTION_OK else { throw connection.error }
        self.connection = connection
    }

    /// Whether the connection was lost; it does not come back.
    public var isBroken: Bool { connection.status != CONNECTION_OK }

    /// Runs one or several statements, without parameters, as one simple query: all of them are
    /// one transaction unless they say otherwise.
    public func execute(_ sql: String) throws(PostgresError) {
        guard let raw = unsafe PQexec(connection.raw, sql) else { throw connection.error }
        let result = unsafe PQResult(raw)
        switch result.status {
        case PGRES_COMMAND_OK, PGRES_TUPLES_OK, PGRES_EMPTY_QUERY: return
        default: throw result.error
        }
    }

    /// Runs one statement with text parameters `$1`, `$2`, …; nil is NULL.
    public func query(
        _ sql: String, _ parameters: [String?] = []
    ) throws(PostgresError) -> Rows {
        let copies = unsafe parameters.map { text in
            unsafe UnsafePointer(text.flatMap { unsafe strdup($0) })
        }
        defer {
            unsafe copies.forEach { copy in unsafe free(UnsafeMutablePointer(mutating: copy)) }
        }
        guard
            let raw = unsafe PQexecParams(
                connection.raw, sql, Int32(copies.count), nil, copies, nil, nil, 0)
        else { throw connection.error }
        let result = unsafe PQResult(raw)
        guard result.status == PGRES_TUPLES_OK || result.status == PGRES_COMMAND_OK else {
            throw result.error
        }
        var rows = Rows(columns: [], rows: [])
        for column in 0..<result.columnCount { rows.columns.append(result.columnName(column)) }
        for row in 0..<result.rowCount {
            rows.rows.append((0..<result.columnCount).map { result.text(row, $0) })
        }
        return rows
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
