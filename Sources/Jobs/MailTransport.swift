import Glibc
internal import Reactor

/// The way that mails leave.
public enum MailTransport: Equatable, Sendable {
    /// Each mail is a file `<milliseconds>-<id>.eml` in this directory.
    case directory(String)
    /// A sendmail-compatible program and its arguments, run once a mail.
    ///
    /// It gets `-i -- <recipient>` appended and the message on standard input, with the line ends of
    /// Unix. Postfix, Exim, OpenSMTPD and msmtp take these alike: `-i` keeps a line that is a single
    /// dot from ending the message, `--` a recipient that begins with a dash from being an option.
    case command([String])

    private static let timeLimitMilliseconds: Int64 = 60_000

    /// Hands a message over.
    ///
    /// - Parameter isCancelled: asked every few milliseconds while a program runs; true ends it.
    public func deliver(
        id: String, recipient: String, message: String, isCancelled: () -> Bool = { false }
    ) throws(JobsError) {
        switch self {
        case .directory(let path):
            do throws(SystemError) {
                try Self.store(message, id: id, in: path)
            } catch {
                throw .undelivered(path + ": " + error.description)
            }
        case .command(let words):
            try Self.send(message, to: recipient, words, isCancelled)
        }
    }

    /// Writes under a name that readers pass over, and gives the file its own once it is on disk.
    private static func store(
        _ message: String, id: String, in directory: String
    ) throws(SystemError) {
        try FileSystem.makeDirectory(directory, mode: 0o700)
        let name = String(WallClock.milliseconds()) + "-" + id + ".eml"
        let final = directory + "/" + name
        let temporary = directory + "/." + name
        let raw = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard raw >= 0 else { throw SystemError("open") }
        let file = Descriptor(owning: raw)
        do throws(SystemError) {
            try FileSystem.write(Array(message.utf8), to: file.raw)
            guard fsync(file.raw) == 0 else { throw SystemError("fsync") }
            guard rename(temporary, final) == 0 else { throw SystemError("rename") }
        } catch {
            unlink(temporary)
            throw error
        }
        // The name is on disk when its directory is.
        let rawDirectory = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard rawDirectory >= 0 else { throw SystemError("open") }
        let parent = Descriptor(owning: rawDirectory)
        guard fsync(parent.raw) == 0 else { throw SystemError("fsync") }
    }

    private static func send(
        _ message: String, to recipient: String, _ words: [String], _ isCancelled: () -> Bool
    ) throws(JobsError) {
        guard let program = words.first else { throw .noProgram }
        let run = ChildProcess(
            words + ["-i", "--", recipient], environment: environment, input: unixLines(message),
            timeLimitMilliseconds: timeLimitMilliseconds)
        let outcome = run.run(isCancelled: isCancelled)
        let said = String(decoding: outcome.errors, as: UTF8.self)
        switch outcome.ending {
        case .exited(0): return
        case .exited(let status):
            throw .undelivered(said.allSatisfy(\.isWhitespace) ? "exit status \(status)" : said)
        case .killed(let signal): throw .notDelivered("ended by signal \(signal)")
        case .timedOut: throw .notDelivered("not done after 60 seconds")
        case .cancelled: throw .notDelivered("interrupted")
        case .notFound: throw .undelivered(program + ": not found")
        case .notStarted(let error): throw .undelivered(program + ": " + error.description)
        }
    }

    /// Ours, without the way to the database: it is none of the program's business.
    private static var environment: [String] {
        ProcessEnvironment.current
            .filter { !$0.key.hasPrefix("PG") && $0.key != "DATABASE_URL" }
            .map { $0.key + "=" + $0.value }
    }

    private static func unixLines(_ message: String) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(message.utf8.count)
        for byte in message.utf8 {
            if byte == UInt8(ascii: "\n"), bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
            bytes.append(byte)
        }
        return bytes
    }
}
