import Foundation
import Testing

/// What goes out by mail, and what comes back by a link.
@Suite("Mail", .server)
struct MailTests {
    let server = TestServer.current
    let client = TestServer.current.client

    @Test("A confirmation mail is a message of text and HTML with the link alone on its line")
    func message() throws {
        let person = Person()
        #expect(try client.post(Path.register, person.registration).code == 200)
        let mail = try server.mailbox.wait(for: "confirmation", to: person.email)
        for name in ["From", "Date", "Subject", "Message-ID", "MIME-Version"] {
            #expect(mail[name]?.isEmpty == false, "\(name)")
        }
        let link = try #require(mail.link)
        #expect(link.absoluteString.hasPrefix("http://127.0.0.1:\(server.port)\(Path.confirm)?"))
        #expect(mail.html?.contains(link.absoluteString) == true)
        #expect(mail.secret?.count == 43)
        #expect(!mail.source.contains(person.password))
    }

    @Test("The link confirms once by GET; HEAD does not use it up")
    func confirmByLink() throws {
        let person = Person()
        #expect(try client.post(Path.register, person.registration).code == 200)
        let mail = try server.mailbox.wait(for: "confirmation", to: person.email)
        let target = try #require(mail.target)
        for _ in 0..<2 { #expect(try client.request("HEAD", target).status == 200) }
        let state = try server.database.value(
            "SELECT state FROM app.account WHERE email = $1", [person.email])
        #expect(state == "pending")
        let confirmed = try client.get(target)
        #expect(confirmed.code == 200)
        let token = try #require(confirmed.json()["access_token"]?.string)
        #expect(
            try client.get(Path.me, token: token).json()["user"]?["email_confirmed"] == .bool(true))
        #expect(try client.get(target).code != 200)
        _ = try person.logIn(at: server)
    }

    @Test("The token confirms by POST too; a wrong one does not")
    func confirmByPost() throws {
        let person = Person()
        #expect(try client.post(Path.register, person.registration).code == 200)
        let mail = try server.mailbox.wait(for: "confirmation", to: person.email)
        let secret = try #require(mail.secret)
        for wrong in ["", "x", String(repeating: "A", count: 43), secret.uppercased()] {
            let answer = try client.post(Path.confirm, #"{"confirmation_token":"\#(wrong)"}"#)
            #expect(answer.code == 400, "\(answer)")
        }
        #expect(try client.post(Path.confirm, #"{"confirmation_token":"\#(secret)"}"#).code == 200)
    }

    @Test("Fifty confirmations with one token at once: one session")
    func confirmationRace() throws {
        let person = Person()
        #expect(try client.post(Path.register, person.registration).code == 200)
        let mail = try server.mailbox.wait(for: "confirmation", to: person.email)
        let target = try #require(mail.target)
        let client = client
        let answers = try concurrently(50) { _ in try client.get(target) }
        #expect(answers.filter { $0.code == 200 }.count == 1)
        let sessions = try server.database.count(
            """
            SELECT count(*) FROM app.session AS s JOIN app.account AS a ON a.id = s.account_id
            WHERE a.email = $1
            """, [person.email])
        #expect(sessions == 1)
    }

    @Test("A forgotten password is reset once, which ends every session")
    func reset() throws {
        var person = Person()
        let old = try person.signUp(at: server)
        #expect(
            try client.post(Path.forgot, #"{"user":{"email":"\#(person.email)"}}"#).code == 200)
        let mail = try server.mailbox.wait(for: "password_reset", to: person.email)
        let secret = try #require(mail.secret)
        func reset(_ password: String) throws -> Answer {
            try client.post(
                Path.reset, #"{"reset_token":"\#(secret)","user":{"password":"\#(password)"}}"#)
        }
        #expect(try reset("short").wrongFields == ["password"])
        #expect(try client.get(Path.me, token: old).code == 200, "a refusal ends nothing")
        #expect(try reset("fresh password").code == 200)
        #expect(try client.get(Path.me, token: old).code == 401)
        #expect(try reset("another password").code == 400)
        #expect(try client.post(Path.login, person.credentials).code == 401)
        person.password = "fresh password"
        _ = try person.logIn(at: server)
    }

    @Test("Asking again leaves the reset link under way alone; using one ends them all")
    func newerReset() throws {
        let person = Person()
        try person.signUp(at: server)
        let body = #"{"user":{"email":"\#(person.email)"}}"#
        #expect(try client.post(Path.forgot, body).code == 200)
        let first = try server.mailbox.wait(for: "password_reset", to: person.email)
        // Whatever limits how often a mail goes out, it is no longer than this.
        try server.database.execute(
            """
            UPDATE app.mail SET created_at = created_at - interval '1 hour',
                settled_at = settled_at - interval '1 hour';
            UPDATE app.mailed_token SET created_at = created_at - interval '1 hour'
            """)
        #expect(try client.post(Path.forgot, body).code == 200)
        let second = try server.mailbox.wait(for: "password_reset", to: person.email, count: 2)
        #expect(first.secret != second.secret)
        func reset(_ secret: String?) throws -> Int? {
            try client.post(
                Path.reset,
                #"{"reset_token":"\#(secret ?? "")","user":{"password":"new password"}}"#
            ).code
        }
        #expect(try reset(first.secret) == 200)
        #expect(try reset(second.secret) == 400)
        #expect(try reset(first.secret) == 400)
    }

    @Test("Forgot answers alike for an unknown address, and mails nobody")
    func forgotUnknown() throws {
        let person = Person()
        try person.signUp(at: server)
        let stranger = Person("stranger")
        let known = try client.post(Path.forgot, #"{"user":{"email":"\#(person.email)"}}"#)
        let unknown = try client.post(Path.forgot, #"{"user":{"email":"\#(stranger.email)"}}"#)
        #expect(known.text == unknown.text)
        _ = try server.mailbox.wait(for: "password_reset", to: person.email)
        #expect(try server.mailbox.mails("password_reset", to: stranger.email).isEmpty)
    }

    @Test("A secondary address is confirmed by the link sent to it")
    func secondaryAddress() throws {
        let person = Person()
        let token = try person.signUp(at: server)
        let second = "second.\(person.email)"
        func update(_ address: String) throws -> Answer {
            try client.post(
                Path.update,
                """
                {"user":{"secondary_email":"\(address)","first_name":"John","dob":"1990-01-01",\
                "gender":"male","contact_number":"1","country":"US"}}
                """, token: token)
        }
        func confirmed() throws -> JSON? {
            try client.get(Path.me, token: token).json()["user"]?["secondary_email_confirmed"]
        }
        #expect(try confirmed() == .null)
        #expect(try update(person.email).wrongFields == ["secondary_email"])
        #expect(try update(second).code == 200)
        #expect(try confirmed() == .bool(false))
        let mail = try server.mailbox.wait(for: "secondary_confirmation", to: second)
        let target = try #require(mail.target)
        #expect(target.hasPrefix(Path.confirmSecondary))
        #expect(try client.request("HEAD", target).status == 200)
        #expect(try confirmed() == .bool(false))
        #expect(try client.get(target).code == 200)
        #expect(try confirmed() == .bool(true))
        // Another address starts anew, and the same one again does not.
        #expect(try update(second).code == 200)
        #expect(try confirmed() == .bool(true))
        #expect(try update("third.\(person.email)").code == 200)
        #expect(try confirmed() == .bool(false))
    }

    @Test("Delivery wipes the secret; no log line has ever held one")
    func secrets() throws {
        let person = Person()
        #expect(try client.post(Path.register, person.registration).code == 200)
        let mail = try server.mailbox.wait(for: "confirmation", to: person.email)
        let secret = try #require(mail.secret)
        let target = try #require(mail.target)
        let confirmed = try client.get(target).json()
        let token = try #require(confirmed["access_token"]?.string)
        #expect(try client.get(Path.me, token: token).code == 200)
        _ = try client.get(Path.me + "?access_token=\(token)")
        let wiped = try holds(within: 5) {
            try server.database.count(
                "SELECT count(*) FROM app.mail WHERE recipient = $1 AND secret IS NOT NULL",
                [person.email]) == 0
        }
        #expect(wiped)
        #expect(
            try server.database.value(
                "SELECT state FROM app.mail WHERE recipient = $1", [person.email]) == "sent")
        let last = try client.get("/api/v1/user/profile/last-line")
        let id = try #require(last.field("X-Request-Id"))
        #expect(server.waitForLogLine(containing: id) != nil)
        for word in [secret, token, person.password, person.registration] {
            #expect(server.logLines(containing: word) == [], "\(word)")
        }
    }
}
