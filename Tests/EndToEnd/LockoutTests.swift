import Foundation
import Testing

/// Wrong codes and wrong passwords, many at once: counted as one by one.
@Suite("Lockouts", .server)
struct LockoutTests {
    let server = TestServer.current
    let client = TestServer.current.client

    init() throws {
        // Hashing is as cheap as it gets: the tests are about counting.
        try server.database.execute("UPDATE app.setting SET value = '4' WHERE name = 'bcrypt_cost'")
    }

    @Test(
        "Fifty wrong codes at once: nine are wrong, the tenth locks, the others are not looked at")
    func wrongCodes() throws {
        let person = Person("codes")
        #expect(try client.post("/api/v1/user/create", person.creation).status == 200)
        let code = try #require(try server.mailbox.wait(for: "activation", to: person.email).code)
        let client = client
        let answers = try concurrently(50) { _ in
            try client.post(
                "/api/v1/user/activate", person.activation(Self.other(code)), timeOut: 60)
        }
        let wrong = answers.filter { $0.status == 400 }
        let left = try wrong.map { try $0.json()["attempts_left"]?.int }
        #expect(Set(left) == Set(1...9) && wrong.count == 9, "\(answers.map(\.status))")
        let locked = answers.filter { $0.status == 423 }
        #expect(locked.count == 41)
        #expect(Set(try locked.map { try $0.json()["locked_until"]?.string }).count == 1)
        #expect(try counted(person) == 10)
        #expect(try server.database.count(Self.lockMails, [person.email]) == 1)

        let right = try client.post("/api/v1/user/activate", person.activation(code))
        #expect(right.status == 423, "the right code is not looked at either")
        #expect(
            try client.request("PUT", "/api/v1/user/activate/resend", [], body: person.naming)
                .status == 200)
        #expect(try server.mailbox.mails("activation", to: person.email).count == 1)

        try age(person)
        let activated = try client.post("/api/v1/user/activate", person.activation(code))
        #expect(activated.status == 200, "\(activated)")
        #expect(try counted(person) == 0)
    }

    @Test("Two right codes at once: one opens a session")
    func rightCodes() throws {
        let person = Person("twice")
        #expect(try client.post("/api/v1/user/create", person.creation).status == 200)
        let code = try #require(try server.mailbox.wait(for: "activation", to: person.email).code)
        let client = client
        let answers = try concurrently(2) { _ in
            try client.post("/api/v1/user/activate", person.activation(code), timeOut: 60)
        }
        #expect(answers.map(\.status).sorted() == [200, 400])
    }

    @Test(
        "Fifty wrong passwords at once, over all contracts: nine are wrong, then the pair is locked"
    )
    func wrongPasswords() throws {
        let person = Person("passwords")
        try person.signUp(at: server)
        let client = client
        let answers = try concurrently(50) { index in
            try LogIn.all[index % LogIn.all.count].attempt(person.email, "a guess", client)
        }
        #expect(answers.filter { $0 == .wrong }.count == 9, "\(answers)")
        #expect(answers.filter { $0 == .locked }.count == 41)
        #expect(try failures(person) == 10)

        let sessions = try openSessions(person)
        let right = try concurrently(20) { index in
            try LogIn.all[index % LogIn.all.count].attempt(person.email, person.password, client)
        }
        #expect(right == Array(repeating: .locked, count: 20), "right log-ins during the lock")
        #expect(try failures(person) == 10, "nothing is counted meanwhile")
        #expect(try openSessions(person) == sessions)

        try server.database.execute("UPDATE app.password_failure SET locked_until = now()")
        for logIn in LogIn.all {
            #expect(try logIn.attempt(person.email, person.password, client) == .open, "\(logIn)")
        }
        #expect(try failures(person) == 0)
    }

    @Test("An unknown address is locked as a known one is")
    func unknownAddress() throws {
        let nobody = Person("nobody")
        for logIn in LogIn.all {
            #expect(try logIn.attempt(nobody.email, "a guess", client) == .wrong)
        }
        let answers = try (0..<7).map { _ in
            try LogIn.gather.attempt(nobody.email, "a guess", client)
        }
        #expect(answers == Array(repeating: .wrong, count: 4) + [.locked, .locked, .locked])
    }

    @Test("Twenty right log-ins while codes are locked: an account once active stays open")
    func lockedCodesOfAnActiveAccount() throws {
        let person = Person("open")
        let token = try person.signUp(at: server)
        let resend = try client.request(
            "PUT", "/api/v1/user/activate/resend", [], body: person.naming)
        #expect(resend.status == 200)
        let code = try #require(
            try server.mailbox.wait(for: "password_reset", to: person.email).code)
        let client = client
        let statuses = try (0..<10).map { _ in
            try client.post("/api/v1/user/activate", person.activation(Self.other(code))).status
        }
        #expect(statuses == Array(repeating: 400, count: 9) + [423])
        let right = try concurrently(20) { index in
            try LogIn.all[index % LogIn.all.count].attempt(person.email, person.password, client)
        }
        #expect(right == Array(repeating: .open, count: 20))
        #expect(try client.get(Path.me, token: token).code == 200)
    }

    @Test("Twenty right log-ins while codes are locked: one never active is told so")
    func lockedCodesOfANewAccount() throws {
        let person = Person("new").with(password: "a password")
        let registration =
            #"{"user":{"email":"\#(person.email)","password":"\#(person.password)"}}"#
        #expect(try client.post("/api/user/register", registration).status == 200)
        let code = try #require(
            try server.mailbox.wait(for: "security_code", to: person.email).code)
        for _ in 0..<10 {
            _ = try client.post(
                "/api/user/verify_security_code",
                #"{"email":"\#(person.email)","code":"\#(Self.other(code))"}"#)
        }
        let client = client
        let right = try concurrently(20) { index in
            try LogIn.all[index % LogIn.all.count].attempt(person.email, person.password, client)
        }
        #expect(right == Array(repeating: .locked, count: 20))
        try age(person)
        for logIn in LogIn.all {
            #expect(try logIn.attempt(person.email, person.password, client) == .notActive)
        }
    }

    @Test("After the twentieth wrong code a GroupCreator unblocks")
    func blocked() throws {
        let person = Person("blocked")
        #expect(try client.post("/api/v1/user/create", person.creation).status == 200)
        let code = try #require(try server.mailbox.wait(for: "activation", to: person.email).code)
        let wrong = person.activation(Self.other(code))
        var statuses: [Int] = []
        for _ in 0..<20 {
            statuses.append(try client.post("/api/v1/user/activate", wrong).status)
            try age(person)
        }
        #expect(statuses.filter { $0 == 423 }.count == 2)
        #expect(statuses.last == 403, "the twentieth itself answers blocked")
        #expect(try client.post("/api/v1/user/activate", person.activation(code)).status == 403)

        let creator = Person("creator").with(password: "a password")
        let made = try Command.run(
            ["group-creator", creator.email], on: server.database, input: creator.password + "\n")
        #expect(made.status == 0)
        let token = try #require(
            try client.post("/api/user/login", creator.bareCredentials).json()["token"]?.string)
        let id = try #require(
            try server.database.value("SELECT id FROM app.account WHERE email = $1", [person.email])
        )
        let unblocked = try client.post(
            "/api/user/unblock_the_account", #"{"user_id":\#(id)}"#, token: token)
        #expect(unblocked.status == 200, "\(unblocked)")
        #expect(
            try client.request("PUT", "/api/v1/user/activate/resend", [], body: person.naming)
                .status == 200)
        let fresh = try #require(
            try server.mailbox.wait(for: "activation", to: person.email, count: 2).code)
        #expect(try client.post("/api/v1/user/activate", person.activation(fresh)).status == 200)
    }

    private static let lockMails =
        "SELECT count(*) FROM app.mail WHERE kind = 'lockout' AND recipient = $1"

    /// A code that is not this one.
    private static func other(_ code: String) -> String {
        String(format: "%06d", ((Int(code) ?? 0) + 1) % 1_000_000)
    }

    private func counted(_ person: Person) throws -> Int {
        try server.database.count(
            "SELECT wrong_codes FROM app.account WHERE email = $1", [person.email])
    }

    private func failures(_ person: Person) throws -> Int {
        try server.database.count(
            """
            SELECT sum(f.failures) FROM app.password_failure AS f
            INNER JOIN app.account AS a ON f.subject = 'account:' || a.id WHERE a.email = $1
            """, [person.email])
    }

    private func openSessions(_ person: Person) throws -> Int {
        try server.database.count(
            """
            SELECT count(*) FROM app.session AS s
            INNER JOIN app.account AS a ON a.id = s.account_id WHERE a.email = $1
            """, [person.email])
    }

    /// The lock of the person's codes is over.
    private func age(_ person: Person) throws {
        try server.database.rows(
            """
            UPDATE app.account SET codes_locked_until = now()
            WHERE email = $1 AND codes_locked_until IS NOT NULL
            """, [person.email])
    }
}

/// The log-ins of the four contracts, and what each says in its way.
enum LogIn: CaseIterable {
    case dsrt, gather, gatherByName, companion, exchange

    static let all = Array(allCases)

    enum Verdict { case open, wrong, locked, notActive, other }

    /// Tries a password.
    func attempt(_ email: String, _ password: String, _ client: Client) throws -> Verdict {
        let pair = #"{"email":"\#(email)","password":"\#(password)"}"#
        switch self {
        case .dsrt:
            let answer = try client.post(Path.login, #"{"user":\#(pair)}"#, timeOut: 60)
            let isLocked = try answer.json()["error"]?["locked_until"] != nil
            return switch (answer.code, isLocked) {
            case (200, _): .open
            case (401, _): .wrong
            case (403, true): .locked
            case (403, false): .notActive
            default: .other
            }
        case .gather:
            return Self.gather(try client.post("/api/v1/auth/login", pair, timeOut: 60))
        case .gatherByName:
            let named = #"{"username":"\#(email)","password":"\#(password)"}"#
            return Self.gather(try client.post("/api/v1/user/login/", named, timeOut: 60))
        case .companion:
            return Self.byStatus(try client.post("/api/user/login", pair, timeOut: 60))
        case .exchange:
            return Self.byStatus(try client.post("/login", pair, timeOut: 60))
        }
    }

    private static func gather(_ answer: Answer) -> Verdict {
        switch (try? answer.json())?["error_code"]?.int {
        case nil where answer.status == 200: .open
        case 102 where answer.status == 200: .wrong
        case 104 where answer.status == 423: .locked
        case 103 where answer.status == 403: .notActive
        default: .other
        }
    }

    private static func byStatus(_ answer: Answer) -> Verdict {
        switch answer.status {
        case 200: .open
        case 401: .wrong
        case 423: .locked
        case 403: .notActive
        default: .other
        }
    }
}

extension Person {
    /// The same with another password.
    func with(password: String) -> Person {
        var person = self
        person.password = password
        return person
    }

    /// The body of a registration by code.
    var creation: String {
        #"{"email":"\#(email)","firstname":"John","lastname":"Smith"}"#
    }

    /// The body of an activation.
    func activation(_ code: String) -> String { #"{"email":"\#(email)","code":"\#(code)"}"# }

    /// A body that names the address and nothing else.
    var naming: [UInt8] { Array(#"{"email":"\#(email)"}"#.utf8) }

    /// The body of a log-in where it has no object around it.
    var bareCredentials: String { #"{"email":"\#(email)","password":"\#(password)"}"# }
}
