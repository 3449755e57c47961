/// A file of `sql/`.
public struct SQLFile: Equatable, Sendable {
    /// Where it stands, relative to `sql/`.
    public let path: String
    /// Its text, byte for byte.
    public let text: String

    /// Creates a file.
    public init(path: String, text: String) {
        self.path = path
        self.text = text
    }
}

/// A numbered migration: run once, never edited.
public struct Migration: Equatable, Sendable {
    /// 1, 2, 3, …
    public let number: Int
    /// The file's name without `.sql`, as `0001_some_name`.
    public let name: String
    /// The file.
    public let file: SQLFile

    /// Creates a migration.
    public init(number: Int, name: String, file: SQLFile) {
        self.number = number
        self.name = name
        self.file = file
    }
}

/// The files that make a database what the program needs.
public struct SQLSources: Equatable, Sendable {
    /// Run first, as the connecting role.
    public let bootstrap: SQLFile
    /// By number, from 1 without gaps.
    public let migrations: [Migration]
    /// The code files in load order.
    public let code: [SQLFile]

    /// Creates a set of files.
    public init(bootstrap: SQLFile, migrations: [Migration], code: [SQLFile]) {
        self.bootstrap = bootstrap
        self.migrations = migrations
        self.code = code
    }

    /// What the checksum of the code is taken over: whatever runs again when it changes.
    var codeText: String {
        ([bootstrap] + code).map { $0.path + "\n" + $0.text + "\n" }.joined()
    }
}
