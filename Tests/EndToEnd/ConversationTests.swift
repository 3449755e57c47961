import Testing

@Suite("Conversations")
struct ConversationTests {
    @Test("Every recorded answer is what the server answers", arguments: try Conversation.all())
    func replay(_ conversation: Conversation) throws {
        #expect(!conversation.exchanges.isEmpty)
        try withServer { server in
            var expectation = Expectation()
            var awaited: [String: Int] = [:]
            for exchange in conversation.exchanges {
                let place = "\(conversation.name):\(exchange.line) \(exchange.title)"
                for creator in exchange.groupCreators {
                    let made = try Command.run(
                        ["group-creator", creator.address], on: server.database,
                        input: creator.password + "\n")
                    #expect(made.status == 0, "\(place)\n\(made.errorOutput)")
                }
                for mail in exchange.mails {
                    // The second of a kind is the second one sent: the first has been used.
                    awaited["\(mail.kind) \(mail.address)", default: 0] += 1
                    let sent = try server.mailbox.wait(
                        for: mail.kind, to: mail.address,
                        count: awaited["\(mail.kind) \(mail.address)", default: 0])
                    if let code = sent.code {
                        expectation.bind("code", to: code)
                    } else {
                        expectation.bind("link", to: try #require(sent.target))
                        expectation.bind("secret", to: try #require(sent.secret))
                    }
                }
                let answer = try server.client.request(
                    exchange.method, expectation.filled(exchange.target),
                    exchange.fields.map { ($0.0, expectation.filled($0.1)) },
                    body: exchange.body.isEmpty
                        ? nil : Array(expectation.filled(exchange.body).utf8))
                #expect(answer.status == exchange.status, "\(place)")
                if exchange.answerBody.isEmpty {
                    #expect(answer.text == "", "\(place)")
                } else {
                    let expected = try JSON.parse(exchange.answerBody, placeholders: true)
                    let found = expectation.differences(
                        expected, try answer.json(), at: "body")
                    #expect(found == [], "\(place)\n\(answer.text)")
                    #expect(try violations(of: answer, to: exchange, at: server) == [], "\(place)")
                }
                // After the body, which says what a token in a field line stands for.
                for (name, value) in exchange.answerFields {
                    let found = expectation.differences(value, answer.field(name), field: name)
                    #expect(found == [], "\(place)")
                }
            }
        }
    }

    /// Where a successful answer is not what the registry, and so the OpenAPI document, says of it.
    private func violations(
        of answer: Answer, to exchange: Conversation.Exchange, at server: TestServer
    ) throws -> [[String?]] {
        let body = try answer.json()
        guard (200..<300).contains(answer.code ?? answer.status),
            body["status"]?.string != "failed", !exchange.target.hasPrefix("<")
        else { return [] }
        return try server.database.rows(
            """
            SELECT v FROM app.route AS r
            CROSS JOIN http.matches_schema(r.response_schema, $1::jsonb) AS v
            WHERE r.method = $2
                AND $3 ~ ('^' || regexp_replace(r.path, '[{][^}]*[}]', '[^/]+', 'g') || '/?([?].*)?$')
            """, [answer.text, exchange.method, exchange.target])
    }

    @Test("Every path that a document gives for accounts is recorded")
    func complete() throws {
        let spoken = Set(
            try Conversation.all().flatMap(\.exchanges).map { exchange in
                let path = exchange.target.prefix { $0 != "?" }
                return path.count > 1 && path.hasSuffix("/")
                    ? String(path.dropLast()) : String(path)
            })
        for path in Self.documented {
            #expect(spoken.contains(path), "\(path)")
        }
        #expect(spoken.contains { $0.hasPrefix("/api/v1/user/activated/") })
    }

    private static let documented = [
        Path.login, Path.register, Path.me, Path.update, Path.closeAccount, Path.updatePassword,
        Path.forgot,
        "/api/v1/user/create", "/api/v1/user/activate", "/api/v1/user/update",
        "/api/v1/user/activate/resend", "/api/v1/auth/login", "/api/v1/auth/logout",
        "/api/v1/user/register", "/api/v1/user/login", "/api/v1/user/logout",
        "/api/user/register", "/api/user/login", "/api/user/delete_account",
        "/api/user/disable_the_accoun", "/api/user/verify_security_code", "/api/user/ping",
        "/register", "/verify", "/login", "/languages",
    ]
}
