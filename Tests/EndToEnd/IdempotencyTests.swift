import Foundation
import Testing

/// `Idempotency-Key`: nothing happens twice.
@Suite("Idempotency", .server)
struct IdempotencyTests {
    let server = TestServer.current
    let client = TestServer.current.client

    @Test("A repeated registration gets the first answer again")
    func replay() throws {
        let person = Person()
        let key = "register \(person.email)".replacingOccurrences(of: " ", with: "-")
        let first = try client.post(Path.register, person.registration, key: key)
        #expect(first.code == 200)
        #expect(first.field("Idempotency-Replayed") == nil)
        let again = try client.post(Path.register, person.registration, key: key)
        #expect(again.text == first.text)
        #expect(again.field("Idempotency-Replayed") == "true")
        #expect(try mails(to: person) == 1)
        #expect(try client.post(Path.register, person.registration).wrongFields == ["email"])
    }

    @Test("A refusal is kept like any other answer")
    func replayedRefusal() throws {
        let person = Person()
        let body = #"{"user":{"email":"\#(person.email)"}}"#
        let first = try client.post(Path.register, body, key: "refused-\(person.email)")
        #expect(first.code == 400)
        let again = try client.post(Path.register, body, key: "refused-\(person.email)")
        #expect(again.text == first.text)
        #expect(again.field("Idempotency-Replayed") == "true")
    }

    @Test("The same key with another body: 422, and nothing happens")
    func anotherBody() throws {
        let person = Person()
        let other = Person()
        let key = "reused-\(person.email)"
        #expect(try client.post(Path.register, person.registration, key: key).code == 200)
        let answer = try client.post(Path.register, other.registration, key: key)
        #expect(answer.status == 200)
        #expect(answer.code == 422)
        #expect(answer.errorCode == "BAD_REQUEST")
        #expect(try mails(to: other) == 0)
        #expect(try client.post(Path.register, other.registration, key: key + "2").code == 200)
    }

    @Test("The same key of another path or another caller is another key")
    func scope() throws {
        let one = Person()
        let other = Person()
        let mine = try one.signUp(at: server)
        let theirs = try other.signUp(at: server)
        let body = #"{"user":{"password":"newpass"}}"#
        for token in [mine, theirs] {
            let answer = try client.post(Path.updatePassword, body, token: token, key: "same")
            #expect(answer.code == 200)
            #expect(answer.field("Idempotency-Replayed") == nil)
        }
        let elsewhere = try client.post(
            Path.closeAccount, #"{"password":"wrong"}"#, token: mine, key: "same")
        #expect(elsewhere.code == 400)
        #expect(elsewhere.errorCode == "BAD_PARAMETERS")
    }

    @Test("Twenty at once with the same key: one effect, twenty equal answers")
    func race() throws {
        let person = Person("once")
        let client = client
        let answers = try concurrently(20) { _ in
            try client.post(
                Path.register, person.registration, key: "race-\(person.email)", timeOut: 60)
        }
        #expect(Set(answers.map(\.text)).count == 1)
        #expect(answers.allSatisfy { $0.code == 200 })
        #expect(answers.filter { $0.field("Idempotency-Replayed") == "true" }.count == 19)
        #expect(try mails(to: person) == 1)
    }

    @Test("A replayed log-in carries a fresh token, and the first one is dead")
    func logIn() throws {
        let person = Person()
        try person.signUp(at: server)
        let key = "login-\(person.email)"
        let first = try client.post(Path.login, person.credentials, key: key)
        let again = try client.post(Path.login, person.credentials, key: key)
        #expect(again.field("Idempotency-Replayed") == "true")
        let firstToken = try #require(first.json()["access_token"]?.string)
        let freshToken = try #require(again.json()["access_token"]?.string)
        #expect(firstToken != freshToken)
        #expect(try first.json().names == again.json().names)
        #expect(try client.get(Path.me, token: firstToken).code == 401)
        #expect(try client.get(Path.me, token: freshToken).code == 200)
        // No copy of a token in what is kept.
        for token in [firstToken, freshToken] {
            let kept = try server.database.count(
                "SELECT count(*) FROM app.idempotency_record WHERE strpos(body, $1) > 0", [token])
            #expect(kept == 0)
        }
    }

    @Test("A replay does not bring back a session that was ended")
    func noResurrection() throws {
        let person = Person()
        try person.signUp(at: server)
        let key = "ended-\(person.email)"
        let first = try client.post(Path.login, person.credentials, key: key)
        let token = try #require(first.json()["access_token"]?.string)
        #expect(
            try client.post(Path.updatePassword, #"{"user":{"password":"newpass"}}"#, token: token)
                .code == 200)
        #expect(try client.post(Path.logout, token: token).code == 200)
        // The password of that body counts no more.
        #expect(try client.post(Path.login, person.credentials, key: key).code == 401)
    }

    @Test("A repeated log-out succeeds again although its token is void")
    func logOut() throws {
        let token = try Person().signUp(at: server)
        let first = try client.post(Path.logout, token: token, key: "bye")
        let again = try client.post(Path.logout, token: token, key: "bye")
        #expect(first.code == 200)
        #expect(again.text == first.text)
        #expect(again.field("Idempotency-Replayed") == "true")
    }

    @Test("A key has at most 255 visible ASCII characters; an empty one is none")
    func keyLimits() throws {
        let person = Person()
        let body = person.credentials
        let longest = String(repeating: "k", count: 255)
        #expect(try client.post(Path.login, body, key: longest).code == 401)
        for key in [longest + "k", "a b", "schlüssel"] {
            let answer = try client.post(Path.login, body, key: key)
            #expect(answer.status == 200, "\(key)")
            #expect(answer.code == 400, "\(key)")
        }
        for _ in 0..<2 {
            let answer = try client.post(Path.login, body, key: "")
            #expect(answer.code == 401)
            #expect(answer.field("Idempotency-Replayed") == nil)
        }
    }

    @Test("After a day the key is free again")
    func afterADay() throws {
        let person = Person()
        try person.signUp(at: server)
        let key = "day-\(person.email)"
        let body = #"{"user":{"email":"\#(person.email)"}}"#
        #expect(try client.post(Path.forgot, body, key: key).code == 200)
        try server.database.execute(
            """
            UPDATE app.idempotency_record SET created_at = created_at - interval '24 hours'
             WHERE function = 'dsrt_v1.forgot_password'
            """)
        let later = try client.post(Path.forgot, body, key: key)
        #expect(later.code == 200)
        #expect(later.field("Idempotency-Replayed") == nil)
    }

    private func mails(to person: Person) throws -> Int {
        try server.database.count(
            "SELECT count(*) FROM app.mail WHERE recipient = $1", [person.email])
    }
}
