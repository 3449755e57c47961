import Foundation
import Testing

/// Mailed links, followed by a browser: pages, and no session.
@Suite("Pages", .server)
struct PageTests {
    let server = TestServer.current
    let client = TestServer.current.client

    /// What browsers send.
    private static let accept = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"

    @Test("A verification link is a page, also the second time")
    func verification() throws {
        let person = Person("reader")
        #expect(try client.post("/register", person.plainRegistration).status == 201)
        let link = try #require(
            try server.mailbox.wait(for: "verification", to: person.email).target)
        for _ in 0..<2 {
            let page = try browse(link)
            #expect(page.status == 200)
            expectPage(page)
        }
        #expect(try client.post("/login", person.bareCredentials).status == 200)
        let bad = try browse("/verify?token=nonsense")
        #expect(bad.status == 400)
        expectPage(bad)
        #expect(try client.get("/verify?token=nonsense").json()["message"] != nil)
    }

    @Test("A confirmation link activates and opens no session in a browser")
    func confirmation() throws {
        let person = Person("confirming")
        #expect(try client.post(Path.register, person.registration).code == 200)
        let link = try #require(
            try server.mailbox.wait(for: "confirmation", to: person.email).target)
        let page = try browse(link)
        #expect(page.status == 200)
        expectPage(page)
        #expect(
            try server.database.count(
                """
                SELECT count(*) FROM app.session AS s
                INNER JOIN app.account AS a ON a.id = s.account_id WHERE a.email = $1
                """, [person.email]) == 0)
        #expect(try client.post(Path.login, person.credentials).code == 200)
    }

    @Test(
        "A reset link is a form, which sets the password once",
        arguments: [
            ("/forgot", "/reset", "token", "password"),
            (Path.forgot, Path.reset, "reset_token", "user[password]"),
        ])
    func reset(forgot: String, path: String, tokenField: String, passwordField: String) throws {
        let person = Person("forgetful")
        try person.signUp(at: server)
        let naming =
            forgot == Path.forgot ? #"{"user":\#(person.bareNaming)}"# : person.bareNaming
        #expect(try client.post(forgot, naming).status == 200)
        let mail = try server.mailbox.wait(for: "password_reset", to: person.email)
        let token = try #require(mail.secret)
        let form = try browse(try #require(mail.target))
        expectPage(form)
        #expect(form.text.contains(#"<form method="post" action="\#(path)">"#))
        #expect(
            form.text.contains(#"<input type="hidden" name="\#(tokenField)" value="\#(token)">"#))
        #expect(form.text.contains(#"name="\#(passwordField)""#))

        let fresh = Person("unused").password
        let fields = [
            "\(tokenField)=\(token)", "\(passwordField)=\(fresh)",
        ].joined(separator: "&")
        let done = try post(path, fields)
        expectPage(done)
        #expect(done.status == 200)
        let changed = person.with(password: fresh)
        #expect(try client.post(Path.login, changed.credentials).code == 200)
        #expect(try client.post(Path.login, person.credentials).code == 401)
        let again = try post(path, fields)
        expectPage(again)
        #expect(try client.post(Path.login, changed.credentials).code == 200)
    }

    private func browse(_ target: String) throws -> Answer {
        try client.request("GET", target, [("Accept", Self.accept)])
    }

    private func post(_ path: String, _ fields: String) throws -> Answer {
        try client.request(
            "POST", path,
            [("Accept", Self.accept), ("Content-Type", "application/x-www-form-urlencoded")],
            body: Array(fields.utf8))
    }

    /// Complete in itself, runs nothing, is kept by nobody, and tells nobody where it stood.
    private func expectPage(_ answer: Answer) {
        #expect(answer.field("Content-Type") == "text/html; charset=utf-8")
        let policy = answer.field("Content-Security-Policy") ?? ""
        #expect(policy.contains("default-src 'none'") && !policy.contains("script-src"))
        #expect(answer.field("Referrer-Policy") == "no-referrer")
        #expect(answer.field("Cache-Control") == "no-store")
        #expect(answer.field("X-Content-Type-Options") == "nosniff")
        #expect(answer.field("Vary") == "Accept")
        #expect(answer.field("Set-Cookie") == nil)
        #expect(!answer.text.contains("<script"))
        #expect(answer.text.hasPrefix("<!doctype html>"))
    }
}

extension Person {
    /// The body of a registration that has no object around it, with a username that is nobody's.
    var plainRegistration: String {
        """
        {"username":"\(email.prefix { $0 != "@" })","email":"\(email)","password":"\(password)"}
        """
    }
}
