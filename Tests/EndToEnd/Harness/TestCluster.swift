import Foundation
import Glibc
import Postgres
import Synchronization

/// A PostgreSQL server of a test's own, which it may kill.
final class TestCluster: Sendable {
    /// What went wrong while setting it up.
    struct Failure: Error {
        let reason: String
    }

    /// Its only database.
    let database: TestDatabase
    private let directory: TemporaryDirectory
    private let programs: String
    private let postmaster: Mutex<ChildProcess?>

    /// Makes an empty cluster and starts it.
    init() throws {
        directory = try TemporaryDirectory()
        programs = try Self.findPrograms()
        database = TestDatabase(
            existing: "postgres", url: "host=\(directory.url.path) user=postgres dbname=postgres")
        postmaster = Mutex(nil)
        if geteuid() == 0, let user = getpwnam("postgres") {
            chown(directory.url.path, user.pointee.pw_uid, user.pointee.pw_gid)
        }
        let made = try ChildProcess.run(
            "/usr/bin/env",
            unprivileged("initdb") + [
                "-D", data, "-U", "postgres", "-A", "trust", "--no-sync", "--encoding=UTF8",
                "--locale=C.UTF-8",
            ],
            environment: TestSettings.environment(adding: [:]), seconds: 60)
        guard made.status == 0 else { throw Failure(reason: made.errorOutput) }
        try start()
    }

    deinit {
        postmaster.withLock { child in
            child?.signal(SIGQUIT)
            _ = child?.waitForExit(seconds: 10)
        }
    }

    /// The processes of the server, the first of them the postmaster.
    var processes: [pid_t] {
        guard let pid = postmaster.withLock({ $0?.pid }) else { return [] }
        let children = try? String(
            contentsOfFile: "/proc/\(pid)/task/\(pid)/children", encoding: .utf8)
        return [pid] + (children ?? "").split(separator: " ").compactMap { pid_t($0) }
    }

    /// Starts it and waits until it takes connections.
    func start() throws {
        // Right after a kill the memory of the old one may still be in use for a moment.
        let up = try holds(within: 30) {
            try postmaster.withLock { child in
                if child?.isRunning == true { return }
                child = try ChildProcess(
                    "/usr/bin/env",
                    unprivileged("postgres") + [
                        "-D", data, "-k", directory.url.path, "-c", "listen_addresses=",
                        "-c", "fsync=off", "-c", "full_page_writes=off",
                        "-c", "max_connections=60", "-c", "shared_buffers=32MB",
                    ],
                    environment: TestSettings.environment(adding: [:]), directory: directory.url,
                    name: "postgres")
            }
            return isUp || holds(within: 0.3) { isUp }
        }
        guard up else {
            throw Failure(reason: postmaster.withLock { $0?.errorOutput } ?? "did not start")
        }
    }

    /// Whether it takes connections.
    var isUp: Bool { (try? database.value("SELECT 1")) == "1" }

    /// Kills every process of the server, as a crash of the machine would.
    func kill() {
        let all = processes
        for pid in all { Glibc.kill(pid, SIGKILL) }
        _ = postmaster.withLock { $0?.waitForExit(seconds: 10) }
    }

    private var data: String { directory.url.appendingPathComponent("data").path }

    /// PostgreSQL refuses to run as root.
    private func unprivileged(_ program: String) -> [String] {
        let path = "\(programs)/\(program)"
        guard geteuid() == 0 else { return [path] }
        return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", path]
    }

    private static func findPrograms() throws -> String {
        let base = "/usr/lib/postgresql"
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: base)) ?? []
        let debian = versions.compactMap(Int.init).sorted().reversed()
            .map { "\(base)/\($0)/bin" }
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let found = (debian + path.split(separator: ":").map(String.init)).first {
            FileManager.default.isExecutableFile(atPath: "\($0)/initdb")
        }
        guard let found else { throw Failure(reason: "no initdb found") }
        return found
    }
}
