import Testing

@Suite("Maintenance")
struct MaintenanceTests {
    @Test(
        "rapport maintenance on: 503 in each style, GroupCreators pass, health works; off: as before"
    )
    func maintenance() throws {
        try withServer { server in
            let client = server.client
            let person = Person()
            let token = try person.signUp(at: server)
            let creator = Person("creator")
            let made = try Command.run(
                ["group-creator", creator.email], on: server.database,
                input: "creators password\n")
            #expect(made.status == 0, "\(made.errorOutput)")
            var signedIn = creator
            signedIn.password = "creators password"
            let creatorToken = try signedIn.logIn(at: server)

            let on = try Command.run(["maintenance", "on"], on: server.database)
            #expect(on.status == 0, "\(on.errorOutput)")
            let noticed = try holds(within: 5) {
                try client.get(Path.me, token: token).code == 503
            }
            #expect(noticed)

            for answer in [
                try client.get(Path.me, token: token), try client.get(Path.me),
                try client.post(Path.login, person.credentials),
                try client.post(Path.login, person.credentials, key: "during"),
            ] {
                #expect(answer.status == 200)
                #expect(answer.code == 503)
                #expect(answer.errorCode == "SERVER_MAINTENANCE")
            }
            let gather = try client.get("/api/v1/events")
            #expect(gather.status == 503)
            #expect(try gather.json()["error_code"]?.int == 198)
            let companion = try client.get("/api/user/anything")
            #expect(companion.status == 503)
            #expect(try companion.json()["success"] == .bool(false))
            let exchange = try client.get("/languages")
            #expect(exchange.status == 503)
            #expect(try exchange.json()["message"]?.string != nil)
            #expect(try client.get(Path.me, token: creatorToken).code == 200)
            #expect(try client.get("/healthz").status == 200)

            let off = try Command.run(["maintenance", "off"], on: server.database)
            #expect(off.status == 0)
            let over = try holds(within: 5) {
                try client.get(Path.me, token: token).code == 200
            }
            #expect(over)
            // What was refused meanwhile was not kept for the key.
            #expect(try client.post(Path.login, person.credentials, key: "during").code == 200)
        }
    }
}
