internal import Bytes
internal import Forms
internal import HTTP1
internal import Postgres
internal import Reactor

/// From a request to the statement that answers it.
extension ClientConnection {
    func beginRequest() {
        holdsMemory = true
        request.startedAt = MonotonicClock.nanoseconds()
        request.route = nil
        request.isKeyed = false
        request.hasConvertedBody = false
        request.hasQuery = false
        request.hasPathValues = false
        request.variesByAccept = false
        let head = http.head
        let bytes = http.headBytes
        worker.assignRequestID(
            head.first(.requestID).map { bytes.slice($0) }, to: &request.id)
        readAddress(head)
        // Each request has the time of its own, also one whose body follows on another's.
        timedPhase = .idle
        updateDeadline()
        guard head.length > 0, head.framing != .none else { return }
        let path = bytes.slice(head.path)
        if let endpoint = worker.table.trie.find(path, values: &worker.pathValues),
            let route = worker.table.trie.endpoints[endpoint].route(for: head.method)
        {
            http.bodyLimit = min(http.bodyLimit, route.bodyLimit)
        }
    }

    func dispatch() {
        let head = http.head
        let bytes = http.headBytes
        let path = bytes.slice(head.path)
        let table = worker.table
        if head.method == .connect { return refuse(.methodNotAllowed, allow: Self.allMethods) }
        guard let found = table.trie.find(path, values: &worker.pathValues) else {
            if !answerAsServer(path, head.method) {
                refuse(worker.isMaintenance ? .maintenance : .notFound)
            }
            return
        }
        let endpoint = table.trie.endpoints[found]
        if head.method == .options { return answerOptions(allow: endpoint.allow) }
        guard let route = endpoint.route(for: head.method) else {
            return worker.isMaintenance
                ? refuse(.maintenance) : refuse(.methodNotAllowed, allow: endpoint.allow)
        }
        request.variesByAccept = route.mediaTypes.count > 1
        guard let choice = Accept.choice(among: route.mediaTypes, for: head, in: bytes) else {
            return refuse(.notAcceptable)
        }
        request.route = route
        request.mediaType = route.mediaTypes[choice].name
        if let kind = prepare(head, bytes, path) { return refuse(kind) }
        request.isKeyed = head.method == .post && !(head.first(.idempotencyKey)?.isEmpty ?? true)
        let isGuarded = request.isKeyed || worker.isMaintenance
        statement = isGuarded ? route.guardedStatement : route.statement
        isRepeatable = route.statement.isReadOnly || request.isKeyed
        stage = .database
        isSubmitting = true
        worker.pool.submit(self)
        isSubmitting = false
    }

    /// Converts what has to be converted; returns why the request is refused, or nil.
    private func prepare(
        _ head: RequestHead, _ bytes: UnsafeRawBufferPointer, _ path: UnsafeRawBufferPointer
    ) -> Refusals.Kind? {
        if !worker.pathValues.isEmpty {
            guard appendPathValues(path) else { return .malformed }
            request.hasPathValues = true
        }
        if let query = head.query, !query.isEmpty {
            request.queryJSON.removeAll()
            do throws(FormError) {
                try Form.appendJSON(
                    urlEncoded: bytes.slice(query), limits: .init(),
                    to: &request.queryJSON)
            } catch {
                return .malformed
            }
            request.hasQuery = true
        }
        guard head.method != .get, head.method != .head, http.body.count > 0,
            let value = head.first(.contentType)
        else { return nil }
        return convertBody(bytes.slice(value))
    }

    private func convertBody(_ contentType: UnsafeRawBufferPointer) -> Refusals.Kind? {
        let kind = contentType.withSpan { MediaType($0).kind }
        request.bodyJSON.removeAll()
        do throws(FormError) {
            switch kind {
            case .json: return nil
            case .other: return .unsupportedMediaType
            case .formURLEncoded:
                try Form.appendJSON(urlEncoded: http.body, limits: .init(), to: &request.bodyJSON)
            case .multipart(let boundary):
                _ = try Form.appendJSON(
                    multipart: http.body,
                    boundary: Array(contentType.slice(boundary)).span,
                    limits: .init(), to: &request.bodyJSON)
            }
        } catch {
            if case .tooLarge = error { return .tooLarge }
            return .malformed
        }
        request.hasConvertedBody = true
        return nil
    }

    private func appendPathValues(_ path: UnsafeRawBufferPointer) -> Bool {
        request.pathValues.removeAll()
        BinaryArray.beginTexts(count: worker.pathValues.count, to: &request.pathValues)
        for range in worker.pathValues {
            let value = path.slice(range)
            worker.scratch.removeAll()
            guard
                value.withSpan({ worker.scratch.append(percentDecoded: $0, plusIsSpace: false) }),
                worker.scratch.withSpan({ $0.isValidUTF8 }), !worker.scratch.readable.contains(0)
            else { return false }
            BinaryArray.appendElement(worker.scratch.readable, to: &request.pathValues)
        }
        return true
    }

    func bind(_ parameters: inout Parameters) {
        let head = http.head
        let bytes = http.headBytes
        // The elements of `id`, `address` and `mediaType` lie on the heap and stay there until the
        // next request.
        request.id.withUnsafeBytes { parameters.append($0) }
        parameters.append(head.method.name)
        parameters.append(request.hasPathValues ? request.pathValues.readable : nil)
        parameters.append(request.hasQuery ? request.queryJSON.readable : nil)
        let hasBody = head.method != .get && head.method != .head && http.body.count > 0
        parameters.append(
            !hasBody ? nil : request.hasConvertedBody ? request.bodyJSON.readable : http.body)
        parameters.append(Credential.find(in: head, bytes).map { Self.ascii($0) })
        parameters.append(
            request.isKeyed
                ? head.first(.idempotencyKey).map { bytes.slice($0) } : nil)
        address.withUnsafeBytes { parameters.append($0) }
        parameters.append(
            head.first(.userAgent).map { bytes.slice($0) }
                .flatMap { value in value.withSpan { $0.isValidUTF8 } ? value : nil })
        request.mediaType.withUnsafeBytes { parameters.append($0) }
    }

    /// A token of ours is ASCII; any other is as wrong as an empty one, and PostgreSQL would take
    /// its bytes for a malformed request.
    private static func ascii(_ token: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        token.contains { $0 >= 0x80 } ? token.slice(0, 0) : token
    }
}
