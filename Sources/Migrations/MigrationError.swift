public import Postgres

/// Why a migrate, or a look at its state, did not come to its end. One line each.
public enum MigrationError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The plan is not to touch the database.
    case refused(Refusal)
    /// Another migrator is at work on this database.
    case busy
    /// A file of `sql/` failed; the line where PostgreSQL pointed at one.
    case file(path: String, line: Int?, PostgresError)
    /// The database failed otherwise.
    case database(PostgresError)

    /// One line for people.
    public var description: String {
        switch self {
        case .refused(let refusal): refusal.description
        case .busy: "another migrate is under way on this database"
        case .file(let path, let line, let error):
            "sql/" + path + (line.map { ":" + String($0) } ?? "") + ": " + Self.oneLine(error)
        case .database(let error): Self.oneLine(error)
        }
    }

    /// DETAIL and HINT may have several lines.
    private static func oneLine(_ error: PostgresError) -> String {
        error.description.split(whereSeparator: \.isNewline).joined(separator: " ")
    }

    /// The error of a file that was run, with the line that the error's position is in.
    static func inFile(_ file: SQLFile, _ error: PostgresError) -> MigrationError {
        // PostgreSQL counts characters as Unicode scalars, from 1.
        let line = error.position.map { position in
            1 + file.text.unicodeScalars.prefix(position - 1).count { $0 == "\n" }
        }
        return .file(path: file.path, line: line, error)
    }
}
