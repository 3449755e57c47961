import Testing

@Suite("Conversations")
struct ConversationTests {
    @Test("Every recorded answer is what the server answers", arguments: try Conversation.all())
    func replay(_ conversation: Conversation) throws {
        #expect(!conversation.exchanges.isEmpty)
        try withServer { server in
            var expectation = Expectation()
            for exchange in conversation.exchanges {
                let place = "\(conversation.name):\(exchange.line) \(exchange.title)"
                for mail in exchange.mails {
                    // The newest of its kind: earlier ones may already have been used.
                    let sent = try server.mailbox.wait(for: mail.kind, to: mail.address)
                    expectation.bind("link", to: try #require(sent.target))
                    expectation.bind("secret", to: try #require(sent.secret))
                }
                let answer = try server.client.request(
                    exchange.method, expectation.filled(exchange.target),
                    exchange.fields.map { ($0.0, expectation.filled($0.1)) },
                    body: exchange.body.isEmpty
                        ? nil : Array(expectation.filled(exchange.body).utf8))
                #expect(answer.status == exchange.status, "\(place)")
                for (name, value) in exchange.answerFields {
                    let found = expectation.differences(value, answer.field(name), field: name)
                    #expect(found == [], "\(place)")
                }
                if exchange.answerBody.isEmpty {
                    #expect(answer.text == "", "\(place)")
                } else {
                    let expected = try JSON.parse(exchange.answerBody, placeholders: true)
                    let found = expectation.differences(
                        expected, try answer.json(), at: "body")
                    #expect(found == [], "\(place)\n\(answer.text)")
                    #expect(try violations(of: answer, to: exchange, at: server) == [], "\(place)")
                }
            }
        }
    }

    /// Where a successful answer is not what the registry, and so the OpenAPI document, says of it.
    private func violations(
        of answer: Answer, to exchange: Conversation.Exchange, at server: TestServer
    ) throws -> [[String?]] {
        guard answer.code == 200, !exchange.target.hasPrefix("<") else { return [] }
        return try server.database.rows(
            """
            SELECT v FROM app.route AS r
            CROSS JOIN http.matches_schema(r.response_schema, $1::jsonb) AS v
            WHERE r.method = $2 AND r.path = $3
            """, [answer.text, exchange.method, exchange.target])
    }

    @Test("The document's Authentication, Profile and Password sections are all recorded")
    func complete() throws {
        let spoken = Set(try Conversation.all().flatMap(\.exchanges).map(\.target))
        let documented = [
            Path.login, Path.register, Path.me, Path.update, Path.closeAccount,
            Path.updatePassword, Path.forgot,
        ]
        for path in documented { #expect(spoken.contains(path), "\(path)") }
    }
}
