internal import CLibpq

/// The first row of a result in binary format. Not to be kept: it borrows the result.
@safe public struct ResultRow {
    private let result: OpaquePointer

    init(_ result: OpaquePointer) { unsafe self.result = unsafe result }

    /// Whether there is a row at all.
    public var exists: Bool { unsafe PQntuples(result) > 0 }

    /// The bytes of a column; nil for NULL.
    public func bytes(_ column: Int32) -> UnsafeRawBufferPointer? {
        guard unsafe PQgetisnull(result, 0, column) == 0,
            let start = unsafe PQgetvalue(result, 0, column)
        else {
            return nil
        }
        return unsafe UnsafeRawBufferPointer(
            start: start, count: Int(PQgetlength(result, 0, column)))
    }

    /// The number in a column of type `integer` or `bigint`; nil for NULL and other types.
    public func integer(_ column: Int32) -> Int64? {
        guard let bytes = unsafe bytes(column) else { return nil }
        switch bytes.count {
        case 4: return unsafe Int64(Int32(bigEndian: bytes.loadUnaligned(as: Int32.self)))
        case 8: return unsafe Int64(bigEndian: bytes.loadUnaligned(as: Int64.self))
        default: return nil
        }
    }
}
