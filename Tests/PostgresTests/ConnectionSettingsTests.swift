import Testing

@testable import Postgres

@Suite struct ConnectionSettingsTests {
    @Test(arguments: [
        "", "host=/tmp dbname=x", "postgresql://user@host:5433/name?sslmode=require",
    ])
    func whatLibpqTakesIsTaken(url: String) {
        #expect(ConnectionSettings.problem(in: url) == nil)
    }

    @Test(arguments: ["host", "postgresql://host?nonsense=1", "nonsense=1"])
    func whatLibpqRefusesIsRefusedWithAReason(url: String) {
        #expect(ConnectionSettings.problem(in: url)?.isEmpty == false)
    }

    @Test func startOptionsKeepBlanksAndComeAfterThoseOfTheString() {
        let settings = ConnectionSettings(
            "options='-c jit=off'", role: "some_role",
            startOptions: [("rapport.public_url", "http://a b\\c")])
        let options = settings.parameters.first { $0.keyword == "options" }?.value
        #expect(options == "-c jit=off -c rapport.public_url=http://a\\ b\\\\c -c role=some_role")
        #expect(settings.parameters.first?.keyword == "dbname")
    }
}
