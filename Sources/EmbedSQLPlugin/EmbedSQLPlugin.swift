import Foundation
import PackagePlugin

/// Runs `EmbedSQL` over `sql/` whenever a file below it has changed.
@main
struct EmbedSQLPlugin: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
        let sql = context.package.directoryURL.appending(path: "sql")
        let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedSQL.swift")
        let files =
            FileManager.default.enumerator(at: sql, includingPropertiesForKeys: nil)?
            .compactMap { $0 as? URL }
            .filter { $0.pathExtension == "sql" || $0.lastPathComponent == "load.txt" } ?? []
        return [
            .buildCommand(
                displayName: "Embedding sql/",
                executable: try context.tool(named: "EmbedSQL").url,
                arguments: [sql.path(), output.path()],
                inputFiles: files, outputFiles: [output])
        ]
    }
}
