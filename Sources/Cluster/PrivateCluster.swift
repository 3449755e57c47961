import Glibc
internal import Postgres
internal import Reactor

/// A PostgreSQL of our own below one directory, for local use and tests: made when it is missing,
/// started when it is not running, reached by a Unix socket only.
///
/// The server is independent of the process that started it and goes on after its end.
public final class PrivateCluster {
    private let paths: ClusterPaths
    private let binaries: String?

    private static let patienceMilliseconds: Int64 = 60_000

    /// Names a cluster; nothing is touched yet.
    ///
    /// - Parameters:
    ///   - dataDirectory: all its files are below.
    ///   - binaries: where PostgreSQL's server programs are; nil: in PATH, or where Debian has them.
    public init(dataDirectory: String, binaries: String?) {
        paths = ClusterPaths(dataDirectory)
        self.binaries = binaries
    }

    /// How its superuser reaches the database, for libpq.
    public var url: String { url(of: "rapport") }

    /// Whether its server runs.
    public var isRunning: Bool { Postmaster.running(in: paths.data) != nil }

    /// Sees to it that the server runs and the database is there, and returns when it takes
    /// connections. Any number of processes may call it at once.
    ///
    /// - Returns: whether this call started the server.
    public func ensureRunning() throws(ClusterError) -> Bool {
        try paths.makeRoot()
        let owner = try ServerOwner(of: paths.data)
        try paths.checkAccess(of: owner)
        let lock = try ClusterLock(paths)
        defer { withExtendedLifetime(lock) {} }
        try paths.prepare(for: owner)
        if try isAnswering() {
            try createDatabase()
            return false
        }
        let programs = try ServerPrograms.find(in: binaries, dataMajor: paths.dataMajor)
        if paths.dataMajor == nil { try Initialisation(paths, owner, programs).run() }
        try start(owner, programs)
        try createDatabase()
        return true
    }

    /// Stops the server, ending its connections, and waits for it. Does nothing where none runs.
    public func stop() throws(ClusterError) {
        guard FileSystem.isDirectory(paths.data) else { return }
        let owner = try ServerOwner(of: paths.data)
        let lock = try ClusterLock(paths)
        defer { withExtendedLifetime(lock) {} }
        guard isRunning else { return }
        let programs = try ServerPrograms.find(in: binaries, dataMajor: paths.dataMajor)
        let outcome = try owner.run(
            [
                programs.directory + "/pg_ctl", "stop", "-D", paths.data, "-m", "fast", "-w", "-t",
                "60",
            ], seconds: 70)
        if isRunning { throw .notStopped(outcome.reason) }
    }

    /// Whether a server takes connections; waits for one that is about to start or to stop.
    private func isAnswering() throws(ClusterError) -> Bool {
        let deadline = MonotonicClock.milliseconds() + Self.patienceMilliseconds
        while let postmaster = Postmaster.running(in: paths.data) {
            do throws(PostgresError) {
                try connect("postgres").execute("SELECT 1")
                return true
            } catch {
                guard MonotonicClock.milliseconds() < deadline else {
                    throw .refused("process \(postmaster.process): " + error.description)
                }
            }
            usleep(50_000)
        }
        return false
    }

    private func start(
        _ owner: ServerOwner, _ programs: ServerPrograms
    ) throws(ClusterError) {
        let deadline = MonotonicClock.milliseconds() + Self.patienceMilliseconds
        Postmaster.removeLocks(data: paths.data, sockets: paths.sockets)
        while true {
            let before = logSize
            // The socket's place is told here, so that the directory as a whole can be moved.
            let outcome = try owner.run(
                [
                    programs.directory + "/pg_ctl", "start", "-D", paths.data, "-l", paths.log,
                    "-w", "-t", "60", "-o",
                    "-c unix_socket_directories=" + Self.shellQuoted(paths.sockets),
                ], seconds: 70)
            if outcome.ending == .exited(0) { return }
            // Processes that outlive a killed server by a moment still hold its memory.
            guard fatal(after: before)?.contains("shared memory block") == true,
                MonotonicClock.milliseconds() < deadline
            else {
                throw .notStarted(fatal(after: before) ?? outcome.reason, log: paths.log)
            }
            usleep(100_000)
        }
    }

    private var logSize: Int {
        var status = stat()
        return stat(paths.log, &status) == 0 ? Int(status.st_size) : 0
    }

    /// The reason for its end that the server wrote into its log, of what it wrote since.
    private func fatal(after offset: Int) -> String? {
        let raw = open(paths.log, O_RDONLY | O_CLOEXEC)
        guard raw >= 0 else { return nil }
        let file = Descriptor(owning: raw)
        var bytes = [UInt8](repeating: 0, count: 64 * 1024)
        let count = pread(file.raw, &bytes, bytes.count, offset)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
            .split(whereSeparator: \.isNewline)
            .compactMap { line in
                line.firstRange(of: "FATAL:").map { mark in
                    String(line[mark.upperBound...].drop { $0 == " " })
                }
            }
            .last
    }

    private func createDatabase() throws(ClusterError) {
        do throws(PostgresError) {
            let connection = try connect("postgres")
            let found = try connection.query(
                "SELECT 1 FROM pg_database WHERE datname = 'rapport'")
            if found.rows.isEmpty { try connection.execute("CREATE DATABASE rapport") }
        } catch {
            throw .refused(error.description)
        }
    }

    private func connect(_ database: String) throws(PostgresError) -> BlockingConnection {
        try BlockingConnection(ConnectionSettings(url(of: database)))
    }

    private func url(of database: String) -> String {
        "host=" + Self.conninfoQuoted(paths.sockets) + " port=5432 user=rapport dbname=" + database
    }

    /// A value of a conninfo string, in quotes only where it needs them.
    private static func conninfoQuoted(_ value: String) -> String {
        guard value.contains(where: { $0.isWhitespace || $0 == "'" || $0 == "\\" }) else {
            return value
        }
        var result = "'"
        for character in value {
            if character == "'" || character == "\\" { result.append("\\") }
            result.append(character)
        }
        return result + "'"
    }

    private static func shellQuoted(_ word: String) -> String {
        "'"
            + word.split(separator: "'", omittingEmptySubsequences: false).joined(
                separator: "'\\''")
            + "'"
    }
}
