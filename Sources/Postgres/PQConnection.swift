internal import CLibpq
internal import Glibc

/// The only owner of a `PGconn`: libpq's calls, one to one, without policy.
@safe struct PQConnection: ~Copyable {
    let raw: OpaquePointer

    /// Starts to connect without waiting; nil when libpq has no memory.
    init?(starting settings: ConnectionSettings) {
        guard let raw = unsafe Self.withKeywords(settings, PQconnectStartParams) else { return nil }
        unsafe self.raw = unsafe raw
        // Notices are PostgreSQL's to log; libpq would print them on our standard error.
        unsafe PQsetNoticeReceiver(raw, { _, _ in }, nil)
    }

    /// Connects, waiting; nil when libpq has no memory. `status` tells whether it worked.
    init?(waitingFor settings: ConnectionSettings) {
        guard let raw = unsafe Self.withKeywords(settings, PQconnectdbParams) else { return nil }
        unsafe self.raw = unsafe raw
        unsafe PQsetNoticeReceiver(raw, { _, _ in }, nil)
    }

    deinit { unsafe PQfinish(raw) }

    var status: ConnStatusType { unsafe PQstatus(raw) }
    var socket: Int32 { unsafe PQsocket(raw) }
    var backendPID: Int32 { unsafe PQbackendPID(raw) }

    /// The connection's last error, on one line.
    var error: PostgresError {
        unsafe PostgresError(
            message: PQerrorMessage(raw).map { unsafe oneLine(String(cString: $0)) } ?? "")
    }

    private static func withKeywords(
        _ settings: ConnectionSettings,
        _ connect: (
            UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<UnsafePointer<CChar>?>?, Int32
        ) -> OpaquePointer?
    ) -> OpaquePointer? {
        let parameters = settings.parameters
        var keywords: [UnsafePointer<CChar>?] = unsafe parameters.map {
            unsafe UnsafePointer(strdup($0.keyword))
        }
        var values: [UnsafePointer<CChar>?] = unsafe parameters.map {
            unsafe UnsafePointer(strdup($0.value))
        }
        defer {
            unsafe (keywords + values).forEach { text in
                unsafe free(UnsafeMutablePointer(mutating: text))
            }
        }
        unsafe keywords.append(nil)
        unsafe values.append(nil)
        // The conninfo string stands as `dbname`, first, and is expanded: what follows overrides it.
        return unsafe connect(keywords, values, 1)
    }
}
