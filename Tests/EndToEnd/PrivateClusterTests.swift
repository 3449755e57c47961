import Foundation
import Glibc
import Testing

/// Without `DATABASE_URL`: a PostgreSQL of the program's own below `RAPPORT_DATA`.
@Suite("Private cluster")
struct PrivateClusterTests {
    @Test("migrate makes and starts it; serve uses it; killed, it returns with the next command")
    func lifeCycle() throws {
        let directory = try TemporaryDirectory()
        if geteuid() == 0, let user = getpwnam("postgres") {
            chown(directory.url.path, user.pointee.pw_uid, user.pointee.pw_gid)
        }
        let data = directory.url.appendingPathComponent("data").path
        let variables = ["RAPPORT_DATA": data]
        defer { stopCluster(below: data) }

        let first = try Command.run(["migrate"], variables: variables)
        #expect(first.status == 0, "\(first.errorOutput)")
        let again = try Command.run(["migrate"], variables: variables)
        #expect(again.status == 0, "\(again.errorOutput)")
        #expect(again.output.lowercased().contains("nothing to do"), "\(again.output)")

        let file = try #require(pidFile(below: data))
        let lines = try String(contentsOfFile: file, encoding: .utf8).components(separatedBy: "\n")
        let postmaster = try #require(pid_t(lines[0]))
        #expect(try owner(of: postmaster) != 0, "never as root")
        let database = TestDatabase(
            existing: "rapport",
            url: "host=\(lines[4]) port=\(lines[3]) user=rapport dbname=rapport")

        // As somebody might who looks for a slow statement.
        try database.execute("ALTER DATABASE rapport SET log_statement = 'all'")
        try withServer(variables, database: database) { server in
            let person = Person()
            let token = try person.signUp(at: server)
            let log = try String(contentsOfFile: "\(data)/postgres.log", encoding: .utf8)
            #expect(log.contains("dsrt_v1.register"), "statements are logged")
            #expect(!log.contains(person.email), "what they are given is not")
            let children = "/proc/\(postmaster)/task/\(postmaster)/children"
            let processes = try String(contentsOfFile: children, encoding: .utf8)
                .split(separator: " ").compactMap { pid_t($0) }
            for pid in [postmaster] + processes { kill(pid, SIGKILL) }
            #expect(holds(within: 5) { !server.isReady })
            #expect(server.isRunning)
            let back = try Command.run(["status"], variables: variables)
            #expect(back.status == 0, "\(back.errorOutput)")
            let served = try holds(within: 5) {
                try server.client.get(Path.me, token: token).code == 200
            }
            #expect(served)
        }
    }

    private func pidFile(below data: String) -> String? {
        FileManager.default.enumerator(atPath: data)?.lazy
            .compactMap { $0 as? String }
            .first { $0.hasSuffix("postmaster.pid") }
            .map { "\(data)/\($0)" }
    }

    private func owner(of pid: pid_t) throws -> uid_t {
        var status = stat()
        stat("/proc/\(pid)", &status)
        return status.st_uid
    }

    private func stopCluster(below data: String) {
        guard let file = pidFile(below: data),
            let text = try? String(contentsOfFile: file, encoding: .utf8),
            let pid = text.split(separator: "\n").first.flatMap({ pid_t($0) })
        else { return }
        kill(pid, SIGINT)
        _ = holds(within: 10) { kill(pid, 0) != 0 }
    }
}
