import Foundation
import Testing

@testable import Migrations

/// What EmbedSQL made of `sql/`, against the files themselves.
@Suite("Embedded SQL")
struct EmbeddedSQLTests {
    private static let sql = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "sql")

    @Test("Every file survives byte for byte")
    func exact() throws {
        let sources = SQLSources.embedded
        let files = [sources.bootstrap] + sources.migrations.map(\.file) + sources.code
        for file in files {
            let data = try Data(contentsOf: Self.sql.appending(path: file.path))
            #expect(Array(file.text.utf8) == Array(data), "\(file.path)")
        }
    }

    @Test("Migrations are numbered from 1 without gaps and named after their files")
    func migrations() throws {
        let migrations = SQLSources.embedded.migrations
        #expect(migrations.map(\.number) == Array(1...migrations.count))
        for migration in migrations {
            #expect(migration.file.path == "migrations/\(migration.name).sql")
            #expect(Int(migration.name.prefix(4)) == migration.number)
        }
        let files = try FileManager.default
            .contentsOfDirectory(atPath: Self.sql.appending(path: "migrations").path())
            .filter { $0.hasSuffix(".sql") }
        #expect(files.count == migrations.count)
    }

    @Test("The code files are those of load.txt, in its order")
    func loadOrder() throws {
        let text = try String(
            contentsOf: Self.sql.appending(path: "load.txt"), encoding: .utf8)
        let listed = text.split(separator: "\n")
            .map { $0.prefix { $0 != "#" }.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty }
        #expect(SQLSources.embedded.code.map(\.path) == listed)
    }

    @Test("The checksum of the code changes with bootstrap, a text, a path and the order")
    func codeText() {
        let one = SQLFile(path: "one.sql", text: "SELECT 1;")
        let two = SQLFile(path: "two.sql", text: "SELECT 2;")
        func text(_ bootstrap: SQLFile, _ code: [SQLFile]) -> String {
            SQLSources(bootstrap: bootstrap, migrations: [], code: code).codeText
        }
        let texts = [
            text(one, [one, two]), text(two, [one, two]), text(one, [two, one]), text(one, [one]),
            text(one, [one, SQLFile(path: "three.sql", text: two.text)]),
            text(one, [one, SQLFile(path: two.path, text: one.text)]),
        ]
        #expect(Set(texts).count == texts.count)
    }
}
