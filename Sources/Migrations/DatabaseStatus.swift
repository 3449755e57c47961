/// What `rapport status` tells.
public struct DatabaseStatus: Equatable, Sendable {
    /// What servers follow.
    public struct Gateway: Equatable, Sendable {
        /// Counts each change of the registry.
        public let generation: String
        /// Whether requests are refused for now.
        public let isInMaintenance: Bool
    }

    /// PostgreSQL's own version.
    public let serverVersion: String
    /// What the program carries.
    public let program: ProgramState
    /// What the database has.
    public let database: DatabaseState
    /// Nil where nothing was migrated yet.
    public let gateway: Gateway?

    /// The lines to print.
    public var lines: [String] {
        var lines = ["PostgreSQL   " + serverVersion]
        for migration in program.migrations {
            let isApplied = database.migrations.contains { $0.number == migration.number }
            lines.append("migration    " + migration.name + (isApplied ? " applied" : " pending"))
        }
        for known in database.migrations
        where !program.migrations.contains(where: { $0.number == known.number }) {
            lines.append("migration    " + known.name + " applied, unknown to this program")
        }
        lines.append("code         " + codeState)
        if let gateway {
            lines.append("maintenance  " + (gateway.isInMaintenance ? "on" : "off"))
            lines.append("generation   " + gateway.generation)
        }
        lines.append("verdict      " + verdict)
        return lines
    }

    private var codeState: String {
        guard let build = database.build else { return "none" }
        return "version " + build.version
            + (build.checksum == program.codeChecksum ? ", as in this program" : ", differs")
    }

    private var verdict: String {
        switch Plan(program: program, database: database) {
        case .nothing: "up to date"
        case .apply: "to be migrated: rapport migrate"
        case .refuse(let refusal): refusal.description
        }
    }
}
