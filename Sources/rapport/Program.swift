import Glibc
internal import Reactor

/// From arguments and environment to an exit status.
enum Program {
    /// The version of this program; a database that a later one migrated is refused.
    static let version = "0.1.0"

    /// Runs a command line.
    ///
    /// - Returns: 0; 1 where the command failed; 2 where it was not understood.
    static func run(_ arguments: [String]) -> Int32 {
        let command: Command
        let configuration: Configuration
        do throws(UsageError) {
            command = try Command(arguments)
        } catch {
            complain(error.message + "; " + Help.hint)
            return 2
        }
        do throws(ConfigurationError) {
            configuration = try Configuration(
                ProcessEnvironment.current, processors: sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        } catch {
            // What needs no setting does not mind a wrong one.
            if case .help = command { return succeed(Help.text) }
            if case .version = command { return succeed("rapport " + version) }
            complain(error.description)
            return 2
        }
        Log.level = configuration.logLevel
        do throws(Failure) {
            try execute(command, configuration)
            return 0
        } catch {
            complain(error.message)
            return error.status
        }
    }

    private static func execute(
        _ command: Command, _ configuration: Configuration
    ) throws(Failure) {
        switch command {
        case .help: _ = succeed(Help.text)
        case .version: _ = succeed("rapport " + version)
        case .migrate(let isDryRun): try Migrate.run(configuration, isDryRun: isDryRun)
        case .status: try Status.run(configuration)
        case .serve: try Serve.run(configuration)
        case .sweep: try Sweep.run(configuration)
        case .groupCreator(let email): try GroupCreator.run(configuration, email: email)
        case .routes: try Routes.run(configuration)
        case .maintenance(let isOn): try Maintenance.run(configuration, isOn: isOn)
        }
    }

    private static func succeed(_ text: String) -> Int32 {
        print(text)
        return 0
    }

    /// One line on standard error.
    private static func complain(_ message: String) {
        let line = message.split(whereSeparator: \.isNewline).joined(separator: " ")
        fflush(nil)
        let bytes = Array(("rapport: " + line + "\n").utf8)
        _ = write(2, bytes, bytes.count)
    }
}

/// Why a command did not succeed, for people, and the exit status that says so.
struct Failure: Error, Equatable {
    var message: String
    var status: Int32 = 1
}
