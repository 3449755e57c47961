internal import CLibpq
internal import Reactor

/// A call on its way through a lane.
struct PendingCall {
    let call: any DatabaseCall
    let deadline: Int64
    var attempts = 0
}

/// One connection in libpq's pipeline mode, driven by the loop: it never waits.
///
/// Every statement has a sync of its own and so is its own transaction; its answer is given on only
/// after the sync came back, which is after the commit.
@safe final class PipelineConnection: EventHandler {
    /// A call that was sent, and what of its answer has arrived.
    @safe private struct Sent {
        var pending: PendingCall
        var isPreparing: Bool
        var name: String
        var result: OpaquePointer?
        var error: PostgresError?
        var cancelledAt: Int64?
    }

    private let loop: EventLoop
    private let settings: ConnectionSettings
    private let canceller: Canceller
    private unowned let lane: Lane
    private var owner: PQConnection?
    private var raw: OpaquePointer?
    private var registration: EventLoop.Registration?
    private var wantsWrite = false
    private var inFlight: ContiguousArray<Sent> = []
    private var prepared: [Int: String] = [:]
    private var preparedCount = 0
    private var parameters = Parameters()
    private var retryAt: Int64 = 0
    private var backoff = PipelineConnection.shortestBackoff
    private var connectingSince: Int64 = 0

    /// Whether statements can be sent.
    private(set) var isReady = false
    /// How often the connection was lost.
    private(set) var losses = 0

    private static let shortestBackoff: Int64 = 50
    private static let longestBackoff: Int64 = 1000
    private static let connectLimit: Int64 = 5000
    /// After a cancel request a backend has this long before its connection is given up.
    private static let cancelGrace: Int64 = 2000
    private static let mostAttempts = 4

    init(
        loop: EventLoop, settings: ConnectionSettings, canceller: Canceller, lane: Lane, depth: Int
    ) {
        self.loop = loop
        self.settings = settings
        self.canceller = canceller
        self.lane = lane
        inFlight.reserveCapacity(depth)
    }

    /// How many statements are under way.
    var load: Int { inFlight.count }

    /// Sends a statement, preparing it first if this connection has not seen it yet.
    func send(_ pending: PendingCall) {
        guard let raw = unsafe raw, isReady else {
            preconditionFailure("sent on a connection that is not ready")
        }
        let statement = pending.call.statement
        var sent = unsafe Sent(pending: pending, isPreparing: false, name: "")
        sent.pending.attempts += 1
        var isSent = true
        let name: String
        if let known = prepared[statement.id] {
            name = known
        } else {
            preparedCount += 1
            name = statement.name + "_" + String(preparedCount)
            isSent = unsafe PQsendPrepare(raw, name, statement.text, 0, nil) == 1
            prepared[statement.id] = name
            sent.isPreparing = true
        }
        sent.name = name
        parameters.removeAll()
        pending.call.bind(&parameters)
        isSent =
            unsafe isSent
            && PQsendQueryPrepared(
                raw, name, Int32(parameters.count), parameters.values, parameters.lengths,
                parameters.formats, 1) == 1
        isSent = unsafe isSent && PQpipelineSync(raw) == 1
        inFlight.append(sent)
        if isSent { flush() } else { lost() }
    }

    /// Connects when it is time to, and enforces the time limits.
    func tick() {
        guard unsafe raw != nil else {
            if loop.now >= retryAt { connect() }
            return
        }
        guard isReady else {
            if loop.now - connectingSince > Self.connectLimit { lost() }
            return
        }
        guard let first = inFlight.first else { return }
        if let cancelledAt = first.cancelledAt {
            if loop.now - cancelledAt > Self.cancelGrace { lost() }
        } else if loop.now > first.pending.deadline, owner != nil {
            unsafe canceller.cancel(raw)
            inFlight[0].cancelledAt = loop.now
        }
    }

    /// Ends the connection; what is under way is not answered any more.
    func close() {
        for sent in inFlight { unsafe PQclear(sent.result) }
        inFlight.removeAll()
        disconnect()
    }

    func ready(_ readiness: Readiness) {
        guard let raw = unsafe raw else { return }
        guard isReady else {
            poll()
            return
        }
        if readiness.contains(.writing) { flush() }
        guard unsafe self.raw == raw else { return }
        let isAlive = unsafe PQconsumeInput(raw) == 1
        // What arrived before the end of the stream still counts.
        takeResults()
        guard unsafe self.raw == raw else { return }
        if unsafe !isAlive || PQstatus(raw) != CONNECTION_OK { lost() } else { lane.pump() }
    }

    private func connect() {
        guard let connection = PQConnection(starting: settings) else {
            scheduleRetry()
            return
        }
        unsafe raw = unsafe connection.raw
        owner = consume connection
        connectingSince = loop.now
        guard let raw = unsafe raw, unsafe PQstatus(raw) != CONNECTION_BAD else {
            lost()
            return
        }
        watch(.writing)
    }

    private func poll() {
        guard let raw = unsafe raw else { return }
        switch unsafe PQconnectPoll(raw) {
        case PGRES_POLLING_READING: watch(.reading)
        case PGRES_POLLING_WRITING: watch(.writing)
        case PGRES_POLLING_OK:
            guard unsafe PQsetnonblocking(raw, 1) == 0, unsafe PQenterPipelineMode(raw) == 1 else {
                lost()
                return
            }
            watch(.reading)
            isReady = true
            wantsWrite = false
            backoff = Self.shortestBackoff
            lane.pump()
        default: lost()
        }
    }

    /// While connecting libpq may change its socket, so each step registers anew.
    private func watch(_ interest: Readiness) {
        if let registration { loop.unregister(registration) }
        registration = nil
        guard let raw = unsafe raw else { return }
        do { registration = unsafe try loop.register(PQsocket(raw), for: interest, self) } catch {
            lost()
        }
    }

    private func flush() {
        guard let raw = unsafe raw, let registration else { return }
        let outcome = unsafe PQflush(raw)
        guard outcome >= 0 else {
            // The server may have said why before it closed: reading finds out.
            loop.watch(registration, for: .reading)
            return
        }
        let mustWait = outcome == 1
        guard mustWait != wantsWrite else { return }
        wantsWrite = mustWait
        loop.watch(registration, for: mustWait ? [.reading, .writing] : .reading)
    }

    private func takeResults() {
        var nulls = 0
        while let raw = unsafe raw, !inFlight.isEmpty, unsafe PQisBusy(raw) == 0 {
            guard let result = unsafe PQgetResult(raw) else {
                // NULL ends the results of one command; two in a row mean there is nothing more.
                nulls += 1
                if nulls > 1 { return }
                continue
            }
            nulls = 0
            switch unsafe PQresultStatus(result) {
            case PGRES_TUPLES_OK:
                unsafe PQclear(inFlight[0].result)
                unsafe inFlight[0].result = unsafe result
            case PGRES_PIPELINE_SYNC:
                unsafe PQclear(result)
                complete(inFlight.removeFirst())
            case PGRES_FATAL_ERROR:
                if inFlight[0].error == nil { inFlight[0].error = unsafe PQResult(result).error }
            default: unsafe PQclear(result)
            }
        }
    }

    private func complete(_ sent: Sent) {
        defer { unsafe PQclear(sent.result) }
        guard let error = sent.error else {
            if let result = unsafe sent.result {
                unsafe sent.pending.call.succeeded(ResultRow(result))
            } else {
                sent.pending.call.failed(.unavailable)
            }
            return
        }
        fail(sent, error)
    }

    private func fail(_ sent: Sent, _ error: PostgresError) {
        let call = sent.pending.call
        if sent.isPreparing { forget(sent) }
        let canRepeat = sent.pending.attempts < Self.mostAttempts
        switch error.sqlstate {
        // Serialization failure, deadlock: rolled back, and better luck next time.
        case "40001"?, "40P01"?: if canRepeat { return lane.repeatCall(sent.pending) }
        // A plan that outlived its result type, a prepared statement that is gone, or a function or
        // type that a migrator has just built anew: the statement is prepared afresh, once.
        case "0A000"?, "26000"?, "XX000"?, "42883"?, "42P01"?, "42704"?, "3F000"?:
            forget(sent)
            if sent.pending.attempts < 2 { return lane.repeatCall(sent.pending) }
        case "57014"?:
            // A cancel request that came too late for the statement it was meant for.
            if loop.now <= sent.pending.deadline, canRepeat {
                return lane.repeatCall(sent.pending)
            }
            return call.failed(.timedOut)
        case let state? where state.hasPrefix("57P") || state.hasPrefix("08"):
            return interrupted(sent.pending)
        case nil: return interrupted(sent.pending)
        default: break
        }
        call.failed(.refused(error))
    }

    /// Has the statement prepared anew, unless that has happened since.
    private func forget(_ sent: Sent) {
        let id = sent.pending.call.statement.id
        if prepared[id] == sent.name { prepared[id] = nil }
    }

    private func interrupted(_ pending: PendingCall) {
        if pending.call.isRepeatable, pending.attempts < Self.mostAttempts {
            lane.repeatCall(pending)
        } else {
            pending.call.failed(.unavailable)
        }
    }

    private func lost() {
        losses += 1
        if let raw = unsafe raw, loop.now - lastReport > Self.reportInterval {
            lastReport = loop.now
            unsafe Log.warning(
                "database connection lost",
                ["reason": PQerrorMessage(raw).map { unsafe oneLine(String(cString: $0)) } ?? ""])
        }
        let calls = inFlight
        inFlight.removeAll(keepingCapacity: true)
        disconnect()
        scheduleRetry()
        for sent in calls {
            unsafe PQclear(sent.result)
            if sent.cancelledAt != nil {
                sent.pending.call.failed(.timedOut)
            } else if let error = sent.error {
                fail(sent, error)
            } else {
                interrupted(sent.pending)
            }
        }
        lane.pump()
    }

    private var lastReport: Int64 = -PipelineConnection.reportInterval
    private static let reportInterval: Int64 = 1000

    private func disconnect() {
        if let registration { loop.unregister(registration) }
        registration = nil
        isReady = false
        unsafe raw = nil
        owner = nil
        prepared.removeAll()
    }

    private func scheduleRetry() {
        retryAt = loop.now + backoff
        backoff = min(backoff * 2, Self.longestBackoff)
    }
}
