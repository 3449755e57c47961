/// A client that opens a connection for each request, as many apps do.
struct Client: Sendable {
    /// The server's port on the loopback interface.
    let port: Int

    /// Sends one request and reads its answer; a body is sent as JSON unless fields say otherwise.
    func request(
        _ method: String, _ target: String, _ fields: [(String, String)] = [],
        body: [UInt8]? = nil, timeOut: Double = 15
    ) throws -> Answer {
        let wire = try Wire(port: port, timeOut: timeOut)
        try wire.send(Self.bytes(method, target, fields + [("Connection", "close")], body: body))
        return try wire.answer(to: method)
    }

    /// `GET` with a session's token, where one is given.
    func get(_ target: String, token: String? = nil) throws -> Answer {
        try request("GET", target, Self.credential(token))
    }

    /// `POST` of a JSON text.
    func post(
        _ target: String, _ body: String? = nil, token: String? = nil, key: String? = nil,
        timeOut: Double = 15
    ) throws -> Answer {
        try request(
            "POST", target, Self.credential(token) + (key.map { [("Idempotency-Key", $0)] } ?? []),
            body: body.map { Array($0.utf8) }, timeOut: timeOut)
    }

    /// The bytes of one request.
    static func bytes(
        _ method: String, _ target: String, _ fields: [(String, String)] = [],
        body: [UInt8]? = nil
    ) -> [UInt8] {
        var head = "\(method) \(target) HTTP/1.1\r\nHost: localhost\r\n"
        for (name, value) in fields { head += "\(name): \(value)\r\n" }
        if let body {
            let names = fields.map { $0.0.lowercased() }
            if !names.contains("content-type") {
                head += "Content-Type: application/json; charset=utf-8\r\n"
            }
            if !names.contains("content-length") { head += "Content-Length: \(body.count)\r\n" }
        }
        return Array((head + "\r\n").utf8) + (body ?? [])
    }

    private static func credential(_ token: String?) -> [(String, String)] {
        token.map { [("X-Access-Token", $0)] } ?? []
    }
}
