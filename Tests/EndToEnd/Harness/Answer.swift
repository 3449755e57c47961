/// One HTTP response as it came over the wire.
struct Answer: Sendable {
    /// `HTTP/1.1` or `HTTP/1.0`.
    let version: String
    /// The status of the status line.
    let status: Int
    /// Field lines in order, names as sent.
    let fields: [(name: String, value: String)]
    /// The body, chunks joined.
    let body: [UInt8]

    /// The body as text.
    var text: String { String(decoding: body, as: UTF8.self) }

    /// The value of the first field line of that name.
    func field(_ name: String) -> String? {
        fields.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// The body as JSON.
    func json() throws -> JSON { try JSON.parse(body) }

    /// `http_status_code` of the body: the status as `dsrt_v1` tells it.
    var code: Int? { (try? json())?["http_status_code"]?.int }

    /// `error.code` of the body, as `dsrt_v1` tells it.
    var errorCode: String? { (try? json())?["error"]?["code"]?.string }

    /// The fields that `error.errors` names, in order.
    var wrongFields: [String] {
        (try? json())?["error"]?["errors"]?.array?.compactMap { $0["field"]?.string } ?? []
    }
}

extension Answer: CustomStringConvertible {
    var description: String {
        let head = fields.map { "\($0.name): \($0.value)" }.joined(separator: "\n")
        return "\(version) \(status)\n\(head)\n\n\(text)"
    }
}
