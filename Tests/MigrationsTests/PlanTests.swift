import Testing

@testable import Migrations

/// What a migrate does, for each state of a database.
@Suite("Plan")
struct PlanTests {
    private static let first = MigrationRecord(number: 1, name: "0001_one", checksum: "a")
    private static let second = MigrationRecord(number: 2, name: "0002_two", checksum: "b")
    private static let third = MigrationRecord(number: 3, name: "0003_three", checksum: "c")
    private static let program = ProgramState(
        migrations: [first, second, third], codeChecksum: "code", version: "1.2.0")

    private static func build(_ checksum: String, _ version: String) -> DatabaseState.Build {
        DatabaseState.Build(checksum: checksum, version: version)
    }

    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let database: DatabaseState
        let plan: Plan

        var testDescription: String { name }

        init(_ name: String, _ database: DatabaseState, _ plan: Plan) {
            self.name = name
            self.database = database
            self.plan = plan
        }
    }

    static let cases = [
        Case(
            "an empty database gets everything", DatabaseState(),
            .apply(migrations: ["0001_one", "0002_two", "0003_three"])),
        Case(
            "all there: nothing",
            DatabaseState(migrations: [first, second, third], build: build("code", "1.2.0")),
            .nothing),
        Case(
            "the order of the rows does not matter",
            DatabaseState(migrations: [third, first, second], build: build("code", "1.2.0")),
            .nothing),
        Case(
            "other code: rebuilt, no migration",
            DatabaseState(migrations: [first, second, third], build: build("old", "1.2.0")),
            .apply(migrations: [])),
        Case(
            "code that was never built",
            DatabaseState(migrations: [first, second, third]), .apply(migrations: [])),
        Case(
            "same code, an older program: nothing",
            DatabaseState(migrations: [first, second, third], build: build("code", "1.1.9")),
            .nothing),
        Case(
            "pending ones in order, whatever the code",
            DatabaseState(migrations: [first], build: build("code", "1.2.0")),
            .apply(migrations: ["0002_two", "0003_three"])),
        Case(
            "an edited migration",
            DatabaseState(
                migrations: [
                    first, MigrationRecord(number: 2, name: "0002_two", checksum: "edited"),
                ],
                build: build("code", "1.2.0")),
            .refuse(.edited("0002_two"))),
        Case(
            "a renamed migration",
            DatabaseState(
                migrations: [MigrationRecord(number: 1, name: "0001_uno", checksum: "a")]),
            .refuse(.renamed("0001_one", was: "0001_uno"))),
        Case(
            "a gap",
            DatabaseState(migrations: [first, third], build: build("code", "1.2.0")),
            .refuse(.skipped("0002_two", after: "0003_three"))),
        Case(
            "the first one missing",
            DatabaseState(migrations: [second]),
            .refuse(.skipped("0001_one", after: "0002_two"))),
        Case(
            "a migration of a later program",
            DatabaseState(
                migrations: [
                    first, second, third,
                    MigrationRecord(number: 4, name: "0004_four", checksum: "d"),
                ], build: build("code", "1.2.0")),
            .refuse(.unknownMigration("0004_four"))),
        Case(
            "code of a later program",
            DatabaseState(migrations: [first, second, third], build: build("new", "1.10.0")),
            .refuse(.newerCode("1.10.0"))),
        Case(
            "a later version is refused even with pending migrations",
            DatabaseState(migrations: [first], build: build("code", "2")),
            .refuse(.newerCode("2"))),
    ]

    @Test("Each state has its plan", arguments: cases)
    func plan(_ state: Case) {
        #expect(Plan(program: Self.program, database: state.database) == state.plan)
    }

    @Test("A refusal is one line that names what it is about", arguments: cases)
    func refusals(_ state: Case) {
        guard case .refuse(let refusal) = state.plan else { return }
        #expect(!refusal.description.contains("\n"))
        switch refusal {
        case .edited(let name), .renamed(let name, _), .skipped(let name, _),
            .unknownMigration(let name), .newerCode(let name):
            #expect(refusal.description.contains(name))
        }
    }
}

@Suite("Version")
struct VersionTests {
    @Test(
        "Versions are compared number by number",
        arguments: [("1.2", "1.10"), ("0.9.9", "1"), ("1.0", "1.0.1"), ("", "0.1"), ("x", "1")])
    func order(_ older: String, _ newer: String) {
        #expect(Version(older) < Version(newer))
        #expect(!(Version(newer) < Version(older)))
    }

    @Test("Zeros at the end say nothing")
    func equal() {
        #expect(Version("1.0.0") == Version("1"))
    }
}
