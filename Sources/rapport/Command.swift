/// What the command line asks for.
enum Command: Equatable {
    case help
    case version
    case migrate(isDryRun: Bool)
    case status
    case serve
    case sweep
    case groupCreator(email: String)
    case routes
    case maintenance(isOn: Bool)

    /// Reads the arguments after the program's name.
    init(_ arguments: [String]) throws(UsageError) {
        guard let name = arguments.first else { throw UsageError(message: "a command is missing") }
        let rest = Array(arguments.dropFirst())
        if rest.contains("--help") || rest.contains("-h") {
            self = .help
            return
        }
        switch (name, rest) {
        case ("help", []), ("--help", []), ("-h", []): self = .help
        case ("version", []), ("--version", []): self = .version
        case ("migrate", []): self = .migrate(isDryRun: false)
        case ("migrate", ["--dry-run"]): self = .migrate(isDryRun: true)
        case ("status", []): self = .status
        case ("serve", []): self = .serve
        case ("sweep", []): self = .sweep
        case ("group-creator", let rest) where rest.count == 1 && !rest[0].hasPrefix("-"):
            self = .groupCreator(email: rest[0])
        case ("routes", []): self = .routes
        case ("maintenance", ["on"]): self = .maintenance(isOn: true)
        case ("maintenance", ["off"]): self = .maintenance(isOn: false)
        default:
            guard let usage = Help.usage(of: name) else {
                throw UsageError(message: "there is no command " + name)
            }
            throw UsageError(message: "usage: rapport " + usage)
        }
    }
}

/// A command line that was not understood.
struct UsageError: Error, Equatable {
    var message: String
}
