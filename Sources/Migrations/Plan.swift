/// What a migrate does: the difference between the program's files and what the database has.
public enum Plan: Equatable, Sendable {
    /// The database is as the program needs it.
    case nothing
    /// Run these migrations, by name and in order, then build the code schemas anew.
    case apply(migrations: [String])
    /// Touch nothing.
    case refuse(Refusal)

    /// Compares; pure.
    public init(program: ProgramState, database: DatabaseState) {
        self =
            switch Plan.compare(program, database) {
            case .failure(let refusal): .refuse(refusal)
            case .success(let pending):
                if pending.isEmpty && database.build?.checksum == program.codeChecksum {
                    .nothing
                } else {
                    .apply(migrations: pending)
                }
            }
    }

    /// The names of the migrations that the database lacks.
    private static func compare(
        _ program: ProgramState, _ database: DatabaseState
    ) -> Result<[String], Refusal> {
        let applied = database.migrations.sorted { $0.number < $1.number }
        for (index, known) in applied.enumerated() {
            guard let ours = program.migrations.first(where: { $0.number == known.number }) else {
                return .failure(.unknownMigration(known.name))
            }
            if ours.name != known.name {
                return .failure(.renamed(ours.name, was: known.name))
            }
            if ours.checksum != known.checksum { return .failure(.edited(ours.name)) }
            // Running one now that should have run earlier could undo what came after it.
            if let skipped = program.migrations.dropFirst(index).first,
                skipped.number < known.number
            {
                return .failure(.skipped(skipped.name, after: known.name))
            }
        }
        if let build = database.build, Version(build.version) > Version(program.version) {
            return .failure(.newerCode(build.version))
        }
        return .success(program.migrations.dropFirst(applied.count).map(\.name))
    }
}

/// Why a database is not touched.
public enum Refusal: Error, Equatable, Sendable, CustomStringConvertible {
    /// An applied migration's file was changed since.
    case edited(String)
    /// An applied migration has another name now.
    case renamed(String, was: String)
    /// A migration was not applied, but a later one was.
    case skipped(String, after: String)
    /// The database has a migration that this program does not know.
    case unknownMigration(String)
    /// The database carries the code of a later version.
    case newerCode(String)

    /// One line for people.
    public var description: String {
        switch self {
        case .edited(let name):
            "migration \(name) was edited after it was applied: put it back, and write a new one"
        case .renamed(let name, let old):
            "migration \(name) was applied under the name \(old): put the name back"
        case .skipped(let name, let later):
            "migration \(name) was not applied, but \(later), which comes after it, was"
        case .unknownMigration(let name):
            "the database is newer than this program: it has migration \(name)"
        case .newerCode(let version):
            "the database is newer than this program: it carries the code of version \(version)"
        }
    }
}
