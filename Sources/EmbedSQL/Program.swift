import Glibc

/// The tool from its arguments to its exit status.
enum Program {
    static func run(_ arguments: [String]) {
        do throws(EmbedError) {
            guard arguments.count == 3 else {
                throw EmbedError("usage: EmbedSQL SQL_FOLDER OUTPUT_FILE")
            }
            let folder = Folder(path: arguments[1])
            let source = EmbeddedSource.text(of: try SQLTree(reading: folder))
            try Folder.write(source, to: arguments[2])
        } catch {
            let line = Array(("error: " + error.message + "\n").utf8)
            _ = write(2, line, line.count)
            exit(1)
        }
    }
}

/// Why nothing was embedded: one line.
struct EmbedError: Error {
    var message: String

    init(_ message: String) { self.message = message }
}
