import Foundation
import Testing

/// What the database keeps of secrets: nothing in clear, but for the mails that are still to go out.
/// (That no answer and no log tells one is looked up by `./dev test` after the whole run: see
/// `Transcript`.)
@Suite("Secrets", .server)
struct SecretTests {
    let server = TestServer.current
    let client = TestServer.current.client

    @Test("No table and no view has a password, a code or a token in clear")
    func tables() throws {
        let person = Person("secretive")
        var secrets = [person.password]
        secrets.append(try person.signUp(at: server))
        secrets.append(try person.logIn(at: server))
        _ = try LogIn.gather.attempt(person.email, person.password, client)
        _ = try client.post(Path.login, person.with(password: "a guess nobody makes").credentials)
        secrets.append("a guess nobody makes")
        _ = try client.post(Path.login, #"{"user":{"email":"typed here","password":"x"}}"#)
        secrets.append("typed here")
        _ = try client.request("PUT", "/api/v1/user/activate/resend", [], body: person.naming)
        _ = try client.post("/forgot", person.bareNaming)
        _ = try client.post("/api/user/resend_security_code", person.bareNaming)
        for kind in ["confirmation", "password_reset", "security_code"] {
            for mail in try [server.mailbox.wait(for: kind, to: person.email)]
                + server.mailbox.mails(kind, to: person.email)
            {
                secrets += [mail.secret, mail.code].compactMap { $0 }
            }
        }
        let wiped = try holds(within: 10) {
            try server.database.count("SELECT count(*) FROM app.mail WHERE secret IS NOT NULL") == 0
        }
        #expect(wiped)
        let keyed = try client.post(
            Path.login, person.credentials, key: "a-retry-that-carries-a-token")
        secrets.append(try #require(try keyed.json()["access_token"]?.string))

        let relations = try server.database.rows(
            """
            SELECT c.oid::regclass::text FROM pg_class AS c
            INNER JOIN pg_namespace AS n ON n.oid = c.relnamespace
            WHERE n.nspname IN ('app', 'ops', 'report_v1') AND c.relkind IN ('r', 'p', 'v', 'm')
            """
        ).compactMap { $0.first ?? nil }
        #expect(relations.count > 15)
        #expect(secrets.count > 9)
        for relation in relations {
            for secret in secrets {
                // Six digits are found inside hashes and times: a code stands alone where it stands.
                let pattern =
                    "(^|[^0-9a-zA-Z:.-])\(NSRegularExpression.escapedPattern(for: secret))($|[^0-9a-zA-Z:.-])"
                let rows = try server.database.count(
                    "SELECT count(*) FROM \(relation) AS t WHERE t::text ~ $1", [pattern])
                #expect(rows == 0, "\(relation) keeps \(secret)")
            }
        }
    }

    @Test("A hash of a password or a code is bcrypt, of a token SHA-256")
    func hashes() throws {
        let person = Person("hashed")
        try person.signUp(at: server)
        _ = try client.post("/api/user/resend_security_code", person.bareNaming)
        _ = try server.mailbox.wait(for: "security_code", to: person.email)
        #expect(
            try server.database.count(
                """
                SELECT count(*) FROM app.account AS a
                INNER JOIN app.mailed_code AS c ON c.account_id = a.id
                INNER JOIN app.session AS s ON s.account_id = a.id
                WHERE a.email = $1 AND a.password_hash LIKE '$2a$10$%' AND c.code_hash LIKE '$2a$10$%'
                    AND octet_length(s.token_hash) = 32
                """, [person.email]) == 1)
    }
}

extension Person {
    /// The address and nothing else, as text.
    var bareNaming: String { String(decoding: naming, as: UTF8.self) }
}
