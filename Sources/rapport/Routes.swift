internal import Postgres

/// `rapport routes`
enum Routes {
    static func run(_ configuration: Configuration) throws(Failure) {
        let connection = try Database(configuration).connectAsOwner()
        let rows: Rows
        do throws(PostgresError) {
            rows = try connection.query(
                """
                SELECT method, path, function, lane, credential
                FROM app.route ORDER BY path, method
                """)
        } catch {
            throw Failure(error)
        }
        let lines = [rows.columns] + rows.rows.map { row in row.map { $0 ?? "" } }
        let widths = rows.columns.indices.map { column in
            lines.map { $0[column].count }.max() ?? 0
        }
        for line in lines {
            var text = ""
            for (cell, width) in zip(line, widths) {
                text += cell + String(repeating: " ", count: width - cell.count + 2)
            }
            while text.last == " " { text.removeLast() }
            print(text)
        }
    }
}
