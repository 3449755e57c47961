internal import Bytes
internal import Glibc
internal import HTTP1
internal import Postgres
internal import Reactor

/// One event loop with its listener, its clients and its connections to the database: it shares
/// nothing with the other loops but numbers for the operator.
final class Worker {
    /// What other threads tell a loop.
    enum Message: Sendable {
        case table(RouteTable)
        case maintenance(Bool)
        case stop
    }

    let index: Int
    let loop: EventLoop
    let settings: GatewaySettings
    let pool: Pool
    private(set) var table: RouteTable
    private(set) var isMaintenance: Bool
    private let state: GatewayState
    private let catalogue: Catalogue
    private let logWriter: LogWriter
    private let listener: Descriptor
    private var listening: EventLoop.Registration?
    private var clients: [ClientConnection?] = []
    private var freeSlots: [Int] = []
    private var listensAgain = false
    private var stopsAt: Int64?

    /// Clients with something to write at the end of the turn.
    var dirty: ContiguousArray<ClientConnection> = []
    private var flushing: ContiguousArray<ClientConnection> = []
    /// Sessions that were used since they were last written.
    var sessionsSeen: Set<Int64> = []
    /// The value of `Date`.
    private(set) var date: [UInt8] = []
    /// The head of a successful JSON answer, up to the value of `Content-Length`.
    private(set) var commonHead: [UInt8] = []
    private var dateSecond: Int64 = 0
    private var nextSeen: Int64 = 0
    private var requestCount: UInt64 = 0
    private let requestPrefix: [UInt8]
    var counters = Counters()
    var accessLog: AccessLog
    // Scratch memory, free between calls.
    var pathValues: [ByteRange] = []
    var scratch = ByteQueue()
    let readBuffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 64)

    private static let seenInterval: Int64 = 5000

    init(
        index: Int, settings: GatewaySettings, listener raw: Int32, table: RouteTable,
        state: GatewayState, catalogue: Catalogue, logWriter: LogWriter, canceller: Canceller
    ) throws(SystemError) {
        self.index = index
        self.settings = settings
        self.table = table
        self.state = state
        self.catalogue = catalogue
        self.logWriter = logWriter
        isMaintenance = state.currentHealth.isMaintenance
        listener = Descriptor(owning: raw)
        loop = try EventLoop()
        pool = Pool(
            loop: loop, settings: settings.database, sizes: settings.pool, canceller: canceller)
        accessLog = AccessLog(writer: logWriter)
        requestPrefix = Array(String(UInt64.random(in: 0...UInt64.max), radix: 16).utf8.prefix(8))
        loop.onTick = { [unowned self] in tick() }
        loop.onTurnEnd = { [unowned self] in endTurn() }
        refreshDate()
    }

    deinit { readBuffer.deallocate() }

    /// Serves until it was told to stop and all requests under way have ended.
    func run(_ mailbox: Mailbox<Message>) {
        do throws(SystemError) {
            try mailbox.open(on: loop) { [unowned self] message in receive(message) }
            listening = try loop.register(listener.raw, for: .reading, Acceptor(self))
        } catch {
            Log.error("a loop could not start", ["reason": error.description])
            return
        }
        pool.tick()
        loop.run()
        accessLog.flush()
        pool.close()
    }

    // MARK: Clients

    private final class Acceptor: EventHandler {
        private unowned let worker: Worker

        init(_ worker: Worker) { self.worker = worker }

        func ready(_ readiness: Readiness) { worker.acceptAll() }
    }

    /// Accepts who waits, at most so many that those who are connected are not held up.
    ///
    /// - Returns: whether there may be more.
    @discardableResult
    private func acceptAll() -> Bool {
        do throws(SystemError) {
            for _ in 0..<64 {
                guard let accepted = try Socket.accept(from: listener.raw) else { return false }
                let slot = freeSlots.popLast() ?? clients.count
                if slot == clients.count { clients.append(nil) }
                let client = ClientConnection(
                    owning: accepted.raw, address: accepted.address, slot: slot, worker: self)
                clients[slot] = client
                counters.acceptedConnections += 1
                counters.openConnections += 1
                do throws(SystemError) { try client.open() } catch { client.close() }
            }
            return true
        } catch {
            // Out of descriptors: those who wait are accepted when others have gone, and asking
            // again before the next tick would only be told the same.
            Log.warning("a connection could not be accepted", ["reason": error.description])
            if let listening { loop.watch(listening, for: []) }
            listensAgain = true
            return false
        }
    }

    func closed(_ client: ClientConnection) {
        guard clients[client.slot] === client else { return }
        clients[client.slot] = nil
        freeSlots.append(client.slot)
        counters.openConnections -= 1
    }

    /// The client's own id if it is one, else a new one.
    func assignRequestID(_ given: UnsafeRawBufferPointer?, to id: inout [UInt8]) {
        id.removeAll(keepingCapacity: true)
        if let given, (1...64).contains(given.count), given.allSatisfy(Self.isIDCharacter) {
            id.append(contentsOf: given)
            return
        }
        requestCount += 1
        id.append(contentsOf: requestPrefix)
        id.append(UInt8(ascii: "-"))
        let digits: StaticString = "0123456789abcdef"
        for shift in stride(from: UInt64(36), through: 0, by: -4) {
            id.append(digits.utf8Start[Int(requestCount >> shift & 15)])
        }
    }

    private static func isIDCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "_"),
            UInt8(ascii: "."), UInt8(ascii: ":"):
            true
        default: false
        }
    }

    /// The server's own answers, for those who operate it; nil for every other path.
    func operatorAnswer(_ path: UnsafeRawBufferPointer) -> OperatorAnswer? {
        guard let page = OperatorAnswer.Page(path: path) else { return nil }
        publish()
        return OperatorAnswer(
            page, state: state, catalogue: catalogue, settings: settings, now: loop.now,
            droppedLogBytes: logWriter.droppedBytes)
    }

    // MARK: Turns and ticks

    private func endTurn() {
        // A client whose answer made room may have further requests waiting, and so be dirty anew.
        while !dirty.isEmpty {
            swap(&dirty, &flushing)
            for client in flushing { client.flush() }
            flushing.removeAll(keepingCapacity: true)
        }
    }

    private func tick() {
        refreshDate()
        pool.tick()
        for client in clients { client?.checkDeadline() }
        if loop.now >= nextSeen {
            nextSeen = loop.now + Self.seenInterval
            writeSessionsSeen()
        }
        if listensAgain, let listening {
            listensAgain = false
            loop.watch(listening, for: .reading)
        }
        accessLog.flush()
        publish()
        guard let stopsAt else { return }
        for client in clients { client?.stopAccepting() }
        if counters.openConnections == 0 || loop.now > stopsAt { finish() }
    }

    private func refreshDate() {
        let now = WallClock.milliseconds()
        guard now / 1000 != dateSecond else { return }
        dateSecond = now / 1000
        date = Array(WallClock.httpDate(milliseconds: now).utf8)
        scratch.removeAll()
        ResponseWriter.statusLine(200, to: &scratch)
        ResponseWriter.field("Date", date, to: &scratch)
        ResponseWriter.field("Content-Type", ClientConnection.json, to: &scratch)
        scratch.append("Content-Length: ")
        commonHead = Array(scratch.readable)
    }

    private func publish() {
        counters.pool = pool.statistics
        state.publish(counters, isConnected: pool.isConnected, loop: index)
    }

    private func writeSessionsSeen() {
        guard !sessionsSeen.isEmpty, pool.isConnected else { return }
        pool.submit(SessionsSeen(Array(sessionsSeen), statement: table.seenStatement))
        sessionsSeen.removeAll(keepingCapacity: true)
    }

    // MARK: Messages

    private func receive(_ message: Message) {
        switch message {
        case .table(let table): self.table = table
        case .maintenance(let isOn): isMaintenance = isOn
        case .stop: stop()
        }
    }

    private func stop() {
        guard stopsAt == nil else { return }
        stopsAt = loop.now + settings.shutdownTimeout
        while acceptAll() {}
        // Who comes from now on is refused at once, and not left waiting until the process ends.
        Socket.endListening(listener.raw)
        if let listening { loop.unregister(listening) }
        listening = nil
        writeSessionsSeen()
        for client in clients { client?.stopAccepting() }
    }

    private func finish() {
        for client in clients { client?.close() }
        loop.stop()
    }
}
