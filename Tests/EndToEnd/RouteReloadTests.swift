import Testing

/// An endpoint is SQL only, also while the server runs.
@Suite("Route reload")
struct RouteReloadTests {
    @Test(
        "A route added to the running database is served without restart", arguments: [true, false])
    func added(_ notified: Bool) throws {
        try withServer { server in
            let client = server.client
            let route = AddedRoute(
                name: "echo",
                answer: "json_build_object('http_status_code', 200, 'word', p_request.path[1])",
                variables: "/{word}", isNotified: notified)
            let target = "/api/v1/user/profile/echo/caf%C3%A9"
            #expect(try client.get(target).code == 404)
            try route.add(to: server)
            #expect(try client.get(target).code == 200)
            #expect(try client.get(target).json()["word"] == .string("café"))
            #expect(try client.get(route.path).code == 404)
            #expect(try client.post(target, "{}").code == 405)
        }
    }

    @Test("A dead listener does no harm: the generation is polled")
    func deadListener() throws {
        try withServer { server in
            try server.database.execute(
                """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()
                """)
            let route = AddedRoute(name: "late", isNotified: false)
            try route.add(to: server)
            #expect(try server.client.get(route.path).code == 200)
        }
    }
}
