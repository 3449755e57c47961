internal import Bytes
internal import HTTP1
internal import Reactor

/// One loop's lines of the access log: a JSON object a request, handed over once a tick.
struct AccessLog: ~Copyable {
    private var lines = ByteQueue()
    private var timestamp: [UInt8] = []
    private var timestampSecond: Int64 = -1
    private let writer: LogWriter

    init(writer: LogWriter) { self.writer = writer }

    /// Appends a line. Query and body are left out: they may carry secrets.
    mutating func append(
        requestID: [UInt8], method: StaticString, path: UnsafeRawBufferPointer, route: String?,
        status: Int, outcome: Int, bytes: Int, microseconds: Int64, address: [UInt8]
    ) {
        stamp()
        lines.append(requestID)
        lines.append("\",\"method\":\"")
        lines.append(method)
        lines.append("\",\"path\":")
        // The codec lets visible ASCII through only.
        path.withSpan { lines.append(jsonString: $0) }
        if let route {
            lines.append(",\"route\":\"")
            lines.append(route)
            lines.append(UInt8(ascii: "\""))
        }
        lines.append(",\"status\":")
        lines.append(decimal: status)
        if outcome != status {
            lines.append(",\"outcome\":")
            lines.append(decimal: outcome)
        }
        lines.append(",\"bytes\":")
        lines.append(decimal: bytes)
        lines.append(",\"us\":")
        lines.append(decimal: Int(microseconds))
        lines.append(",\"address\":\"")
        lines.append(address)
        lines.append("\"}\n")
        if lines.count > 64 << 10 { flush() }
    }

    /// Hands the lines over to the writer.
    mutating func flush() {
        guard !lines.isEmpty else { return }
        writer.append(lines.readable)
        lines.removeAll()
    }

    /// `{"time":"…","id":"`, the calendar part made once a second.
    private mutating func stamp() {
        let now = WallClock.milliseconds()
        if now / 1000 != timestampSecond {
            timestampSecond = now / 1000
            timestamp = Array(
                ("{\"time\":\"" + WallClock.iso8601(milliseconds: now).dropLast(4)).utf8)
        }
        lines.append(timestamp)
        let milliseconds = Int(now % 1000)
        if milliseconds < 100 { lines.append(UInt8(ascii: "0")) }
        if milliseconds < 10 { lines.append(UInt8(ascii: "0")) }
        lines.append(decimal: milliseconds)
        lines.append("Z\",\"id\":\"")
    }
}
