/// A migration as the program or the database knows it.
public struct MigrationRecord: Equatable, Sendable {
    /// 1, 2, 3, …
    public let number: Int
    /// As `0001_some_name`.
    public let name: String
    /// SHA-256 of the text, hexadecimal.
    public let checksum: String

    /// Creates a record.
    public init(number: Int, name: String, checksum: String) {
        self.number = number
        self.name = name
        self.checksum = checksum
    }
}

/// What the program carries.
public struct ProgramState: Equatable, Sendable {
    /// Its migrations by number, from 1 without gaps.
    public let migrations: [MigrationRecord]
    /// SHA-256 over all code files.
    public let codeChecksum: String
    /// The version of the program.
    public let version: String

    /// Creates a state.
    public init(migrations: [MigrationRecord], codeChecksum: String, version: String) {
        self.migrations = migrations
        self.codeChecksum = codeChecksum
        self.version = version
    }
}

/// What a database has.
public struct DatabaseState: Equatable, Sendable {
    /// The code schemas that it carries.
    public struct Build: Equatable, Sendable {
        /// SHA-256 over the code files that made them.
        public let checksum: String
        /// The version of the program that applied them.
        public let version: String

        /// Creates a build.
        public init(checksum: String, version: String) {
            self.checksum = checksum
            self.version = version
        }
    }

    /// The migrations that were applied.
    public let migrations: [MigrationRecord]
    /// The code; nil where there never was any.
    public let build: Build?

    /// Creates a state.
    public init(migrations: [MigrationRecord] = [], build: Build? = nil) {
        self.migrations = migrations
        self.build = build
    }
}
