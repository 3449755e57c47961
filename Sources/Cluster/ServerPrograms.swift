import Glibc
internal import Reactor

/// The directory of an installed PostgreSQL server's programs.
struct ServerPrograms {
    /// Where initdb, pg_ctl and postgres are.
    let directory: String
    /// The first number of its version.
    let major: Int

    static let oldestMajor = 15

    /// The programs to use.
    ///
    /// - Parameters:
    ///   - named: the only directory to look in, where one was named. Else those of PATH, then
    ///     Debian's, the newest first.
    ///   - dataMajor: the version that existing data needs.
    static func find(
        in named: String?, dataMajor: Int?
    ) throws(ClusterError) -> ServerPrograms {
        let installed = (named.map { [$0] } ?? candidates()).lazy.compactMap { Self(at: $0) }
        if let dataMajor {
            if let match = installed.first(where: { $0.major == dataMajor }) { return match }
            throw .programsOfOtherVersion(data: dataMajor)
        }
        if let newest = installed.first(where: { $0.major >= oldestMajor }) { return newest }
        if let named { throw .programsNotIn(named) }
        throw .programsNotFound
    }

    private init?(at directory: String) {
        for name in ["initdb", "pg_ctl", "postgres"] {
            guard access(directory + "/" + name, X_OK) == 0 else { return nil }
        }
        let run = ChildProcess(
            [directory + "/postgres", "--version"], timeLimitMilliseconds: 10_000
        ).run()
        let version = String(decoding: run.output, as: UTF8.self)
            .drop { !$0.isNumber }.prefix { $0.isNumber }
        guard run.ending == .exited(0), let major = Int(version) else { return nil }
        self.directory = directory
        self.major = major
    }

    private static func candidates() -> [String] {
        let path = getenv("PATH").map { String(cString: $0) } ?? ""
        let debian = "/usr/lib/postgresql"
        let majors = entries(of: debian).compactMap { Int($0) }.sorted(by: >)
        return path.split(separator: ":").map(String.init)
            + majors.map { debian + "/" + String($0) + "/bin" }
    }

    private static func entries(of directory: String) -> [String] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            names.append(name)
        }
        return names
    }
}
