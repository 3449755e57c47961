/// An endpoint that a test adds to a running database, as a DBA would: a function, its grant, its
/// row in the registry.
struct AddedRoute {
    /// The function's name in `dsrt_v1`, and the last part of the path.
    let name: String
    /// An expression of type json: the answer.
    var answer = "json_build_object('http_status_code', 200)"
    /// Statements before the answer.
    var statements = ""
    /// Variables of the template, with their slashes.
    var variables = ""
    var method = "GET"
    var volatility = "STABLE"
    var lane = "fast"
    var timeLimit = 5000
    /// What Accept chooses from.
    var mediaTypes = ["application/json"]
    /// Whether servers are told at once, or find out by polling.
    var isNotified = true

    /// Where it is served.
    var path: String { "/api/v1/user/profile/\(name)" }

    /// Makes it, and waits until the server serves it.
    func add(to server: TestServer) throws {
        try server.database.execute(
            """
            SET ROLE rapport_owner;
            CREATE FUNCTION dsrt_v1.\(name)(p_request http.request) RETURNS http.response
            LANGUAGE plpgsql \(volatility) SECURITY DEFINER SET search_path = pg_catalog, pg_temp
            AS $$ BEGIN \(statements) RETURN http.ok(\(answer)); END $$;
            GRANT EXECUTE ON FUNCTION dsrt_v1.\(name)(http.request) TO rapport_api;
            SELECT http.define_route('\(method)', '\(path)\(variables)', 'dsrt_v1.\(name)',
                p_credential => 'none', p_lane => '\(lane)', p_time_limit_ms => \(timeLimit),
                p_media_types => '{\(mediaTypes.joined(separator: ","))}',
                p_summary => 'Added by a test');
            UPDATE app.gateway_state SET generation = generation + 1;
            """ + (isNotified ? "NOTIFY rapport" : ""))
        // Asked with a method that the route does not have: 405 as soon as the path is known.
        let isServed = try holds(within: 10) {
            try server.client.request("DELETE", path + variables).code == 405
        }
        guard isServed else { throw NotServed(path: path, log: server.log) }
    }

    /// The server did not take it up.
    struct NotServed: Error {
        let path: String
        let log: String
    }
}
