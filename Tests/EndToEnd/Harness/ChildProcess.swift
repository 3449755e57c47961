import Foundation
import Glibc
import Synchronization

/// A program started by a test; what it writes goes to two files, so nothing has to be drained.
///
/// It is ended by its process id alone, at the latest when the value goes away.
final class ChildProcess: Sendable {
    /// Why a program could not be started or did not end.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// The process id.
    let pid: pid_t
    private let outputURL: URL
    private let errorURL: URL
    private let status = Mutex<Int32?>(nil)

    /// Starts `executable`; `environment` replaces the whole environment.
    init(
        _ executable: String, _ arguments: [String], environment: [String: String],
        directory: URL, name: String, input: String? = nil
    ) throws {
        outputURL = directory.appendingPathComponent("\(name).out")
        errorURL = directory.appendingPathComponent("\(name).err")
        var inputPath = "/dev/null"
        if let input {
            let url = directory.appendingPathComponent("\(name).in")
            try Data(input.utf8).write(to: url)
            inputPath = url.path
        }

        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        let create = O_WRONLY | O_CREAT | O_APPEND
        posix_spawn_file_actions_addopen(&actions, 0, inputPath, O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, outputURL.path, create, 0o644)
        posix_spawn_file_actions_addopen(&actions, 2, errorURL.path, create, 0o644)

        // The test process may have signals blocked or ignored; the program starts with none.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        sigemptyset(&none)
        var all = sigset_t()
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        posix_spawnattr_setflags(
            &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        let argv = ([executable] + arguments).map { strdup($0) } + [nil]
        let envp = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
        defer { (argv + envp).forEach { free($0) } }
        var child = pid_t()
        let code = posix_spawnp(&child, executable, &actions, &attributes, argv, envp)
        guard code == 0 else {
            throw Failure(
                description: "cannot start \(executable): \(String(cString: strerror(code)))")
        }
        pid = child
    }

    deinit {
        if exitStatus() == nil {
            kill(pid, SIGKILL)
            _ = waitForExit(seconds: 10)
        }
    }

    /// What the program wrote to standard output so far.
    var output: String { Self.text(of: outputURL) }

    /// What the program wrote to standard error so far.
    var errorOutput: String { Self.text(of: errorURL) }

    /// Whether the program still runs.
    var isRunning: Bool { exitStatus() == nil }

    /// Sends a signal to this process and to no other.
    func signal(_ number: Int32) {
        if exitStatus() == nil { kill(pid, number) }
    }

    /// The exit status (128 + n for signal n) when the program ends in time, else nil.
    func waitForExit(seconds: Double) -> Int32? {
        eventually(within: seconds) { exitStatus() }
    }

    private func exitStatus() -> Int32? {
        status.withLock { status in
            if let status { return status }
            var raw: Int32 = 0
            guard waitpid(pid, &raw, WNOHANG) == pid else { return nil }
            status = raw & 0x7f == 0 ? (raw >> 8) & 0xff : 128 + (raw & 0x7f)
            return status
        }
    }

    private static func text(of url: URL) -> String {
        guard let data = try? Data(contentsOf: url) else { return "" }
        return String(decoding: data, as: UTF8.self)
    }
}

extension ChildProcess {
    /// What a program that ran to its end left behind.
    struct Outcome {
        /// Exit status, 128 + n for signal n.
        let status: Int32
        /// Standard output.
        let output: String
        /// Standard error.
        let errorOutput: String
    }

    /// Runs a program to its end; kills it and throws when that takes longer than `seconds`.
    static func run(
        _ executable: String, _ arguments: [String], environment: [String: String],
        input: String? = nil, seconds: Double = 30
    ) throws -> Outcome {
        let directory = try TemporaryDirectory()
        let child = try ChildProcess(
            executable, arguments, environment: environment, directory: directory.url,
            name: "run", input: input)
        guard let status = child.waitForExit(seconds: seconds) else {
            throw Failure(
                description: "\(executable) \(arguments.joined(separator: " ")) did not end within "
                    + "\(seconds) s: \(child.errorOutput)")
        }
        return Outcome(
            status: status, output: child.output, errorOutput: child.errorOutput)
    }
}
