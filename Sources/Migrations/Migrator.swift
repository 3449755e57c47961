public import Postgres

/// Brings a database to what the program needs, in one transaction.
public struct Migrator: Sendable {
    private let settings: ConnectionSettings
    private let sources: SQLSources
    private let version: String

    /// What two migrators of one database compete for: "rapport" as a number.
    private static let lock = "32195282895598196"

    /// Creates a migrator.
    ///
    /// - Parameters:
    ///   - settings: a role that may create roles, schemas and extensions, at the first time at
    ///     least.
    ///   - version: the program's; an older program than the last one is refused.
    public init(
        _ settings: ConnectionSettings, sources: SQLSources = .embedded, version: String
    ) {
        var settings = settings
        // A limit of the role's is for requests.
        settings.startOptions.append(("statement_timeout", "0"))
        self.settings = settings
        self.sources = sources
        self.version = version
    }

    /// How many code files a rebuild runs.
    public var codeFileCount: Int { sources.code.count }

    /// The number of the last migration of the program.
    public var schemaVersion: Int { sources.migrations.last?.number ?? 0 }

    /// Tells what `migrate()` would do, changing nothing.
    public func plan() throws(MigrationError) -> Plan {
        try Self.reporting { () throws(PostgresError) in
            let connection = try BlockingConnection(settings)
            return try plan(connection)
        }
    }

    /// Does what there is to do; nothing where there is nothing.
    ///
    /// - Returns: what was done: `.nothing` or `.apply`.
    public func migrate() throws(MigrationError) -> Plan {
        let connection = try Self.reporting { () throws(PostgresError) in
            try BlockingConnection(settings)
        }
        // An error leaves the transaction open; it ends with the connection.
        let plan = try Self.reporting { () throws(PostgresError) -> Plan? in
            try connection.execute("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE")
            let locked = try connection.query("SELECT pg_try_advisory_xact_lock(\(Self.lock)) AS l")
            return locked[0, "l"] == "t" ? try self.plan(connection) : nil
        }
        switch plan {
        case nil: throw .busy
        case .refuse(let refusal): throw .refused(refusal)
        case .nothing: return .nothing
        case .apply(let names):
            try apply(names, connection)
            return .apply(migrations: names)
        }
    }

    /// Tells what the database has, for people.
    public func status() throws(MigrationError) -> DatabaseStatus {
        try Self.reporting { () throws(PostgresError) in
            let connection = try BlockingConnection(settings)
            return DatabaseStatus(
                serverVersion: try connection.query("SHOW server_version").rows.first?.first
                    .flatMap { $0 } ?? "",
                program: try StateReader.program(sources, version, connection),
                database: try StateReader.database(connection),
                gateway: try StateReader.gateway(connection))
        }
    }

    private func plan(_ connection: BlockingConnection) throws(PostgresError) -> Plan {
        Plan(
            program: try StateReader.program(sources, version, connection),
            database: try StateReader.database(connection))
    }

    private func apply(
        _ names: [String], _ connection: BlockingConnection
    ) throws(MigrationError) {
        let program = try Self.reporting { () throws(PostgresError) in
            // Waiting for a lock holds up everybody who waits behind us: rather fail. And nothing
            // of a stranger's is found where a name in sql/ lacks its schema.
            try connection.execute(
                "SET LOCAL lock_timeout = '30s'; SET LOCAL search_path = pg_catalog, pg_temp")
            return try StateReader.program(sources, version, connection)
        }
        try Self.run(sources.bootstrap, connection)
        try Self.reporting { () throws(PostgresError) in
            try connection.execute("SET LOCAL ROLE rapport_owner")
        }
        for migration in sources.migrations where names.contains(migration.name) {
            try Self.run(migration.file, connection)
            let checksum = program.migrations.first { $0.number == migration.number }?.checksum
            try Self.reporting { () throws(PostgresError) in
                _ = try connection.query(
                    "INSERT INTO app.migration (number, name, checksum) VALUES ($1, $2, $3)",
                    [String(migration.number), migration.name, checksum])
            }
        }
        for file in sources.code { try Self.run(file, connection) }
        try Self.reporting { () throws(PostgresError) in
            _ = try connection.query(
                """
                INSERT INTO app.build AS b (checksum, version) VALUES ($1, $2)
                ON CONFLICT ON CONSTRAINT build_pkey DO UPDATE
                SET checksum = excluded.checksum, version = excluded.version, applied_at = now()
                """, [program.codeChecksum, program.version])
            try connection.execute("COMMIT")
        }
    }

    private static func run(
        _ file: SQLFile, _ connection: BlockingConnection
    ) throws(MigrationError) {
        do throws(PostgresError) {
            try connection.execute(file.text)
        } catch {
            throw .inFile(file, error)
        }
    }

    private static func reporting<Result>(
        _ body: () throws(PostgresError) -> Result
    ) throws(MigrationError) -> Result {
        do throws(PostgresError) {
            return try body()
        } catch {
            throw .database(error)
        }
    }
}
