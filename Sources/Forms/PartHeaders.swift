internal import Bytes

/// What the header block of a multipart/form-data part says (RFC 7578 §4).
package struct PartHeaders: Equatable, Sendable {
    /// The name of the field, brackets included.
    package let name: String
    /// The name of the file; nil if the part is a plain field.
    package let filename: String?
    /// The media type claimed for the content; nil if none.
    package let contentType: String?

    /// A header block as it is read, line by line.
    struct Reader {
        private var disposition: HeaderValue?
        private var contentType: String?

        /// Takes one line, without its CRLF.
        ///
        /// Fields other than the three that matter are skipped (RFC 7578 §4.8), but must be fields.
        mutating func read(_ bytes: [UInt8]) throws(FormError) {
            let line = bytes.span
            var colon = 0
            while colon < line.count, ASCII.isToken(line[colon]) {
                colon += 1
            }
            guard colon > 0, colon < line.count, line[colon] == UInt8(ascii: ":") else {
                throw .malformed(.header)
            }
            for index in colon..<line.count where !ASCII.isFieldValue(line[index]) {
                throw .malformed(.header)
            }
            let name = try String(utf8: line.extracting(..<colon)).lowercased()
            let value = Self.trimmed(line.extracting((colon + 1)...))
            let content = line.extracting((colon + 1)...).extracting(value)
            switch name {
            case "content-disposition":
                guard disposition == nil else { throw .malformed(.header) }
                disposition = try HeaderValue(content)
            case "content-type":
                guard contentType == nil, !content.isEmpty else { throw .malformed(.header) }
                contentType = try String(utf8: content)
            case "content-transfer-encoding":
                // An encoded content would be stored as it stands, which nobody wants.
                let encoding = try String(utf8: content).lowercased()
                guard encoding == "binary" || encoding == "8bit" || encoding == "7bit" else {
                    throw .malformed(.header)
                }
            default: break
            }
        }

        /// What the block says, at its end.
        func finish() throws(FormError) -> PartHeaders {
            guard let disposition, disposition.value == "form-data" else {
                throw .malformed(.header)
            }
            guard let name = disposition["name"] else { throw .malformed(.name) }
            var filename = disposition["filename"]
            if filename == nil, let extended = disposition["filename*"] {
                filename = try Self.decoded(extended)
            }
            return PartHeaders(name: name, filename: filename, contentType: contentType)
        }

        /// The text of an extended value, `UTF-8'en'%e2%82%ac` (RFC 8187 §3.2). RFC 7578 forbids it,
        /// senders send it, so it counts where there is no plain `filename`.
        private static func decoded(_ extended: String) throws(FormError) -> String {
            let fields = extended.split(
                separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3, fields[0].lowercased() == "utf-8" else {
                throw .malformed(.header)
            }
            var text = ByteQueue()
            let encoded = String(fields[2])
            guard text.append(percentDecoded: encoded.utf8.span, plusIsSpace: false) else {
                throw .malformed(.escape)
            }
            return try text.withSpan { (bytes) throws(FormError) in try String(utf8: bytes) }
        }

        private static func trimmed(_ bytes: Span<UInt8>) -> Range<Int> {
            var range = 0..<bytes.count
            while let first = range.first, ASCII.isBlank(bytes[first]) {
                range = (first + 1)..<range.upperBound
            }
            while let last = range.last, ASCII.isBlank(bytes[last]) {
                range = range.lowerBound..<last
            }
            return range
        }
    }
}
