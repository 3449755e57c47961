import Foundation

/// A directory that lives as long as this value.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("rapport-jobs-" + UUID().uuidString)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Names of the files in it, sorted.
    func files(in folder: String = "") throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path + "/" + folder).sorted()
    }

    /// Permissions of a file in it.
    func mode(of name: String) throws -> Int {
        let attributes = try FileManager.default.attributesOfItem(atPath: path + "/" + name)
        return try (attributes[.posixPermissions] as? Int).unwrapped()
    }

    /// Writes a script, and returns the words that run it. The shell reads it: to execute a file
    /// that a test beside this one was forked with, still open for writing, would fail.
    func script(_ text: String) throws -> [String] {
        let file = path + "/script"
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        return ["/bin/sh", file]
    }

    /// Reads a file in it.
    func text(_ name: String) throws -> String {
        try String(contentsOfFile: path + "/" + name, encoding: .utf8)
    }
}

extension Optional {
    /// The value, or an error.
    fileprivate func unwrapped() throws -> Wrapped {
        guard let self else { throw CocoaError(.fileReadUnknown) }
        return self
    }
}
