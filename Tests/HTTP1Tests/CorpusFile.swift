import Foundation
import Testing

/// One file of raw bytes under Corpus/, and what has to come of it.
struct CorpusFile: Sendable, CustomTestStringConvertible {
    let name: String
    let outcome: [String]

    init(_ name: String, _ outcome: String...) {
        self.name = name
        self.outcome = outcome
    }

    var testDescription: String { name }

    /// Whether the message is cut short, so that bytes after it would become part of it.
    var isCutShort: Bool { outcome.last == "400 incompleteMessage" }

    static var directory: URL {
        URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Corpus")
    }

    func bytes() throws -> [UInt8] {
        let file = Self.directory.appendingPathComponent(name + ".http")
        return [UInt8](try Data(contentsOf: file))
    }
}
