internal import Bytes
internal import HTTP1
internal import Postgres
internal import Reactor

/// From the database's answer, or the want of one, to the response.
extension ClientConnection {
    func succeeded(_ row: ResultRow) {
        guard stage == .database else {
            logDeparted(outcome: row.exists ? row.integer(1).map { Int($0) } : nil)
            return
        }
        stage = .requests
        guard row.exists, let status = row.integer(0), let outcome = row.integer(1),
            (200...599).contains(status)
        else {
            Log.error("a route answered without a status", ["route": request.route?.name ?? ""])
            refuse(.serverError)
            return finishTurn()
        }
        if let session = row.integer(4) { worker.sessionsSeen.insert(session) }
        let none = UnsafeRawBufferPointer(start: nil, count: 0)
        do throws(ResponseError) {
            try respond(
                status: Int(status), outcome: Int(outcome), fieldLines: row.bytes(2),
                body: row.bytes(3) ?? none)
        } catch {
            Log.error("a route's field lines are wrong", ["route": request.route?.name ?? ""])
            refuse(.serverError)
        }
        finishTurn()
    }

    func failed(_ failure: CallFailure) {
        guard stage == .database else {
            logDeparted(outcome: nil)
            return
        }
        stage = .requests
        switch failure {
        case .busy: refuse(.busy)
        case .unavailable: refuse(.unavailable)
        case .timedOut: refuse(.timeOut)
        case .refused(let error):
            let kind = worker.table.refusals.kind(ofSQLState: error.sqlstate ?? "")
            if kind == .serverError {
                Log.error(
                    "a statement failed",
                    [
                        "id": String(decoding: request.id, as: UTF8.self),
                        "route": request.route?.name ?? "", "sqlstate": error.sqlstate ?? "",
                        "error": error.message,
                    ])
            }
            refuse(kind)
        }
        finishTurn()
    }

    /// Goes on with what the client sent ahead. Where the answer came while the call was being
    /// submitted, `process()` is under way and goes on by itself: it must not call itself for every
    /// request that a client sent ahead.
    func finishTurn() {
        guard stage == .requests, !isSubmitting else { return }
        process()
        guard stage != .closed else { return }
        updateInterest()
    }

    /// What the server as a whole allows.
    static let allMethods = Array("GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS".utf8)

    func answerAsServer(_ path: UnsafeRawBufferPointer, _ method: HTTP1.Method) -> Bool {
        if method == .options, path.elementsEqual([UInt8(ascii: "*")]) {
            answerOptions(allow: Self.allMethods)
            return true
        }
        guard let answer = worker.operatorAnswer(path) else { return false }
        if method == .options {
            answerOptions(allow: Array("GET, HEAD, OPTIONS".utf8))
        } else if method != .get && method != .head {
            refuse(.methodNotAllowed, allow: Array("GET, HEAD, OPTIONS".utf8))
        } else {
            answer.body.withUnsafeBytes { body in
                write(
                    status: answer.status, outcome: answer.status, contentType: answer.contentType,
                    body: body)
            }
        }
        return true
    }

    func answerOptions(allow: [UInt8]) {
        let none = UnsafeRawBufferPointer(start: nil, count: 0)
        write(status: 204, outcome: 204, contentType: nil, body: none) { output in
            ResponseWriter.field("Allow", allow, to: &output)
            ResponseWriter.field("Access-Control-Allow-Methods", allow, to: &output)
            output.append(CrossOrigin.preflight)
        }
    }

    func refuse(_ kind: Refusals.Kind, status: Int? = nil, allow: [UInt8]? = nil) {
        let head = http.head
        let path = http.headBytes.slice(head.path)
        let answer = worker.table.refusals.answer(kind, path: path)
        answer.body.withUnsafeBytes { body in
            write(
                status: answer.status, outcome: answer.outcome, contentType: Self.json, body: body
            ) { output in
                if let allow { ResponseWriter.field("Allow", allow, to: &output) }
                answer.headers.withUnsafeBytes { lines in
                    // The registry's own check has read them; a wrong one is left out.
                    try? ResponseWriter.fieldLines(lines, to: &output)
                }
            }
        }
    }

    static let json: StaticString = "application/json; charset=utf-8"

    private func respond(
        status: Int, outcome: Int, fieldLines: UnsafeRawBufferPointer?,
        body: UnsafeRawBufferPointer
    ) throws(ResponseError) {
        guard let fieldLines else {
            return write(
                status: status, outcome: outcome, contentType: Self.json, body: body, isCommon: true
            )
        }
        let hasType = try ResponseWriter.checkFieldLines(fieldLines)
        write(
            status: status, outcome: outcome, contentType: hasType ? nil : Self.json, body: body
        ) { output in
            try? ResponseWriter.fieldLines(fieldLines, to: &output)
        }
    }

    /// Writes a whole answer, logs it and ends the request.
    ///
    /// - Parameter isCommon: that the type is JSON; a 200 then has its head made in advance.
    private func write(
        status: Int, outcome: Int, contentType: StaticString?, body: UnsafeRawBufferPointer,
        isCommon: Bool = false,
        fields: (inout ByteQueue) -> Void = { _ in }
    ) {
        let head = http.head
        let keepsAlive = http.keepsAlive
        if isCommon, status == 200, keepsAlive, head.minorVersion == 1 {
            output.append(worker.commonHead)
            output.append(decimal: body.count)
            output.append("\r\nX-Request-Id: ")
            output.append(request.id)
            output.append("\r\n")
        } else {
            let (date, id) = (worker.date, request.id)
            ResponseWriter.head(
                status: status, contentType: contentType, contentLength: body.count,
                keepAlive: keepsAlive, minorVersion: head.length > 0 ? head.minorVersion : 1,
                date: date.span, requestID: id.span, to: &output)
        }
        if head.has(.origin) { output.append(CrossOrigin.answer) }
        if request.variesByAccept { output.append("Vary: Accept\r\n") }
        fields(&output)
        ResponseWriter.endOfFields(to: &output)
        // RFC 9110 §6.4.1: these have no body, and bytes after the head would be the next response's.
        if head.method != .head, status != 204, status != 304 { output.append(body) }
        log(head, status: status, outcome: outcome, bytes: body.count)
        if !http.finishResponse() { closesAfterOutput = true }
        markDirty()
    }

    /// A client that left without waiting for its answer still stands in log and counters: 499, and
    /// what the database did, if it did.
    private func logDeparted(outcome: Int?) {
        log(http.head, status: 499, outcome: outcome ?? 499, bytes: 0)
    }

    private func log(_ head: RequestHead, status: Int, outcome: Int, bytes: Int) {
        let taken = (MonotonicClock.nanoseconds() - request.startedAt) / 1000
        worker.counters.count(request.route?.index ?? 0, outcome: outcome, microseconds: taken)
        worker.accessLog.append(
            requestID: request.id, method: head.method.name,
            path: http.headBytes.slice(head.path),
            route: request.route?.name, status: status, outcome: outcome, bytes: bytes,
            microseconds: taken, address: address)
    }
}
