import Testing

/// Servers hold nothing that another could not: any number of them on one database.
@Suite("Several servers")
struct SeveralServersTests {
    @Test("What one server writes another reads; each mail goes out once")
    func two() throws {
        let database = try TestDatabase()
        try withServer(database: database) { one in
            try withServer(database: database) { other in
                let clients = [one.client, other.client]
                let people = (0..<16).map { _ in Person("shared") }
                let answers = try concurrently(people.count) { index in
                    try clients[index % 2].post(
                        Path.register, people[index].registration, timeOut: 60)
                }
                #expect(answers.allSatisfy { $0.code == 200 })
                let sent = try holds(within: 10) {
                    try database.count("SELECT count(*) FROM app.mail WHERE state = 'sent'")
                        == people.count
                }
                #expect(sent)
                let mails = try one.mailbox.all() + other.mailbox.all()
                #expect(mails.count == people.count)
                #expect(Set(mails.compactMap(\.recipient)) == Set(people.map(\.email)))

                let target = try #require(mails.first?.target)
                let confirmed = try one.client.get(target).json()
                let token = try #require(confirmed["access_token"]?.string)
                #expect(try other.client.get(Path.me, token: token).code == 200)
                #expect(try other.client.post(Path.logout, token: token).code == 200)
                #expect(try one.client.get(Path.me, token: token).code == 401)
            }
        }
    }

    @Test("One key at two servers at once: one effect")
    func idempotency() throws {
        let database = try TestDatabase()
        try withServer(database: database) { one in
            try withServer(database: database) { other in
                let clients = [one.client, other.client]
                let person = Person("twice")
                let answers = try concurrently(10) { index in
                    try clients[index % 2].post(
                        Path.register, person.registration, key: "both", timeOut: 60)
                }
                #expect(Set(answers.map(\.text)).count == 1)
                #expect(answers.allSatisfy { $0.code == 200 })
                #expect(try database.count("SELECT count(*) FROM app.mail") == 1)
            }
        }
    }
}
