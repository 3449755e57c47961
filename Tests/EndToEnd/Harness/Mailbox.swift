import Foundation

/// The directory into which the server under test delivers its mail.
struct Mailbox: Sendable {
    /// The server's `MAIL_DIR`.
    let directory: URL

    /// Every mail delivered so far, oldest first.
    func all() throws -> [Mail] {
        let files = try FileManager.default.contentsOfDirectory(
            at: directory, includingPropertiesForKeys: [.contentModificationDateKey])
        return
            try files
            .filter { $0.pathExtension == "eml" && !$0.lastPathComponent.hasPrefix(".") }
            .map { file in
                let values = try file.resourceValues(forKeys: [.contentModificationDateKey])
                let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
                return (values.contentModificationDate ?? .distantPast, file.path, Mail(text))
            }
            .sorted { ($0.0, $0.1) < ($1.0, $1.1) }
            .map(\.2)
    }

    /// The mails of that kind to that address, oldest first.
    func mails(_ kind: String, to address: String) throws -> [Mail] {
        try all().filter { $0.kind == kind && $0.recipient == address }
    }

    /// Waits until at least `count` such mails are there and returns the last of them.
    func wait(for kind: String, to address: String, count: Int = 1) throws -> Mail {
        let found = try eventually(within: 10) {
            let mails = try mails(kind, to: address)
            return mails.count >= count ? mails.last : nil
        }
        guard let found else {
            throw Missing(kind: kind, address: address, there: try all().map(\.summary))
        }
        found.secret.map(Transcript.secret)
        found.code.map(Transcript.code)
        return found
    }

    /// The mail that did not come, and those that did.
    struct Missing: Error {
        let kind: String
        let address: String
        let there: [String]
    }
}

/// One message as RFC 5322 text, taken apart as far as the tests need it.
struct Mail: Sendable {
    /// The message as delivered.
    let source: String
    /// Header fields in order, unfolded.
    let fields: [(name: String, value: String)]

    /// Reads a message.
    init(_ source: String) {
        let text = source.replacingOccurrences(of: "\r\n", with: "\n")
        self.source = text
        let (head, _) = Self.split(text)
        fields = Self.fields(head)
    }

    /// `X-Rapport-Kind`.
    var kind: String? { self["X-Rapport-Kind"] }

    /// The bare address of `To`.
    var recipient: String? {
        guard let to = self["To"] else { return nil }
        guard let open = to.lastIndex(of: "<"), let close = to.lastIndex(of: ">") else { return to }
        return String(to[to.index(after: open)..<close])
    }

    /// The value of a header field.
    subscript(name: String) -> String? {
        fields.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// Kind and recipient, for messages.
    var summary: String { "\(kind ?? "?") to \(recipient ?? "?")" }

    /// The text part, decoded.
    var text: String? { Self.part("text/plain", of: source) }

    /// The HTML part, decoded.
    var html: String? { Self.part("text/html", of: source) }

    /// The link that stands alone on a line of the text part.
    var link: URL? {
        text?.split(separator: "\n")
            .first { $0.hasPrefix("http://") || $0.hasPrefix("https://") }
            .flatMap { URL(string: String($0)) }
    }

    /// Path and query of the link: what a request line carries.
    var target: String? {
        link.map { $0.path + ($0.query.map { "?\($0)" } ?? "") }
    }

    /// The value of the link's query: the mailed token.
    var secret: String? {
        link.flatMap { URLComponents(url: $0, resolvingAgainstBaseURL: false) }?
            .queryItems?.last?.value
    }

    /// The code of six digits that stands alone on a line of the text part.
    var code: String? {
        let lines: [Substring]? = text?.split(separator: "\n")
        return lines?.first { $0.count == 6 && $0.allSatisfy { $0.isASCII && $0.isNumber } }
            .map { String($0) }
    }

    private static func part(_ type: String, of entity: String) -> String? {
        let (head, body) = split(entity)
        let fields = fields(head)
        func field(_ name: String) -> String {
            fields.first { $0.name.lowercased() == name }?.value ?? ""
        }
        let contentType = field("content-type")
        if contentType.lowercased().hasPrefix("multipart/") {
            guard let mark = contentType.range(of: "boundary=") else { return nil }
            let boundary = contentType[mark.upperBound...]
                .prefix { $0 != ";" }.trimmingCharacters(in: CharacterSet(charactersIn: "\" "))
            return body.components(separatedBy: "--\(boundary)").dropFirst().lazy
                .compactMap { part(type, of: String($0.drop { $0 == "\n" })) }.first
        }
        guard contentType.lowercased().hasPrefix(type) else { return nil }
        switch field("content-transfer-encoding").lowercased() {
        case "base64":
            return Data(base64Encoded: body, options: .ignoreUnknownCharacters)
                .map { String(decoding: $0, as: UTF8.self) }?
                .replacingOccurrences(of: "\r\n", with: "\n")
        case "quoted-printable": return quotedPrintable(body)
        default: return body
        }
    }

    private static func quotedPrintable(_ text: String) -> String {
        var decoded: [UInt8] = []
        let bytes = Array(text.replacingOccurrences(of: "=\n", with: "").utf8)
        var index = 0
        while index < bytes.count {
            let digits = bytes[(index + 1)...].prefix(2)
            if bytes[index] == UInt8(ascii: "="),
                let byte = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
            {
                decoded.append(byte)
                index += 3
            } else {
                decoded.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: decoded, as: UTF8.self)
    }

    private static func split(_ entity: String) -> (head: String, body: String) {
        guard let blank = entity.range(of: "\n\n") else { return (entity, "") }
        return (String(entity[..<blank.lowerBound]), String(entity[blank.upperBound...]))
    }

    private static func fields(_ head: String) -> [(name: String, value: String)] {
        head.replacingOccurrences(
            of: "\n[ \t]+", with: " ", options: .regularExpression
        )
        .split(separator: "\n")
        .compactMap { line in
            line.firstIndex(of: ":").map {
                (
                    String(line[..<$0]),
                    line[line.index(after: $0)...].trimmingCharacters(in: .whitespaces)
                )
            }
        }
    }
}
