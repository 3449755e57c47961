import Foundation
import Glibc

/// A directory that any local user may enter and that goes away with the value.
final class TemporaryDirectory: Sendable {
    /// Where it is.
    let url: URL

    /// Makes it below the system's directory for temporary files.
    init() throws {
        url = FileManager.default.temporaryDirectory
            .appendingPathComponent("rapport-test-\(getpid())-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        chmod(url.path, 0o755)
    }

    deinit {
        try? FileManager.default.removeItem(at: url)
    }

    /// Writes a file with these permissions and returns its path.
    func write(_ text: String, to name: String, mode: mode_t = 0o644) throws -> String {
        let path = url.appendingPathComponent(name).path
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
        chmod(path, mode)
        return path
    }
}
