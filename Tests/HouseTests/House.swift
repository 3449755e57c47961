import Foundation

/// The repository as the tests of this target read it.
enum House {
    /// A text file, by its path from the root of the repository.
    struct File: Sendable {
        let path: String
        let lines: [Substring]

        /// The file's folder below `Sources`: its module.
        var module: String {
            path.split(separator: "/").dropFirst().first.map(String.init) ?? ""
        }
    }

    /// The folder that holds Package.swift.
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Reads one file.
    static func file(_ path: String) throws -> File {
        let text = try String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)
        return File(
            path: path, lines: text.split(separator: "\n", omittingEmptySubsequences: false))
    }

    /// Reads all files below `folder` whose names end in one of `suffixes`, in the order of their paths.
    static func files(below folder: String, _ suffixes: String...) throws -> [File] {
        let names = FileManager.default.enumerator(atPath: root.appendingPathComponent(folder).path)
        let found = (names?.allObjects as? [String] ?? []).filter { name in
            suffixes.contains { name.hasSuffix($0) }
        }
        return try found.sorted().map { try file("\(folder)/\($0)") }
    }

    /// Everything under Sources that is written by hand.
    static func sources() throws -> [File] {
        try files(below: "Sources", ".swift", ".c", ".h", ".modulemap")
    }
}
