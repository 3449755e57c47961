public import Bytes

/// One connection as the server sees it: received bytes in, what to do next out.
///
/// The owner writes what it receives into `input`, and calls `next()` until that asks for more
/// bytes or gives a request. Requests come one at a time, in their order, the next one only after
/// `finishResponse()`; what was sent ahead waits in `input`. How much waits there is bounded by how
/// much the owner reads: it should not read while a response is under way.
public struct ServerConnection: ~Copyable {
    /// What the owner has to do.
    public enum Action: Equatable, Sendable {
        /// Nothing, until more input arrives.
        case needMoreBytes
        /// The head is complete: `head` may be looked at and `bodyLimit` set; then `next()`.
        case head
        /// Send `ServerConnection.continueResponse`, then `next()`.
        case sendContinue
        /// Head and body are complete: answer, then `finishResponse()`.
        case request
        /// Answer with the error's status and close.
        case refuse(RequestError)
        /// Close: the peer has ended and nothing is under way.
        case closed
    }

    /// Where the connection stands; each phase has its own time limit.
    public enum Phase: Sendable, Equatable {
        /// Nothing of a request has arrived.
        case idle
        /// A head has begun to arrive.
        case head
        /// The head is complete, the body is not.
        case body
        /// The request is complete, its answer is not.
        case responding
        /// Nothing more will be read.
        case closed
    }

    /// What `sendContinue` asks to be sent (RFC 9110 §15.2.1).
    public static let continueResponse: StaticString = "HTTP/1.1 100 Continue\r\n\r\n"

    /// The bytes received and not yet done with; it begins with the head of the current request.
    public var input = ByteQueue()

    /// Bytes that the body of the current request may have; set anew for each request, to the
    /// connection's `Limits.bodyBytes`, when `next()` returns `head`.
    public var bodyLimit: Int

    private enum State {
        case head, headRead, counted(Int), chunked, responding, closed
    }

    private let limits: Limits
    private var state = State.head
    private var parser: RequestParser
    private var decoder: BodyDecoder
    private var chunkedBody = ByteQueue()
    private var ended = false
    private var isClosing = false

    /// Creates a connection on which nothing has arrived yet.
    public init(limits: Limits) {
        self.limits = limits
        bodyLimit = limits.bodyBytes
        parser = RequestParser(limits: limits)
        decoder = BodyDecoder(framing: .none, limit: 0, limits: limits)
    }

    /// The head of the current request. Complete from `head` until `finishResponse()`; of a refused
    /// request as far as it was read.
    public var head: RequestHead { parser.head }

    /// The bytes that the ranges of `head` are offsets into; valid until `input` changes, and from
    /// `head` until `finishResponse()` the same bytes each time.
    public var headBytes: UnsafeRawBufferPointer {
        let received = input.readable
        return parser.head.length > 0
            ? UnsafeRawBufferPointer(rebasing: received[..<parser.head.length]) : received
    }

    /// The decoded body of the current request while it is being answered; valid until `input`
    /// changes.
    public var body: UnsafeRawBufferPointer {
        guard case .responding = state else {
            return UnsafeRawBufferPointer(start: nil, count: 0)
        }
        switch parser.head.framing {
        case .none: return UnsafeRawBufferPointer(start: nil, count: 0)
        case .chunked: return chunkedBody.readable
        case .length(let count):
            let start = parser.head.length
            return UnsafeRawBufferPointer(rebasing: input.readable[start..<start + count])
        }
    }

    /// Where the connection stands, as of the last call of `next()`.
    public var phase: Phase {
        switch state {
        case .head: parser.hasBegun ? .head : .idle
        case .headRead, .counted, .chunked: .body
        case .responding: .responding
        case .closed: .closed
        }
    }

    /// Whether the answer to the current request leaves the connection open. It does not unless the
    /// request has been read to its end.
    public var keepsAlive: Bool {
        guard case .responding = state else { return false }
        return parser.head.keepAlive && !isClosing
    }

    /// Reads on and returns what to do. O(bytes new since the last call).
    public mutating func next() -> Action {
        do throws(RequestError) {
            switch state {
            case .head: return try readHead()
            case .headRead: return try beginBody()
            case .counted(let count): return try readCounted(count)
            case .chunked: return try readChunks()
            case .responding: return .needMoreBytes
            case .closed: return .closed
            }
        } catch {
            return refuse(error)
        }
    }

    /// Says that the peer has closed its sending side; `next()` tells what follows from it.
    public mutating func inputEnded() {
        ended = true
    }

    /// Says that the answer to the current request was written, and returns whether the connection
    /// stays open. An answer given before the request was read to its end closes it.
    public mutating func finishResponse() -> Bool {
        guard keepsAlive else {
            state = .closed
            return false
        }
        if case .length(let count) = parser.head.framing {
            input.consume(parser.head.length + count)
        } else {
            input.consume(parser.head.length)
        }
        chunkedBody.removeAll()
        chunkedBody.release()
        parser.reset()
        state = .head
        return true
    }

    /// Makes the answer to the current or next request the last one, because the server stops.
    public mutating func refuseKeepAlive() {
        isClosing = true
    }

    /// Gives the memory of all buffers back while the connection waits for a request.
    public mutating func releaseIdleMemory() {
        guard case .head = state, input.isEmpty else { return }
        input.release()
        parser.releaseMemory()
    }

    private mutating func readHead() throws(RequestError) -> Action {
        let received = input.readable.bindMemory(to: UInt8.self)
        if try parser.parseHead(received.span) {
            state = .headRead
            bodyLimit = limits.bodyBytes
            return .head
        }
        if ended, !parser.hasBegun {
            state = .closed
            return .closed
        }
        return try waitForMore()
    }

    private mutating func beginBody() throws(RequestError) -> Action {
        switch parser.head.framing {
        case .none:
            state = .responding
            return .request
        case .length(let count):
            guard count <= bodyLimit else { throw .bodyTooLarge }
            state = .counted(count)
        case .chunked:
            decoder = BodyDecoder(framing: .chunked, limit: bodyLimit, limits: limits)
            state = .chunked
        }
        // Whoever has begun to send the body does not wait for leave any more (RFC 9110 §10.1.1).
        if parser.head.expectsContinue, input.count == parser.head.length, !ended {
            return .sendContinue
        }
        return next()
    }

    private mutating func readCounted(_ count: Int) throws(RequestError) -> Action {
        // Not by adding: the count is the peer's, and may be near the largest number.
        guard input.count - parser.head.length >= count else { return try waitForMore() }
        state = .responding
        return .request
    }

    /// Moves the bodies of the chunks that have arrived out of `input`, so that their framing does
    /// not pile up there.
    private mutating func readChunks() throws(RequestError) -> Action {
        let start = parser.head.length
        let received = input.readable.bindMemory(to: UInt8.self)
        var consumed = 0
        var progress: BodyDecoder.Progress
        repeat {
            let rest = UnsafeBufferPointer(rebasing: received[(start + consumed)...])
            progress = try decoder.decode(rest.span)
            let payload = rest[progress.payload.lower..<progress.payload.upper]
            chunkedBody.append(UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: payload)))
            consumed += progress.consumed
        } while progress.consumed > 0 && !progress.isComplete
        input.remove(at: start, count: consumed)
        guard progress.isComplete else { return try waitForMore() }
        state = .responding
        return .request
    }

    private func waitForMore() throws(RequestError) -> Action {
        if ended { throw .incompleteMessage }
        return .needMoreBytes
    }

    private mutating func refuse(_ error: RequestError) -> Action {
        state = .closed
        return .refuse(error)
    }
}
