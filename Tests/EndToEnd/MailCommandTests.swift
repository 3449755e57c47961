import Foundation
import Glibc
import Testing

/// `MAIL_COMMAND`: a program that takes the message on standard input.
@Suite("Mail command")
struct MailCommandTests {
    @Test("A command that fails is tried again with the same message, until it takes it")
    func failing() throws {
        let directory = try TemporaryDirectory()
        chmod(directory.url.path, 0o777)
        let script = try directory.write(
            """
            #!/bin/sh
            number=$(ls "\(directory.url.path)" | grep -c '^attempt')
            cat > "\(directory.url.path)/attempt.$number"
            [ "$number" -lt 2 ] && { echo "mailbox is full" >&2; exit 75; }
            exit 0

            """, to: "deliver", mode: 0o755)
        try withServer(["MAIL_COMMAND": script]) { server in
            let person = Person()
            #expect(try server.client.post(Path.register, person.registration).code == 200)
            for attempt in 1...2 {
                try waitForAttempts(attempt, of: person, at: server)
                let row = try #require(
                    try server.database.rows(
                        """
                        SELECT state, last_error, secret IS NOT NULL, next_attempt_at > now(),
                            next_attempt_at - now() FROM app.mail WHERE recipient = $1
                        """, [person.email]
                    ).first)
                #expect(row[0] == "pending")
                #expect(row[1]?.contains("mailbox is full") == true, "\(row[1] ?? "")")
                #expect(row[2] == "t")
                #expect(row[3] == "t", "the next attempt waits")
                try retryNow(at: server)
            }
            let sent = try holds(within: 10) {
                try server.database.count(
                    "SELECT count(*) FROM app.mail WHERE state = 'sent' AND secret IS NULL") == 1
            }
            #expect(sent)
            let mails = try (0...2).map {
                Mail(
                    try String(
                        contentsOf: directory.url.appendingPathComponent("attempt.\($0)"),
                        encoding: .utf8))
            }
            #expect(Set(mails.map { $0["Message-ID"] ?? "" }).count == 1)
            #expect(Set(mails.map(\.source)).count == 1)
            let answer = try server.client.get(try #require(mails[2].target))
            #expect(answer.code == 200)
        }
    }

    @Test("A command that crashes, or is not there, costs an attempt and no more")
    func crashing() throws {
        let directory = try TemporaryDirectory()
        let crash = try directory.write(
            "#!/bin/sh\ncat > /dev/null\nkill -SEGV $$\n", to: "crash", mode: 0o755)
        for command in [crash, "/nowhere/sendmail", "exit 1"] {
            try withServer(["MAIL_COMMAND": command]) { server in
                let person = Person()
                #expect(try server.client.post(Path.register, person.registration).code == 200)
                try waitForAttempts(1, of: person, at: server)
                let state = try server.database.value(
                    "SELECT state FROM app.mail WHERE recipient = $1", [person.email])
                #expect(state == "pending", "\(command)")
                #expect(server.isReady, "\(command)")
            }
        }
    }

    @Test("A mail is given up after a day, readably, and its secret is wiped")
    func givingUp() throws {
        let directory = try TemporaryDirectory()
        let refuse = try directory.write(
            "#!/bin/sh\ncat > /dev/null\necho no such user >&2\nexit 1\n", to: "refuse", mode: 0o755
        )
        try withServer(["MAIL_COMMAND": refuse]) { server in
            let person = Person()
            #expect(try server.client.post(Path.register, person.registration).code == 200)
            try waitForAttempts(1, of: person, at: server)
            try server.database.execute(
                "UPDATE app.mail SET created_at = created_at - interval '25 hours'")
            try retryNow(at: server)
            let sweep = try Command.run(["sweep"], on: server.database)
            #expect(sweep.status == 0, "\(sweep.errorOutput)")
            let failed = try holds(within: 10) {
                try server.database.count(
                    """
                    SELECT count(*) FROM app.mail
                    WHERE state = 'failed' AND secret IS NULL AND last_error IS NOT NULL
                    """) == 1
            }
            #expect(failed)
        }
    }

    @Test("Mail that a killed server had claimed is delivered by the next one, once")
    func takeOver() throws {
        let directory = try TemporaryDirectory()
        chmod(directory.url.path, 0o777)
        let slow = try directory.write(
            """
            #!/bin/sh
            cat > "\(directory.url.path)/mail.$$"
            [ -e "\(directory.url.path)/fast" ] || sleep 30

            """, to: "slow", mode: 0o755)
        try withServer(["MAIL_COMMAND": slow]) { server in
            let person = Person()
            #expect(try server.client.post(Path.register, person.registration).code == 200)
            try waitForAttempts(1, of: person, at: server)
            server.kill()
            _ = try directory.write("", to: "fast")
            try server.startAgain()
            let sent = try holds(within: 10) {
                try server.database.count("SELECT count(*) FROM app.mail WHERE state = 'sent'") == 1
            }
            #expect(sent, "the claim of a dead worker is taken over at once")
            #expect(
                try server.database.value("SELECT attempts FROM app.mail") == "2")
        }
    }

    private func waitForAttempts(_ count: Int, of person: Person, at server: TestServer) throws {
        let tried = try holds(within: 10) {
            try server.database.count(
                "SELECT coalesce(max(attempts), 0) FROM app.mail WHERE recipient = $1",
                [person.email]) >= count
        }
        #expect(tried)
        // The attempt is counted when it begins; its end is when the claim goes.
        _ = try holds(within: 3) {
            try server.database.count(
                "SELECT count(*) FROM app.mail WHERE claimed_by IS NOT NULL") == 0
        }
    }

    private func retryNow(at server: TestServer) throws {
        try server.database.execute("UPDATE app.mail SET next_attempt_at = now()")
    }
}
