internal import CLibpq

/// The only owner of a `PGresult`.
@safe struct PQResult: ~Copyable {
    let raw: OpaquePointer

    init(_ raw: OpaquePointer) { unsafe self.raw = unsafe raw }

    deinit { unsafe PQclear(raw) }

    var status: ExecStatusType { unsafe PQresultStatus(raw) }
    var rowCount: Int { unsafe Int(PQntuples(raw)) }
    var columnCount: Int { unsafe Int(PQnfields(raw)) }

    /// The bytes of a value as they came over the wire; nil for NULL. Valid as long as the result.
    func bytes(_ row: Int, _ column: Int) -> UnsafeRawBufferPointer? {
        guard unsafe PQgetisnull(raw, Int32(row), Int32(column)) == 0,
            let start = unsafe PQgetvalue(raw, Int32(row), Int32(column))
        else { return nil }
        return unsafe UnsafeRawBufferPointer(
            start: start, count: Int(PQgetlength(raw, Int32(row), Int32(column))))
    }

    func text(_ row: Int, _ column: Int) -> String? {
        unsafe bytes(row, column).map { unsafe String(decoding: $0, as: UTF8.self) }
    }

    func columnName(_ column: Int) -> String {
        unsafe PQfname(raw, Int32(column)).map { unsafe String(cString: $0) } ?? ""
    }

    var sqlstate: String? { field(PG_DIAG_SQLSTATE_) }

    /// The error that this result is. Without a SQLSTATE it is one of libpq's own making.
    var error: PostgresError {
        let primary =
            unsafe field(PG_DIAG_MESSAGE_PRIMARY_)
            ?? PQresultErrorMessage(raw).map { unsafe oneLine(String(cString: $0)) } ?? ""
        return PostgresError(
            sqlstate: sqlstate, message: oneLine(primary), detail: field(PG_DIAG_MESSAGE_DETAIL_),
            hint: field(PG_DIAG_MESSAGE_HINT_),
            position: field(PG_DIAG_STATEMENT_POSITION_).flatMap { Int($0) })
    }

    private func field(_ code: Int32) -> String? {
        unsafe PQresultErrorField(raw, code).map { unsafe String(cString: $0) }
    }
}

// postgres_ext.h defines these as C characters, which Swift does not import.
private let PG_DIAG_SQLSTATE_ = Int32(UInt8(ascii: "C"))
private let PG_DIAG_MESSAGE_PRIMARY_ = Int32(UInt8(ascii: "M"))
private let PG_DIAG_MESSAGE_DETAIL_ = Int32(UInt8(ascii: "D"))
private let PG_DIAG_MESSAGE_HINT_ = Int32(UInt8(ascii: "H"))
private let PG_DIAG_STATEMENT_POSITION_ = Int32(UInt8(ascii: "P"))
