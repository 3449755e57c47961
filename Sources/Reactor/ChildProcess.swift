internal import CLinux
import Glibc

/// A program that runs beside us with limits: of time, and of what it may print.
///
/// No shell is involved. The child has a process group of its own, so that Ctrl-C at our terminal
/// does not reach it, the default action for all signals, and no descriptor of ours but the three
/// standard ones, which are pipes. Usable from any thread; the calling one waits.
public struct ChildProcess: Sendable {
    /// How a run ended.
    public enum Ending: Equatable, Sendable {
        /// The program ended by itself, with this status.
        case exited(Int32)
        /// A signal ended it.
        case killed(signal: Int32)
        /// The time was over: it and its process group were killed.
        case timedOut
        /// The caller did not want it any more: it and its process group were killed.
        case cancelled
        /// There is no such program.
        case notFound
        /// It could not be started.
        case notStarted(SystemError)
    }

    /// What is known after a run.
    public struct Outcome: Equatable, Sendable {
        /// How it ended.
        public var ending: Ending
        /// What it printed on standard output, up to the limit.
        public var output: [UInt8] = []
        /// What it printed on standard error, up to the limit.
        public var errors: [UInt8] = []

        /// The last line of standard error that is not blank: where programs put the reason.
        public var lastErrorLine: String? {
            String(decoding: errors, as: UTF8.self).split(whereSeparator: \.isNewline)
                .last { line in line.contains { !$0.isWhitespace } }.map(String.init)
        }
    }

    /// The program, looked up in PATH where it has no slash, and its arguments.
    public var arguments: [String]
    /// `NAME=value` each; nil: our own environment.
    public var environment: [String]?
    /// Where it runs; nil: where we do.
    public var directory: String?
    /// What it reads on standard input.
    public var input: [UInt8]
    /// After how much time it is killed.
    public var timeLimitMilliseconds: Int64

    /// How much of each of its outputs is kept; the rest is read and dropped.
    public static let outputLimit = 64 * 1024

    /// Describes a run.
    public init(
        _ arguments: [String], environment: [String]? = nil, directory: String? = nil,
        input: [UInt8] = [], timeLimitMilliseconds: Int64
    ) {
        precondition(!arguments.isEmpty, "a child process needs a program")
        self.arguments = arguments
        self.environment = environment
        self.directory = directory
        self.input = input
        self.timeLimitMilliseconds = timeLimitMilliseconds
    }

    /// Runs the program and waits until it has ended. What it started in turn may go on.
    ///
    /// - Parameter isCancelled: asked every few milliseconds; true kills the program.
    public func run(isCancelled: () -> Bool = { false }) -> Outcome {
        do throws(SystemError) {
            let input = try Pipe()
            let output = try Pipe()
            let errors = try Pipe()
            let process = try spawn(
                input: input.reading.raw, output: output.writing.raw, errors: errors.writing.raw)
            var exchange = Exchange(
                process: process, input: self.input, writing: input.closeReading(),
                output: output.closeWriting(), errors: errors.closeWriting())
            return exchange.run(
                until: MonotonicClock.milliseconds() + timeLimitMilliseconds,
                isCancelled: isCancelled)
        } catch {
            let isMissing = error.call == "posix_spawn" && error.code == ENOENT
            return Outcome(ending: isMissing ? .notFound : .notStarted(error))
        }
    }

    private func spawn(
        input: Int32, output: Int32, errors: Int32
    ) throws(SystemError) -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        if let directory { _ = unsafe clinux_spawn_in(&actions, directory) }
        unsafe posix_spawn_file_actions_adddup2(&actions, input, 0)
        unsafe posix_spawn_file_actions_adddup2(&actions, output, 1)
        unsafe posix_spawn_file_actions_adddup2(&actions, errors, 2)
        // Ours are all O_CLOEXEC, but libraries open some without, or set it too late.
        _ = unsafe clinux_spawn_closing(&actions, 3)

        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK
        unsafe posix_spawnattr_setflags(&attributes, Int16(flags))
        unsafe posix_spawnattr_setpgroup(&attributes, 0)
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe posix_spawnattr_setsigmask(&attributes, &signals)
        unsafe sigfillset(&signals)
        unsafe posix_spawnattr_setsigdefault(&attributes, &signals)

        let words = unsafe arguments.map { unsafe strdup($0) } + [nil]
        let ours = ProcessEnvironment.current.map { $0.key + "=" + $0.value }
        let variables = unsafe (environment ?? ours).map { unsafe strdup($0) } + [nil]
        defer { unsafe (words + variables).forEach { text in unsafe free(text) } }
        var process = pid_t()
        let code = unsafe posix_spawnp(
            &process, arguments[0], &actions, &attributes, words, variables)
        guard code == 0 else { throw SystemError("posix_spawn", code: code) }
        return process
    }

    /// Both ends of a pipe, above the standard descriptors.
    private struct Pipe: ~Copyable {
        let reading: Descriptor
        let writing: Descriptor

        init() throws(SystemError) {
            var ends: [Int32] = [-1, -1]
            guard unsafe clinux_pipe2(&ends, O_CLOEXEC) == 0 else { throw SystemError("pipe2") }
            // A process whose standard descriptors are closed gets their numbers; those of the
            // child would then overwrite each other.
            for index in ends.indices where ends[index] <= 2 {
                let low = ends[index]
                ends[index] = fcntl(low, F_DUPFD_CLOEXEC, 3)
                close(low)
            }
            reading = Descriptor(owning: ends[0])
            writing = Descriptor(owning: ends[1])
        }

        consuming func closeReading() -> Descriptor { writing }

        consuming func closeWriting() -> Descriptor { reading }
    }
}
