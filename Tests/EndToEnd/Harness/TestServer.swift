import Foundation
import Glibc
import Synchronization

/// A real `rapport serve` on a port and a mail directory of its own.
///
/// Tests get it from `withServer`, or share one through the `.server` trait of their suite.
final class TestServer: Sendable {
    /// The server did not come up; what it wrote.
    struct NotReady: Error {
        let output: String
    }

    /// The database it serves.
    let database: TestDatabase
    /// Its port.
    let port: Int
    /// Its mail directory.
    let mailbox: Mailbox
    private let directory: TemporaryDirectory
    private let environment: [String: String]
    private let process: Mutex<ChildProcess>

    /// The server of the running suite.
    static var current: TestServer {
        guard let server = shared else { preconditionFailure("the suite has no .server trait") }
        return server
    }

    @TaskLocal static var shared: TestServer?

    /// Starts a server and waits until it is ready.
    init(_ variables: [String: String], database: TestDatabase) throws {
        self.database = database
        directory = try TemporaryDirectory()
        port = Ports.free()
        let mail = directory.url.appendingPathComponent("mail")
        try FileManager.default.createDirectory(at: mail, withIntermediateDirectories: true)
        mailbox = Mailbox(directory: mail)
        var own = [
            "HOST": "127.0.0.1", "PORT": "\(port)", "PUBLIC_URL": "http://127.0.0.1:\(port)",
        ]
        if variables["RAPPORT_DATA"] == nil { own["DATABASE_URL"] = database.url }
        if variables["MAIL_COMMAND"] == nil { own["MAIL_DIR"] = mail.path }
        environment = TestSettings.environment(adding: own.merging(variables) { _, new in new })
        process = Mutex(try Self.spawn(environment, directory))
        try waitUntilReady()
    }

    /// The process id of the server.
    var pid: pid_t { process.withLock { $0.pid } }

    /// Whether the process lives.
    var isRunning: Bool { process.withLock { $0.isRunning } }

    /// A client of this server.
    var client: Client { Client(port: port) }

    /// Everything the server wrote, the access log included.
    var log: String { process.withLock { $0.output + $0.errorOutput } }

    /// The lines of the access log that contain a text.
    func logLines(containing text: String) -> [String] {
        log.split(separator: "\n").filter { $0.contains(text) }.map(String.init)
    }

    /// Waits for a line of the log that contains a text.
    func waitForLogLine(containing text: String) -> String? {
        eventually(within: 5) { logLines(containing: text).first }
    }

    /// Whether `/readyz` answers 200 now.
    var isReady: Bool {
        let wire = try? Wire(port: port, timeOut: 2)
        try? wire?.send(Client.bytes("GET", "/readyz", [("Connection", "close")]))
        return (try? wire?.answer())?.status == 200
    }

    /// Waits until `/readyz` answers 200.
    func waitUntilReady(seconds: Double = 20) throws {
        let ready = holds(within: seconds) { isReady || !isRunning }
        guard ready, isRunning else { throw NotReady(output: log) }
    }

    /// Sends SIGTERM and waits; the exit status, nil when it did not end in time.
    @discardableResult
    func stop(seconds: Double = 15) -> Int32? {
        defer { Transcript.log(log) }
        return process.withLock { child in
            child.signal(SIGTERM)
            return child.waitForExit(seconds: seconds)
        }
    }

    /// Kills the process as a crash would.
    func kill() {
        process.withLock { child in
            child.signal(SIGKILL)
            _ = child.waitForExit(seconds: 10)
        }
    }

    /// Starts the program again, after `stop` or `kill`, on the same port and database.
    func startAgain() throws {
        try process.withLock { $0 = try Self.spawn(environment, directory) }
        try waitUntilReady()
    }

    private static func spawn(
        _ environment: [String: String], _ directory: TemporaryDirectory
    ) throws -> ChildProcess {
        try ChildProcess(
            TestSettings.binary(), ["serve"], environment: environment, directory: directory.url,
            name: "server")
    }
}

/// Runs a body with a server of its own, on a database of its own where none is given.
func withServer<Result>(
    _ variables: [String: String] = [:], database: TestDatabase? = nil,
    _ body: (TestServer) throws -> Result
) throws -> Result {
    let server = try TestServer(variables, database: database ?? TestDatabase())
    defer { server.stop() }
    return try body(server)
}
