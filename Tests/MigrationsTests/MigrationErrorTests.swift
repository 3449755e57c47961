import Postgres
import Testing

@testable import Migrations

/// The one line that an operator sees.
@Suite("Migration error")
struct MigrationErrorTests {
    private static let file = SQLFile(path: "core/x.sql", text: "-- ä€😀\nSELECT 1;\nSELEC 2;\n")

    private static let lines: [(Int?, String)] = [
        (nil, "sql/core/x.sql: "), (1, "sql/core/x.sql:1: "), (7, "sql/core/x.sql:1: "),
        (8, "sql/core/x.sql:2: "), (17, "sql/core/x.sql:2: "), (18, "sql/core/x.sql:3: "),
        (999, "sql/core/x.sql:4: "),
    ]

    @Test("The position of an error, counted in characters, becomes a line", arguments: lines)
    func line(_ position: Int?, _ start: String) {
        let error = PostgresError(sqlstate: "42601", message: "syntax error", position: position)
        #expect(MigrationError.inFile(Self.file, error).description == start + "syntax error")
    }

    @Test("DETAIL and HINT are on the same line")
    func oneLine() {
        let error = PostgresError(
            sqlstate: "23505", message: "duplicate", detail: "one\ntwo", hint: "look\nthere")
        let line = MigrationError.inFile(Self.file, error).description
        #expect(line == "sql/core/x.sql: duplicate (one two) Hint: look there")
    }
}
