import Testing

@testable import rapport

/// What the command line means.
@Suite("Command line")
struct CommandTests {
    @Test(
        "Commands",
        arguments: [
            (["migrate"], .migrate(isDryRun: false)),
            (["migrate", "--dry-run"], .migrate(isDryRun: true)),
            (["status"], .status), (["serve"], .serve), (["sweep"], .sweep),
            (["routes"], .routes), (["maintenance", "on"], .maintenance(isOn: true)),
            (["maintenance", "off"], .maintenance(isOn: false)),
            (["group-creator", "a@b.example"], .groupCreator(email: "a@b.example")),
            (["--help"], .help), (["-h"], .help), (["help"], .help), (["serve", "--help"], .help),
            (["--version"], .version), (["version"], .version),
        ] as [([String], Command)])
    func known(_ arguments: [String], _ command: Command) throws {
        #expect(try Command(arguments) == command)
    }

    @Test(
        "What is not understood says how it is called",
        arguments: [
            ([], "missing"), (["fly"], "fly"), (["migrate", "--dry"], "migrate [--dry-run]"),
            (["maintenance"], "on|off"), (["maintenance", "maybe"], "on|off"),
            (["group-creator"], "EMAIL"), (["group-creator", "--force"], "EMAIL"),
            (["group-creator", "a@b.example", "c"], "EMAIL"), (["serve", "now"], "usage"),
        ] as [([String], String)])
    func unknown(_ arguments: [String], _ words: String) {
        let error = #expect(throws: UsageError.self) { try Command(arguments) }
        #expect(error?.message.contains(words) == true)
    }

    @Test("Every command is in the help")
    func help() {
        for name in [
            "migrate", "status", "serve", "sweep", "group-creator", "routes", "maintenance",
        ] {
            #expect(Help.usage(of: name) != nil)
        }
        #expect(Help.usage(of: "main") == nil)
        #expect(Help.text.split(separator: "\n").allSatisfy { $0.count <= 100 })
    }
}
