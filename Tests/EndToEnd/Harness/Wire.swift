import Foundation
import Glibc

/// One TCP connection to the server over which a test sends any bytes it likes.
final class Wire {
    /// What went wrong on the connection.
    enum Failure: Error, Equatable {
        /// Nobody listens, or the system refused.
        case connect(Int32)
        /// The server closed before the answer was complete; the bytes that came.
        case closed(String)
        /// The answer did not come in time; the bytes that came.
        case timeOut(String)
        /// What came is not HTTP.
        case notHTTP(String)
    }

    private let descriptor: Int32
    private var received: [UInt8] = []
    private let timeOut: Double

    /// Connects to a port of the loopback interface; each wait is at most `timeOut` seconds.
    init(port: Int, timeOut: Double = 15) throws {
        self.timeOut = timeOut
        descriptor = socket(
            AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        // The descriptor is closed by deinit, also when this throws.
        guard result == 0 else { throw Failure.connect(errno) }
        var yes: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &yes, socklen_t(4))
    }

    deinit { close(descriptor) }

    /// Leaves without a word: the server's next read or write fails.
    func reset() {
        var abrupt = linger(l_onoff: 1, l_linger: 0)
        setsockopt(
            descriptor, SOL_SOCKET, SO_LINGER, &abrupt, socklen_t(MemoryLayout<linger>.size))
        // Closing is what sends the reset, but the number stays ours until deinit.
        dup2(open("/dev/null", O_RDONLY | O_CLOEXEC), descriptor)
    }

    /// Sends text as UTF-8.
    func send(_ text: String) throws { try send(Array(text.utf8)) }

    /// Sends bytes; a server that no longer reads is an error.
    func send(_ bytes: [UInt8]) throws {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes { all in
                let rest = UnsafeRawBufferPointer(rebasing: all[sent...])
                return Glibc.send(descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failure.closed(text(received)) }
            sent += count
        }
    }

    /// Tells the server that nothing more will be sent.
    func endSending() { shutdown(descriptor, Int32(SHUT_WR)) }

    /// Reads one answer; `method` decides whether it can have a body.
    func answer(to method: String = "GET") throws -> Answer {
        let head = try readHead()
        guard let lines = head, let statusLine = lines.first else {
            throw Failure.notHTTP(text(received))
        }
        let words = statusLine.split(separator: " ", maxSplits: 2)
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else {
            throw Failure.notHTTP(statusLine)
        }
        var fields: [(name: String, value: String)] = []
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":") else { throw Failure.notHTTP(line) }
            let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            fields.append((String(line[..<colon]), value))
        }
        func field(_ name: String) -> String? {
            fields.first { $0.name.lowercased() == name }?.value
        }
        var body: [UInt8] = []
        if method == "HEAD" || status < 200 || status == 204 || status == 304 {
            // RFC 9112 §6.3: no body, whatever the field lines say.
        } else if field("transfer-encoding")?.lowercased() == "chunked" {
            body = try readChunks()
        } else if let length = field("content-length").flatMap(Int.init) {
            body = try take(length)
        } else {
            body = try readToEnd()
        }
        let answer = Answer(
            version: String(words[0]), status: status, fields: fields, body: body)
        Transcript.answer(answer)
        return answer
    }

    /// Reads until the server closes.
    func readToEnd() throws -> [UInt8] {
        while try fill() {}
        defer { received = [] }
        return received
    }

    /// Whether the server closes the connection in time; what it sends before is dropped.
    func isClosed(within seconds: Double) -> Bool {
        let deadline = Date(timeIntervalSinceNow: seconds)
        while Date() < deadline {
            do {
                if try !fill(until: deadline) { return true }
            } catch {
                return false
            }
        }
        return false
    }

    private func readHead() throws -> [String]? {
        let end = Array("\r\n\r\n".utf8)
        while true {
            if let position = received.firstRange(of: end) {
                let head = text(Array(received[..<position.lowerBound]))
                received.removeFirst(position.upperBound)
                return head.components(separatedBy: "\r\n")
            }
            guard try fill() else { throw Failure.closed(text(received)) }
        }
    }

    private func readChunks() throws -> [UInt8] {
        var body: [UInt8] = []
        while true {
            guard let size = Int(try readLine(), radix: 16) else {
                throw Failure.notHTTP(text(received))
            }
            if size == 0 {
                while try readLine() != "" {}
                return body
            }
            body += try take(size)
            _ = try readLine()
        }
    }

    private func readLine() throws -> String {
        while true {
            if let position = received.firstRange(of: Array("\r\n".utf8)) {
                let line = text(Array(received[..<position.lowerBound]))
                received.removeFirst(position.upperBound)
                return line
            }
            guard try fill() else { throw Failure.closed(text(received)) }
        }
    }

    private func take(_ count: Int) throws -> [UInt8] {
        while received.count < count {
            guard try fill() else { throw Failure.closed(text(received)) }
        }
        defer { received.removeFirst(count) }
        return Array(received[..<count])
    }

    /// Reads what is there; false at the end of the stream (a reset counts as one).
    private func fill(until deadline: Date? = nil) throws -> Bool {
        let wait = deadline?.timeIntervalSinceNow ?? timeOut
        var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&waiting, 1, Int32(max(0, wait) * 1000)) > 0 else {
            throw Failure.timeOut(text(received))
        }
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        guard count > 0 else { return false }
        received += buffer[..<count]
        return true
    }

    private func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
