internal import CLibpq
internal import Glibc

/// The only owner of a `PGconn`: libpq's calls, one to one, without policy.
struct PQConnection: ~Copyable {
    let raw: OpaquePointer

    /// Starts to connect without waiting; nil when libpq has no memory.
    init?(starting settings: ConnectionSettings) {
        guard let raw = Self.withKeywords(settings, PQconnectStartParams) else { return nil }
        self.raw = raw
        // Notices are PostgreSQL's to log; libpq would print them on our standard error.
        PQsetNoticeReceiver(raw, { _, _ in }, nil)
    }

    /// Connects, waiting; nil when libpq has no memory. `status` tells whether it worked.
    init?(waitingFor settings: ConnectionSettings) {
        guard let raw = Self.withKeywords(settings, PQconnectdbParams) else { return nil }
        self.raw = raw
        PQsetNoticeReceiver(raw, { _, _ in }, nil)
    }

    deinit { PQfinish(raw) }

    var status: ConnStatusType { PQstatus(raw) }
    var socket: Int32 { PQsocket(raw) }
    var backendPID: Int32 { PQbackendPID(raw) }

    /// The connection's last error, on one line.
    var error: PostgresError {
        PostgresError(message: PQerrorMessage(raw).map { oneLine(String(cString: $0)) } ?? "")
    }

    private static func withKeywords(
        _ settings: ConnectionSettings,
        _ connect: (
            UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<UnsafePointer<CChar>?>?, Int32
        ) -> OpaquePointer?
    ) -> OpaquePointer? {
        let parameters = settings.parameters
        var keywords: [UnsafePointer<CChar>?] = parameters.map { UnsafePointer(strdup($0.keyword)) }
        var values: [UnsafePointer<CChar>?] = parameters.map { UnsafePointer(strdup($0.value)) }
        defer {
            for text in keywords + values { free(UnsafeMutablePointer(mutating: text)) }
        }
        keywords.append(nil)
        values.append(nil)
        // The conninfo string stands as `dbname`, first, and is expanded: what follows overrides it.
        return connect(keywords, values, 1)
    }
}
