internal import Postgres

/// Reads what the plan compares. Checksums are the database's, so that there is one SHA-256.
enum StateReader {
    static func program(
        _ sources: SQLSources, _ version: String, _ connection: BlockingConnection
    ) throws(PostgresError) -> ProgramState {
        let texts = sources.migrations.map(\.file.text) + [sources.codeText]
        let columns = texts.indices.map { index in
            "encode(sha256(convert_to($\(index + 1), 'UTF8')), 'hex')"
        }
        let checksums = try connection.query(
            "SELECT " + columns.joined(separator: ", "), texts
        ).rows[0].map { $0 ?? "" }
        return ProgramState(
            migrations: zip(sources.migrations, checksums).map { migration, checksum in
                MigrationRecord(
                    number: migration.number, name: migration.name, checksum: checksum)
            },
            codeChecksum: checksums[checksums.count - 1], version: version)
    }

    static func database(
        _ connection: BlockingConnection
    ) throws(PostgresError) -> DatabaseState {
        guard try exists("app.migration", connection), try exists("app.build", connection) else {
            return DatabaseState()
        }
        let migrations = try connection.query(
            "SELECT number, name, checksum FROM app.migration ORDER BY number")
        let build = try connection.query("SELECT checksum, version FROM app.build")
        return DatabaseState(
            migrations: migrations.rows.map { row in
                MigrationRecord(
                    number: row[0].flatMap { Int($0) } ?? 0, name: row[1] ?? "",
                    checksum: row[2] ?? "")
            },
            build: build.rows.first.map { row in
                DatabaseState.Build(checksum: row[0] ?? "", version: row[1] ?? "")
            })
    }

    static func gateway(
        _ connection: BlockingConnection
    ) throws(PostgresError) -> DatabaseStatus.Gateway? {
        guard try exists("app.gateway_state", connection) else { return nil }
        let rows = try connection.query("SELECT generation, maintenance FROM app.gateway_state")
        guard !rows.rows.isEmpty else { return nil }
        return DatabaseStatus.Gateway(
            generation: rows[0, "generation"] ?? "", isInMaintenance: rows[0, "maintenance"] == "t")
    }

    private static func exists(
        _ table: String, _ connection: BlockingConnection
    ) throws(PostgresError) -> Bool {
        try connection.query("SELECT to_regclass($1) IS NOT NULL AS found", [table])[0, "found"]
            == "t"
    }
}
