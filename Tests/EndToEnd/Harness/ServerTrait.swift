import Testing

/// Starts one server for all tests of a suite and stops it after the last.
struct ServerTrait: SuiteTrait, TestScoping {
    /// Each server holds a dozen connections of a PostgreSQL that has a hundred, and the machine may
    /// have two cores.
    private static let turnstile = Turnstile(places: 2)

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        try await Self.turnstile.pass {
            let server = try TestServer([:], database: TestDatabase())
            defer { server.stop() }
            try await TestServer.$shared.withValue(server, operation: function)
        }
    }
}

extension SuiteTrait where Self == ServerTrait {
    /// One server for the suite: `TestServer.current`.
    static var server: Self { ServerTrait() }
}

/// Lets a few tasks through at a time; the others wait without holding a thread.
private actor Turnstile {
    private var places: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(places: Int) { self.places = places }

    nonisolated func pass(_ body: @Sendable () async throws -> Void) async throws {
        await enter()
        do {
            try await body()
        } catch {
            await leave()
            throw error
        }
        await leave()
    }

    private func enter() async {
        guard places == 0 else {
            places -= 1
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }

    private func leave() {
        if waiting.isEmpty { places += 1 } else { waiting.removeFirst().resume() }
    }
}
