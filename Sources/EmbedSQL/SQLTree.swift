/// What of `sql/` goes into the program, checked to be complete.
struct SQLTree {
    struct File {
        var path: String
        var text: String
    }

    struct Migration {
        var number: Int
        var name: String
        var file: File
    }

    let bootstrap: File
    let migrations: [Migration]
    let code: [File]

    /// Reads the folder.
    init(reading folder: Folder) throws(EmbedError) {
        let files = try folder.sqlFiles()
        func file(_ path: String) throws(EmbedError) -> File {
            File(path: path, text: try folder.text(of: path))
        }
        bootstrap = try file("bootstrap.sql")

        var migrations: [Migration] = []
        for path in files where path.hasPrefix("migrations/") {
            let (number, name) = try Self.identity(ofMigration: path)
            guard number == migrations.count + 1 else {
                throw EmbedError(
                    "sql/\(path): the migration after \(migrations.count) has number "
                        + "\(migrations.count + 1)")
            }
            migrations.append(Migration(number: number, name: name, file: try file(path)))
        }
        self.migrations = migrations

        let listed = try Self.loadOrder(try folder.text(of: "load.txt"), of: Set(files))
        for path in files where Self.isCode(path) && !listed.contains(path) {
            throw EmbedError("sql/\(path) is not in sql/load.txt")
        }
        var code: [File] = []
        for path in listed { code.append(try file(path)) }
        self.code = code
    }

    /// Files that every migrate loads; the others are run by people and tests.
    private static func isCode(_ path: String) -> Bool {
        !path.hasPrefix("migrations/") && !path.hasPrefix("lint/")
            && path != "bootstrap.sql" && path != "demo.sql"
    }

    /// `migrations/0001_some_name.sql` is number 1, name `0001_some_name`.
    private static func identity(
        ofMigration path: String
    ) throws(EmbedError) -> (number: Int, name: String) {
        let name = String(path.dropFirst("migrations/".count).dropLast(".sql".count))
        let digits = name.prefix { $0.isASCII && $0.isNumber }
        guard digits.count == 4, let number = Int(digits), name.dropFirst(4).first == "_",
            name.count > 5,
            name.allSatisfy({ $0.isASCII && ($0 == "_" || $0.isNumber || $0.isLowercase) })
        else { throw EmbedError("sql/\(path): the name of a migration is like 0001_some_name.sql") }
        return (number, name)
    }

    /// The paths of `load.txt`, one a line; `#` starts a comment.
    private static func loadOrder(
        _ text: String, of files: Set<String>
    ) throws(EmbedError) -> [String] {
        var paths: [String] = []
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false)
            .enumerated()
        {
            let path = line.prefix { $0 != "#" }.filter { $0 != " " && $0 != "\t" && $0 != "\r" }
            if path.isEmpty { continue }
            guard files.contains(path), isCode(path) else {
                throw EmbedError("sql/load.txt:\(index + 1): there is no code file \(path)")
            }
            guard !paths.contains(path) else {
                throw EmbedError("sql/load.txt:\(index + 1): \(path) is listed twice")
            }
            paths.append(path)
        }
        return paths
    }
}
