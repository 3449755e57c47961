import Bytes
import Foundation

import Forms

/// The JSON text of an urlencoded form.
func json(
    urlEncoded text: String, limits: Limits = Limits()
) throws(FormError) -> String {
    try json(urlEncoded: Array(text.utf8), limits: limits)
}

/// The JSON text of an urlencoded form.
func json(
    urlEncoded bytes: [UInt8], limits: Limits = Limits()
) throws(FormError) -> String {
    var queue = ByteQueue()
    do throws(FormError) {
        try bytes.span.withUnsafeBytes { (raw) throws(FormError) in
            try Form.appendJSON(urlEncoded: raw, limits: limits, to: &queue)
        }
    } catch {
        precondition(queue.isEmpty, "an error left something behind")
        throw error
    }
    return String(decoding: queue.readable, as: UTF8.self)
}

/// The JSON text and the files of a multipart form.
func json(
    multipart body: [UInt8], boundary: String = "B", limits: Limits = Limits()
) throws(FormError) -> (text: String, files: [FilePart]) {
    var queue = ByteQueue()
    var files: [FilePart] = []
    let boundary = Array(boundary.utf8)
    do throws(FormError) {
        files = try body.span.withUnsafeBytes { (raw) throws(FormError) in
            try Form.appendJSON(
                multipart: raw, boundary: boundary.span, limits: limits, to: &queue)
        }
    } catch {
        precondition(queue.isEmpty, "an error left something behind")
        throw error
    }
    return (String(decoding: queue.readable, as: UTF8.self), files)
}

/// What Foundation makes of a JSON text.
func parsed(_ json: String) throws -> NSDictionary? {
    try JSONSerialization.jsonObject(with: Data(json.utf8)) as? NSDictionary
}

/// What a multipart parser made of a body: the parts before its end or its error.
struct Outcome: Equatable, CustomStringConvertible {
    struct Part: Equatable {
        var headers: PartHeaders
        var content: [UInt8]
        var ended = false
    }

    var parts: [Part] = []
    var finished = false
    var error: FormError?

    var description: String {
        let parts = parts.map {
            "\($0.headers) \(String(decoding: $0.content, as: UTF8.self).debugDescription)"
        }
        return "\(parts) finished \(finished) error \(error.map { "\($0)" } ?? "none")"
    }

    /// Reads `body`, cut before each of `cuts`.
    init(of body: [UInt8], cutAt cuts: [Int], boundary: String, limits: Limits = Limits()) {
        var parts: [Part] = []
        var finished = false
        let boundary = Array(boundary.utf8)
        do throws(FormError) {
            var parser = try MultipartParser(boundary: boundary.span, limits: limits)
            var start = 0
            for end in cuts + [body.count] {
                try parser.feed(body.span.extracting(start..<end)) { event in
                    switch event {
                    case .partBegan(let headers): parts.append(Part(headers: headers, content: []))
                    case .partData(let range):
                        precondition(!range.isEmpty, "an empty range was reported")
                        parts[parts.count - 1].content += body[range]
                    case .partEnded: parts[parts.count - 1].ended = true
                    case .finished: finished = true
                    }
                }
                start = end
            }
            try parser.finish()
        } catch {
            self.error = error
            // How much of an unfinished part was reported before the error depends on the cuts.
            if let last = parts.last, !last.ended { parts[parts.count - 1].content = [] }
        }
        self.parts = parts
        self.finished = finished
    }
}
