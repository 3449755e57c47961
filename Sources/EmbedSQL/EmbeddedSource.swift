/// The Swift source that is made of `sql/`; the same for the same files.
enum EmbeddedSource {
    static func text(of tree: SQLTree) -> String {
        let migrations = tree.migrations.map { migration in
            "Migration(number: \(migration.number), name: \"\(migration.name)\", file: "
                + file(migration.file) + ")"
        }
        return """
            // Made by EmbedSQL from sql/.

            extension SQLSources {
                /// The files of sql/ as they were when the program was built.
                public static let embedded = SQLSources(
                    bootstrap: \(file(tree.bootstrap)),
                    migrations: [\(migrations.joined(separator: ", "))],
                    code: [\(tree.code.map(file).joined(separator: ", "))])
            }

            """
    }

    private static func file(_ file: SQLTree.File) -> String {
        "SQLFile(path: " + SwiftLiteral.raw(file.path) + ", text: " + SwiftLiteral.raw(file.text)
            + ")"
    }
}
