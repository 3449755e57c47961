/// The rows of a result, as text.
public struct Rows: Equatable, Sendable {
    /// The names of the columns, in order.
    public var columns: [String]
    /// The values, row by row; nil for NULL.
    public var rows: [[String?]]

    /// The value of a named column; nil for NULL.
    public subscript(row: Int, column: String) -> String? {
        guard let index = columns.firstIndex(of: column) else {
            preconditionFailure("the result has no column \(column)")
        }
        return rows[row][index]
    }
}
