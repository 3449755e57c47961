import Foundation
import Testing

/// Who is signed in, and until when.
@Suite("Sessions", .server)
struct SessionTests {
    let server = TestServer.current
    let client = TestServer.current.client

    @Test("Fifty registrations of one address at once: one account, 49 refusals")
    func registrationRace() throws {
        let person = Person("race")
        let client = client
        let answers = try concurrently(50) { _ in
            try client.post(Path.register, person.registration, timeOut: 60)
        }
        #expect(answers.filter { $0.code == 200 }.count == 1)
        let refused = answers.filter { $0.code == 400 && $0.wrongFields == ["email"] }
        #expect(refused.count == 49, "\(answers.map { $0.code ?? 0 })")
        #expect(
            try refused.first?.json()["error"]?["errors"]?.array?.first?["message"]
                == .string("Email has already been taken"))
        let accounts = try server.database.count(
            "SELECT count(*) FROM app.account WHERE email = $1", [person.email])
        #expect(accounts == 1)
        let mails = try server.database.count(
            "SELECT count(*) FROM app.mail WHERE recipient = $1", [person.email])
        #expect(mails == 1)
    }

    @Test("The same address in another case is the same address")
    func addressCase() throws {
        let person = Person("case")
        try person.signUp(at: server)
        let shouted = person.registration.replacingOccurrences(
            of: person.email, with: person.email.uppercased())
        #expect(try client.post(Path.register, shouted).wrongFields == ["email"])
        let logIn = person.credentials.replacingOccurrences(
            of: person.email, with: person.email.uppercased())
        #expect(try client.post(Path.login, logIn).code == 200)
    }

    @Test("Log-out ends this session and no other")
    func logOut() throws {
        let person = Person()
        let first = try person.signUp(at: server)
        let second = try person.logIn(at: server)
        #expect(first != second)
        #expect(try client.post(Path.logout, token: first).code == 200)
        #expect(try client.get(Path.me, token: first).errorCode == "ACCESS_TOKEN_INVALID")
        #expect(try client.get(Path.me, token: second).code == 200)
        #expect(try client.post(Path.logout, token: first).code == 401)
    }

    @Test("A new password ends all other sessions")
    func passwordChange() throws {
        var person = Person()
        let mine = try person.signUp(at: server)
        let others = try (0..<3).map { _ in try person.logIn(at: server) }
        let answer = try client.post(
            Path.updatePassword, #"{"user":{"password":"newpass"}}"#, token: mine)
        #expect(answer.code == 200)
        #expect(try client.get(Path.me, token: mine).code == 200)
        for other in others { #expect(try client.get(Path.me, token: other).code == 401) }
        #expect(try client.post(Path.login, person.credentials).code == 401)
        person.password = "newpass"
        #expect(try client.post(Path.login, person.credentials).code == 200)
    }

    @Test("Closing an account ends all sessions; logging in is then as for an unknown person")
    func closeAccount() throws {
        let person = Person()
        let mine = try person.signUp(at: server)
        let other = try person.logIn(at: server)
        #expect(
            try client.post(Path.closeAccount, #"{"password":"wrong"}"#, token: mine).code == 400)
        #expect(try client.get(Path.me, token: mine).code == 200)
        #expect(
            try client.post(
                Path.closeAccount, #"{"password":"\#(person.password)"}"#, token: mine
            ).code == 200)
        #expect(try client.get(Path.me, token: mine).code == 401)
        #expect(try client.get(Path.me, token: other).code == 401)
        let closed = try client.post(Path.login, person.credentials)
        let unknown = try client.post(Path.login, Person("unknown").credentials)
        #expect(closed.text == unknown.text)
        #expect(try client.post(Path.register, person.registration).wrongFields == ["email"])
        let forgot = try client.post(Path.forgot, #"{"user":{"email":"\#(person.email)"}}"#)
        #expect(forgot.code == 200)
    }

    @Test("An unconfirmed account: 403 after the right password, 401 after a wrong one")
    func unconfirmed() throws {
        var person = Person()
        let answer = try client.post(Path.register, person.registration)
        #expect(answer.code == 200)
        #expect(try answer.json()["access_token"] == nil)
        let right = try client.post(Path.login, person.credentials)
        #expect(right.code == 403)
        #expect(right.errorCode == "ACCESS_DENINED")
        person.password = "wrong!"
        #expect(try client.post(Path.login, person.credentials).code == 401)
    }

    @Test("A wrong password and an unknown address are answered alike, in time too")
    func alike() throws {
        let person = Person()
        try person.signUp(at: server)
        var wrong = person
        wrong.password = "wrong!"
        let unknown = Person("unknown")
        func timed(_ person: Person) throws -> (text: String, seconds: Double) {
            let started = Date()
            let answer = try client.post(Path.login, person.credentials)
            #expect(answer.code == 401)
            return (answer.text, Date().timeIntervalSince(started))
        }
        let rounds = try (0..<7).map { _ in (try timed(wrong), try timed(unknown)) }
        #expect(Set(rounds.flatMap { [$0.0.text, $0.1.text] }).count == 1)
        // Without a hash to compare with, the answer would be there in a tenth of the time.
        let known = rounds.map(\.0.seconds).sorted()[3]
        let stranger = rounds.map(\.1.seconds).sorted()[3]
        #expect(stranger > known / 2 && known > stranger / 2)
    }

    @Test("A session left idle for thirty days, or a year old, counts no more")
    func expiry() throws {
        let person = Person()
        let idle = try person.signUp(at: server)
        let old = try person.logIn(at: server)
        let fresh = try person.logIn(at: server)
        func change(_ assignment: String, _ token: String) throws {
            try server.database.rows(
                "UPDATE app.session SET \(assignment) "
                    + "WHERE token_hash = sha256(convert_to($1, 'UTF8'))", [token])
        }
        try change("last_seen_at = now() - interval '30 days'", idle)
        try change("expires_at = now()", old)
        #expect(try client.get(Path.me, token: idle).code == 401)
        #expect(try client.get(Path.me, token: old).code == 401)
        #expect(try client.get(Path.me, token: fresh).code == 200)
    }

    @Test("Being seen is written down a little later, without a write in the request")
    func lastSeen() throws {
        let person = Person()
        let token = try person.signUp(at: server)
        let ago = "now() - interval '2 hours'"
        try server.database.rows(
            "UPDATE app.session SET last_seen_at = \(ago) "
                + "WHERE token_hash = sha256(convert_to($1, 'UTF8'))", [token])
        #expect(try client.get(Path.me, token: token).code == 200)
        let seen = try holds(within: 15) {
            try server.database.count(
                "SELECT count(*) FROM app.session WHERE last_seen_at > now() - interval '1 hour' "
                    + "AND token_hash = sha256(convert_to($1, 'UTF8'))", [token]) == 1
        }
        #expect(seen)
    }
}
