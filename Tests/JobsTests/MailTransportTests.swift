import Foundation
import Jobs
import Testing

@Suite("Mail transport")
struct MailTransportTests {
    private static let message = "Subject: ü\r\n\r\nfirst\r\n.\r\nlast\r\n"

    private func deliver(
        _ transport: MailTransport, id: String = "7", to recipient: String = "a@example.com"
    ) throws {
        try transport.deliver(id: id, recipient: recipient, message: Self.message)
    }

    @Test("A mail becomes a file for its owner alone, with the message as it is")
    func file() throws {
        let place = try TemporaryDirectory()
        try deliver(.directory(place.path + "/var/mail"))
        let files = try place.files(in: "var/mail")
        let name = try #require(files.first)
        #expect(files.count == 1)
        #expect(name.wholeMatch(of: /[0-9]{13}-7\.eml/) != nil)
        #expect(try place.text("var/mail/" + name) == Self.message)
        #expect(try place.mode(of: "var/mail/" + name) == 0o600)
        #expect(try place.mode(of: "var/mail") == 0o700)
    }

    @Test("Whoever watches the directory never sees a part of a mail, and no file stays over")
    func atomic() async throws {
        let place = try TemporaryDirectory()
        let message = String(repeating: "line of the message\r\n", count: 20_000)
        let size = message.utf8.count
        let writer = Task.detached {
            for number in 0..<50 {
                try MailTransport.directory(place.path)
                    .deliver(id: String(number), recipient: "a@example.com", message: message)
            }
        }
        var seen: Set<String> = []
        while seen.count < 50 {
            for name in try place.files() where !name.hasPrefix(".") {
                let file = place.path + "/" + name
                let attributes = try FileManager.default.attributesOfItem(atPath: file)
                #expect(attributes[.size] as? Int == size)
                seen.insert(name)
            }
            await Task.yield()
        }
        try await writer.value
        #expect(try place.files().filter { $0.hasPrefix(".") } == [])
    }

    @Test("A directory that cannot be made is a reason, not a crash")
    func unusable() throws {
        #expect(throws: JobsError.notDelivered("/dev/null/mail: mkdir: Not a directory")) {
            try deliver(.directory("/dev/null/mail"))
        }
    }

    @Test("A command gets options, recipient and message as sendmail does, and no shell sees them")
    func command() throws {
        let place = try TemporaryDirectory()
        let script = try place.script("printf '%s\\n' \"$@\" > $0.words; cat > $0.message")
        try deliver(.command(script + ["-C", "my file"]), to: "-x;$(true)@example.com")
        #expect(try place.text("script.words") == "-C\nmy file\n-i\n--\n-x;$(true)@example.com\n")
        let unix = Self.message.replacingOccurrences(of: "\r\n", with: "\n")
        #expect(try place.text("script.message") == unix)
    }

    @Test(
        "A command's failure is told in one line",
        arguments: [
            (
                "cat > /dev/null; echo; echo mailbox full >&2; echo more >&2; exit 75",
                "mailbox full"
            ),
            ("exit 4", "exit status 4"),
            ("kill -KILL $$", "ended by signal 9"),
        ])
    func failure(script: String, reason: String) throws {
        let place = try TemporaryDirectory()
        let command = MailTransport.command(try place.script(script))
        #expect(throws: JobsError.notDelivered(reason)) { try deliver(command) }
    }

    @Test("A long reason is cut at 500 bytes, between characters")
    func longReason() throws {
        let place = try TemporaryDirectory()
        let script = try place.script(
            "i=0; while [ $i -lt 300 ]; do printf ü€ >&2; i=$((i+1)); done; exit 1")
        do {
            try deliver(.command(script))
            Issue.record("delivered")
        } catch JobsError.notDelivered(let reason) {
            #expect(reason == String(repeating: "ü€", count: 100))
        }
    }

    @Test("A command that is not there is told by its name")
    func missing() {
        #expect(throws: JobsError.notDelivered("/nowhere/sendmail: not found")) {
            try deliver(.command(["/nowhere/sendmail"]))
        }
    }
}
