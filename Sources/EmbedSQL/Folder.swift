import Glibc

/// A folder of text files.
struct Folder {
    private let path: String

    init(path: String) {
        self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    }

    /// The paths of all files below whose name ends in `.sql`, relative and sorted.
    func sqlFiles() throws(EmbedError) -> [String] {
        var files: [String] = []
        var folders = [""]
        while let folder = folders.popLast() {
            guard let directory = opendir(path + "/" + folder) else {
                throw EmbedError("\(path)/\(folder) cannot be read: \(Self.reason)")
            }
            defer { closedir(directory) }
            while let entry = readdir(directory) {
                let name = withUnsafeBytes(of: entry.pointee.d_name) { bytes in
                    String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                }
                if name.hasPrefix(".") { continue }
                let file = folder + name
                if isFolder(file) {
                    folders.append(file + "/")
                } else if name.hasSuffix(".sql") {
                    files.append(file)
                }
            }
        }
        return files.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }
    }

    /// The text of a file below, byte for byte.
    func text(of file: String) throws(EmbedError) -> String {
        guard let stream = fopen(path + "/" + file, "r") else {
            throw EmbedError("\(path)/\(file) cannot be read: \(Self.reason)")
        }
        defer { fclose(stream) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = fread(&chunk, 1, chunk.count, stream)
            if count == 0 { break }
            bytes += chunk[..<count]
        }
        guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
            throw EmbedError("\(path)/\(file) is not UTF-8 text")
        }
        return text
    }

    /// Writes a text file anew.
    static func write(_ text: String, to path: String) throws(EmbedError) {
        guard let stream = fopen(path, "w") else {
            throw EmbedError("\(path) cannot be written: \(reason)")
        }
        let bytes = Array(text.utf8)
        let written = fwrite(bytes, 1, bytes.count, stream)
        guard fclose(stream) == 0, written == bytes.count else {
            throw EmbedError("\(path) cannot be written: \(reason)")
        }
    }

    private func isFolder(_ file: String) -> Bool {
        var status = stat()
        return stat(path + "/" + file, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private static var reason: String { String(cString: strerror(errno)) }
}
