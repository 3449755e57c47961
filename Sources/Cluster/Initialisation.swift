import Glibc
internal import Reactor

/// Makes the data directory. It gets its name when it is complete, so that one which was
/// interrupted is not taken for a cluster.
struct Initialisation {
    private let paths: ClusterPaths
    private let owner: ServerOwner
    private let programs: ServerPrograms

    /// Local trust: who may reach the socket is decided by the directory that it is in.
    private static let settings = [
        "", "# Settings of a private cluster. What stands below, or ALTER SYSTEM, overrides them.",
        "listen_addresses = ''",
        "port = 5432",
        "max_connections = 100",
        "shared_buffers = 256MB",
        "jit = off",
        "timezone = 'UTC'",
        "log_timezone = 'UTC'",
        "log_line_prefix = '%m [%p] %a '",
        "log_parameter_max_length = 0",
        "log_parameter_max_length_on_error = 0",
    ]

    init(_ paths: ClusterPaths, _ owner: ServerOwner, _ programs: ServerPrograms) {
        self.paths = paths
        self.owner = owner
        self.programs = programs
    }

    func run() throws(ClusterError) {
        let unfinished = paths.unfinishedData
        // Left behind by an interrupted run. An empty directory may also have been made by hand.
        _ = ChildProcess(["rm", "-rf", "--", unfinished], timeLimitMilliseconds: 60_000).run()
        guard rmdir(paths.data) == 0 || errno == ENOENT else {
            throw .unusableDirectory(
                paths.data, reason: "is neither empty nor a data directory of PostgreSQL")
        }
        guard mkdir(unfinished, 0o700) == 0 else {
            throw .unusableDirectory(unfinished, reason: SystemError("mkdir").description)
        }
        try owner.own(unfinished)
        let outcome = try owner.run(
            [
                programs.directory + "/initdb", "-D", unfinished, "-U", "rapport", "-E", "UTF8",
                "--locale=C.UTF-8", "--locale-provider=icu", "--icu-locale=und",
                "--auth-local=trust", "--auth-host=reject",
            ], seconds: 300)
        guard outcome.ending == .exited(0) else { throw .notInitialised(outcome.reason) }
        do throws(SystemError) {
            try appendSettings()
            guard rename(unfinished, paths.data) == 0 else { throw SystemError("rename") }
        } catch {
            throw .unusableDirectory(unfinished, reason: error.description)
        }
    }

    private func appendSettings() throws(SystemError) {
        let file = paths.unfinishedData + "/postgresql.conf"
        let raw = open(file, O_WRONLY | O_APPEND | O_NOFOLLOW | O_CLOEXEC)
        guard raw >= 0 else { throw SystemError("open") }
        let descriptor = Descriptor(owning: raw)
        try FileSystem.write(
            Array((Self.settings.joined(separator: "\n") + "\n").utf8), to: descriptor.raw)
        guard fsync(descriptor.raw) == 0 else { throw SystemError("fsync") }
    }
}
