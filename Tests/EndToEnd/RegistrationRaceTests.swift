import Testing

/// Fifty registrations of one address, or of one username, at once: one account, 49 clean refusals.
@Suite("Registration races", .server)
struct RegistrationRaceTests {
    let server = TestServer.current
    let client = TestServer.current.client

    init() throws {
        try server.database.execute("UPDATE app.setting SET value = '4' WHERE name = 'bcrypt_cost'")
    }

    /// A way to register, with how it tells that the address or the username is taken.
    struct Way: CustomTestStringConvertible, Sendable {
        let path: String
        let success: Int
        let body: @Sendable (_ email: String, _ username: String) -> String

        var testDescription: String { path }
    }

    static let ways = [
        Way(path: "/api/v1/user/register/", success: 200) { email, username in
            #"{"username":"\#(username)","password":"12345678","email":"\#(email)"}"#
        },
        Way(path: "/api/user/register", success: 200) { email, _ in
            #"{"user":{"email":"\#(email)","password":"12345678"}}"#
        },
        Way(path: "/register", success: 201) { email, username in
            """
            {"username":"\(username)","password":"12345678","email":"\(email)",\
            "userLanguages":[{"languageId":1,"type":"native"},{"languageId":2,"type":"interest"}]}
            """
        },
    ]

    @Test("One address", arguments: ways)
    func address(way: Way) throws {
        let person = Person("address")
        let client = client
        let answers = try concurrently(50) { index in
            let email = index.isMultiple(of: 2) ? person.email : person.email.uppercased()
            return try client.post(way.path, way.body(email, "somebody.\(index)"), timeOut: 60)
        }
        try expectOne(of: answers, way, "email_key", person.email)
    }

    @Test("One username", arguments: ways.filter { $0.path != "/api/user/register" })
    func username(way: Way) throws {
        let person = Person("name")
        let name = way.success == 200 ? "The.Same1" : "The.Same2"
        let client = client
        let answers = try concurrently(50) { index in
            let username = index.isMultiple(of: 2) ? name : name.uppercased()
            return try client.post(
                way.path, way.body("\(index).\(person.email)", username), timeOut: 60)
        }
        try expectOne(of: answers, way, "username_key", name.lowercased())
    }

    @Test("One address by code: all get the same answer, one account, one mail")
    func creation() throws {
        let person = Person("created")
        let client = client
        let answers = try concurrently(50) { _ in
            try client.post("/api/v1/user/create", person.creation, timeOut: 60)
        }
        #expect(Set(answers.map(\.text)).count == 1 && answers[0].status == 200, "\(answers[0])")
        #expect(try accounts("email_key", person.email) == 1)
        #expect(try server.mailbox.wait(for: "activation", to: person.email).code != nil)
        #expect(
            try server.database.count(
                "SELECT count(*) FROM app.mail WHERE recipient = $1", [person.email]) == 1)
    }

    @Test("One address through all contracts at once: one account")
    func contracts() throws {
        let person = Person("everywhere")
        let client = client
        let answers = try concurrently(48) { index in
            index % 4 == 3
                ? try client.post(Path.register, person.registration, timeOut: 60)
                : try client.post(
                    Self.ways[index % 4].path,
                    Self.ways[index % 4].body(person.email, "every.one.\(index)"), timeOut: 60)
        }
        let succeeded = answers.filter { ($0.code ?? $0.status) < 300 }
        #expect(succeeded.count == 1, "\(answers.map { $0.code ?? $0.status })")
        #expect(answers.allSatisfy { ($0.code ?? $0.status) < 500 })
        #expect(try accounts("email_key", person.email) == 1)
    }

    private func expectOne(of answers: [Answer], _ way: Way, _ key: String, _ value: String) throws
    {
        #expect(answers.filter { $0.status == way.success }.count == 1)
        #expect(answers.filter { $0.status == 409 }.count == 49, "\(answers.map(\.status))")
        #expect(try accounts(key, value) == 1)
    }

    private func accounts(_ key: String, _ value: String) throws -> Int {
        try server.database.count("SELECT count(*) FROM app.account WHERE \(key) = $1", [value])
    }
}
