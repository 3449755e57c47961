internal import Bytes
internal import HTTP1
internal import Postgres
internal import Reactor

/// One client's connection: reads requests, has the database answer them, writes the answers.
///
/// One request is under way at a time; what a client sends ahead waits in the codec's buffer. While
/// the database works, the request's bytes stay where they are: they are the statement's parameters.
final class ClientConnection: EventHandler, DatabaseCall {
    /// What the connection waits for.
    enum Stage {
        case requests, database, lingering, closed
    }

    let slot: Int
    /// Owns this connection's loop and outlives it: it is gone only after its loop has ended.
    unowned(unsafe) let worker: Worker
    private let descriptor: Descriptor
    /// The peer, where it is a proxy whose word counts.
    private let proxy: IPAddress?
    /// Where the request under way comes from.
    private(set) var address: [UInt8]
    private var registration: EventLoop.Registration?
    private var interest: Readiness = .reading
    var http: ServerConnection
    var output = ByteQueue()
    var stage = Stage.requests
    var closesAfterOutput = false
    private var inputHasEnded = false
    private var isDirty = false
    private var lingerEnd: Int64 = 0
    var holdsMemory = false
    /// Milliseconds of the loop's clock after which the connection has waited too long.
    private var deadline: Int64
    var timedPhase = ServerConnection.Phase.idle

    // The request under way.
    var statement: Statement
    var isRepeatable = false
    var isSubmitting = false
    var isWanted: Bool { stage == .database }
    var request = Request()

    /// The parts of a request that are not simply a range of its head.
    struct Request: ~Copyable {
        var route: Route?
        var id: [UInt8] = []
        var startedAt: Int64 = 0
        /// What the client likes best of the route's media types.
        var mediaType: [UInt8] = []
        /// Whether other values of Accept could have had another answer.
        var variesByAccept = false
        var isKeyed = false
        var hasConvertedBody = false
        var bodyJSON = ByteQueue()
        var hasQuery = false
        var queryJSON = ByteQueue()
        var hasPathValues = false
        var pathValues = ByteQueue()
    }

    private static let inputCapacity = 64 << 10
    private static let outputCapacity = 1 << 20
    private static let idleMemoryTime: Int64 = 1000
    private static let lingerTime: Int64 = 1000
    private static let longestLinger: Int64 = 10_000
    private static let writeTimeout: Int64 = 30_000

    init(owning raw: Int32, address: String, slot: Int, worker: Worker) {
        descriptor = Descriptor(owning: raw)
        let peer = IPAddress(address)
        self.address = peer?.text ?? Array(address.utf8)
        proxy = peer.flatMap { worker.settings.proxies.contains($0) ? $0 : nil }
        self.slot = slot
        self.worker = worker
        http = ServerConnection(limits: worker.settings.limits)
        statement = worker.table.seenStatement
        deadline = worker.loop.now + worker.settings.idleTimeout
    }

    func open() throws(SystemError) {
        registration = try worker.loop.register(descriptor.raw, for: .reading, self)
    }

    // MARK: Input

    func ready(_ readiness: Readiness) {
        if readiness.contains(.writing) { flush() }
        guard stage != .closed else { return }
        if readiness.contains(.failed), inputHasEnded { return close() }
        if !readiness.isDisjoint(with: [.reading, .failed]) { read() }
    }

    private func read() {
        guard stage != .lingering else {
            discard()
            return
        }
        // By way of the loop's buffer, so that a connection owns no more than what has arrived.
        switch Socket.read(descriptor.raw, into: worker.readBuffer) {
        case .moved(let count):
            http.input.append(UnsafeRawBufferPointer(rebasing: worker.readBuffer[..<count]))
        case .wouldBlock: return
        case .ended:
            inputHasEnded = true
            http.inputEnded()
        case .failed:
            close()
            return
        }
        if stage == .requests { process() }
        updateInterest()
    }

    /// After a last answer the client is still read, so that it does not lose the answer to a reset.
    private func discard() {
        switch Socket.read(descriptor.raw, into: worker.readBuffer) {
        case .moved:
            // Still sending what was refused: the answer has to outlive that, within reason.
            deadline = min(worker.loop.now + Self.lingerTime, lingerEnd)
        case .wouldBlock: return
        case .ended, .failed: close()
        }
    }

    func process() {
        while stage == .requests, !closesAfterOutput, output.count < Self.outputCapacity {
            switch http.next() {
            case .needMoreBytes:
                updateDeadline()
                return
            case .head: beginRequest()
            case .sendContinue:
                output.append(ServerConnection.continueResponse)
                markDirty()
            case .request: dispatch()
            case .refuse(let error):
                beginRequest()
                refuse(Refusals.Kind(error), status: error.status)
            case .closed:
                if output.isEmpty { close() } else { closesAfterOutput = true }
                return
            }
        }
    }

    /// Each request that comes by way of a proxy may be somebody else's.
    func readAddress(_ head: RequestHead) {
        guard let proxy else { return }
        // Of a head that is not complete, what the proxy added may be what is missing.
        let caller =
            head.length > 0
            ? worker.settings.proxies.caller(head, in: http.headBytes, from: proxy) : proxy
        address = caller.text
    }

    // MARK: Output

    func markDirty() {
        guard !isDirty else { return }
        isDirty = true
        worker.dirty.append(self)
    }

    /// Writes what there is; called once at the end of a turn, and when the client takes more.
    func flush() {
        isDirty = false
        guard stage != .closed else { return }
        while !output.isEmpty {
            switch Socket.write(descriptor.raw, output.readable) {
            case .moved(let count): output.consume(count)
            case .wouldBlock:
                deadline = worker.loop.now + Self.writeTimeout
                updateInterest()
                return
            case .ended, .failed:
                close()
                return
            }
        }
        if closesAfterOutput {
            linger()
            return
        }
        if stage == .requests { process() }
        guard stage != .closed else { return }
        updateInterest()
        // The buffers go back at once, so that the next connection to be served has the same ones.
        output.release()
        if stage == .requests { http.input.release() }
    }

    private func linger() {
        guard stage != .lingering else { return }
        if inputHasEnded {
            close()
            return
        }
        stage = .lingering
        Socket.endSending(descriptor.raw)
        deadline = worker.loop.now + Self.lingerTime
        lingerEnd = worker.loop.now + Self.longestLinger
        updateInterest()
    }

    /// What a connection in use would need again with its next request goes back after a while.
    private func releaseMemory() {
        holdsMemory = false
        request.bodyJSON.removeAll()
        request.bodyJSON.release()
        request.queryJSON.removeAll()
        request.queryJSON.release()
        request.pathValues.removeAll()
        request.pathValues.release()
        http.releaseIdleMemory()
    }

    func updateInterest() {
        guard stage != .closed, let registration else { return }
        var wanted: Readiness = []
        let hasRoom =
            stage == .lingering || http.input.count < Self.inputCapacity
            || (stage == .requests && http.phase == .body)
        if !inputHasEnded, hasRoom { wanted.insert(.reading) }
        if !output.isEmpty, !isDirty { wanted.insert(.writing) }
        guard wanted != interest else { return }
        interest = wanted
        worker.loop.watch(registration, for: wanted)
    }

    // MARK: Time and end

    func updateDeadline() {
        let phase = http.phase
        guard phase != timedPhase || phase == .idle else { return }
        timedPhase = phase
        let settings = worker.settings
        switch phase {
        case .idle: deadline = worker.loop.now + settings.idleTimeout
        case .head: deadline = worker.loop.now + settings.headTimeout
        case .body: deadline = worker.loop.now + settings.bodyTimeout
        case .responding, .closed: deadline = .max
        }
    }

    /// Called about every 100 ms.
    func checkDeadline() {
        if holdsMemory, stage == .requests, http.phase == .idle, output.isEmpty,
            deadline - worker.loop.now < worker.settings.idleTimeout - Self.idleMemoryTime
        {
            releaseMemory()
        }
        guard stage != .database, worker.loop.now > deadline else { return }
        guard stage == .requests, output.isEmpty, !closesAfterOutput,
            http.phase == .head || http.phase == .body
        else {
            close()
            return
        }
        if http.phase == .head { beginRequest() }
        http.refuseKeepAlive()
        refuse(.requestTimeout)
        closesAfterOutput = true
    }

    /// The server stops: the answer under way is the last one.
    func stopAccepting() {
        http.refuseKeepAlive()
        guard stage == .requests, http.phase == .idle, output.isEmpty else { return }
        // A request may have arrived that nobody has looked at yet.
        read()
        if stage == .requests, http.phase == .idle, output.isEmpty { close() }
    }

    func close() {
        guard stage != .closed else { return }
        stage = .closed
        if let registration { worker.loop.unregister(registration) }
        registration = nil
        worker.closed(self)
    }
}
