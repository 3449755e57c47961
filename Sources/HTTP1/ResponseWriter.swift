public import Bytes

/// Writes the head of a response at the end of a queue (RFC 9112 §4, §5).
///
/// No value can end its line: control characters in those that are not literals become blanks
/// (RFC 9110 §5.5), so that nobody's data can begin a field or a response of its own.
public struct ResponseWriter {
    /// Writes the status line, with the phrase of RFC 9110 where the status has one.
    public static func statusLine(_ status: Int, to output: inout ByteQueue) {
        if status == 200 { return output.append("HTTP/1.1 200 OK\r\n") }
        output.append("HTTP/1.1 ")
        output.append(decimal: status)
        output.append(ASCII.space)
        output.append(ReasonPhrase.of(status))
        output.append("\r\n")
    }

    /// Writes a field line with a literal as value.
    public static func field(
        _ name: StaticString, _ value: StaticString, to output: inout ByteQueue
    ) {
        output.append(name)
        output.append(": ")
        output.append(value)
        output.append("\r\n")
    }

    /// Writes a field line with a number as value.
    public static func field(_ name: StaticString, _ value: Int, to output: inout ByteQueue) {
        output.append(name)
        output.append(": ")
        output.append(decimal: value)
        output.append("\r\n")
    }

    /// Writes a field line.
    public static func field(
        _ name: StaticString, _ value: Span<UInt8>, to output: inout ByteQueue
    ) {
        output.append(name)
        output.append(": ")
        appendValue(value, to: &output)
        output.append("\r\n")
    }

    /// Writes a field line.
    public static func field(_ name: StaticString, _ value: [UInt8], to output: inout ByteQueue) {
        field(name, value.span, to: &output)
    }

    /// Writes a field line.
    public static func field(
        _ name: StaticString, _ value: UnsafeRawBufferPointer, to output: inout ByteQueue
    ) {
        field(name, value.bindMemory(to: UInt8.self).span, to: &output)
    }

    /// Refuses `lines`, each `Name: value` ended by a line feed, that may not go into a response;
    /// returns whether there is a `Content-Type` among them.
    public static func checkFieldLines(
        _ lines: UnsafeRawBufferPointer
    ) throws(ResponseError) -> Bool {
        var hasContentType = false
        try ResponseFieldLines.forEach(lines.bindMemory(to: UInt8.self).span) { field in
            hasContentType = hasContentType || field.known == .contentType
        }
        return hasContentType
    }

    /// Writes `lines`, each `Name: value` ended by a line feed. Where one of them is wrong, nothing
    /// is written.
    public static func fieldLines(
        _ lines: UnsafeRawBufferPointer, to output: inout ByteQueue
    ) throws(ResponseError) {
        _ = try checkFieldLines(lines)
        func bytes(_ range: ByteRange) -> UnsafeRawBufferPointer {
            UnsafeRawBufferPointer(rebasing: lines[range.lower..<range.upper])
        }
        try ResponseFieldLines.forEach(lines.bindMemory(to: UInt8.self).span) { field in
            output.append(bytes(field.name))
            output.append(": ")
            output.append(bytes(field.value))
            output.append("\r\n")
        }
    }

    /// Writes the empty line that ends a head.
    public static func endOfFields(to output: inout ByteQueue) {
        output.append("\r\n")
    }

    /// Writes the status line and the fields of the common response. Other fields may follow;
    /// `endOfFields(to:)` ends the head.
    ///
    /// `contentLength` is left out where RFC 9110 §8.6 forbids it (1xx, 204) and where it is `nil`:
    /// for a chunked body, whose `Transfer-Encoding` the caller writes. `Connection` is written
    /// where it says something: `close`, and `keep-alive` to an HTTP/1.0 client, `minorVersion` 0.
    public static func head(
        status: Int, contentType: StaticString?, contentLength: Int?, keepAlive: Bool,
        minorVersion: UInt8, date: Span<UInt8>, requestID: Span<UInt8>, to output: inout ByteQueue
    ) {
        statusLine(status, to: &output)
        field("Date", date, to: &output)
        if let contentType { field("Content-Type", contentType, to: &output) }
        if let contentLength, status >= 200, status != 204 {
            field("Content-Length", contentLength, to: &output)
        }
        if !requestID.isEmpty { field("X-Request-Id", requestID, to: &output) }
        if !keepAlive {
            output.append("Connection: close\r\n")
        } else if minorVersion == 0 {
            output.append("Connection: keep-alive\r\n")
        }
    }

    private static func appendValue(_ value: Span<UInt8>, to output: inout ByteQueue) {
        var position = 0
        while position < value.count, ASCII.isFieldValue(value[position]) { position += 1 }
        if position == value.count { return output.append(value) }
        for position in 0..<value.count {
            let byte = value[position]
            output.append(ASCII.isFieldValue(byte) ? byte : ASCII.space)
        }
    }
}
