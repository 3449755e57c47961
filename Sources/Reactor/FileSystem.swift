import Glibc

/// Directories and whole files.
public enum FileSystem {
    /// Makes a directory that does not exist yet, with all above it.
    ///
    /// - Parameter mode: of the last one; those above it get 0755. The umask applies.
    public static func makeDirectory(_ path: String, mode: UInt32) throws(SystemError) {
        if unsafe mkdir(path, mode) == 0 || (errno == EEXIST && isDirectory(path)) { return }
        let code = errno
        guard code == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
            throw SystemError("mkdir", code: code == EEXIST ? ENOTDIR : code)
        }
        try makeDirectory(String(path[..<slash]), mode: 0o755)
        guard unsafe mkdir(path, mode) == 0 || errno == EEXIST else { throw SystemError("mkdir") }
    }

    /// Whether there is a directory, or a link to one.
    public static func isDirectory(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    /// The first bytes of a file as text; nil where it cannot be read.
    public static func text(of path: String, limit: Int = 64 * 1024) -> String? {
        let raw = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard raw >= 0 else { return nil }
        let file = Descriptor(owning: raw)
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = unsafe read(file.raw, &bytes, limit)
        return count < 0 ? nil : String(decoding: bytes.prefix(count), as: UTF8.self)
    }

    /// Writes all bytes to a descriptor, waiting where it has to.
    public static func write(_ bytes: [UInt8], to raw: Int32) throws(SystemError) {
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(raw, buffer.baseAddress?.advanced(by: sent), buffer.count - sent)
            }
            if count < 0 && errno != EINTR { throw SystemError("write") }
            sent += max(0, count)
        }
    }
}
