internal import CLibpq
public import Reactor

/// Asks PostgreSQL to give up statements. libpq waits while asking, so a thread of its own asks.
public final class Canceller: Sendable {
    @safe private struct Request: @unchecked Sendable {
        // Sendable: libpq documents PGcancel as usable from another thread, and we own it alone.
        let cancel: OpaquePointer
    }

    private let requests = Lock<[Request]>([])
    private let hasStopped = Lock<Bool>(false)

    /// Creates a canceller; `start()` makes it work.
    public init() {}

    /// Starts the thread; it ends after `stop()`.
    public func start() -> ThreadHandle {
        startThread("pg-cancel") { [self] in
            while !hasStopped.withLock({ stopped in stopped }) {
                requests.wait(milliseconds: 500) { waiting in waiting.isEmpty }
                let taken = requests.withLock { waiting in
                    let taken = waiting
                    waiting = []
                    return taken
                }
                for request in taken { Self.ask(request) }
            }
        }
    }

    /// Ends the thread after the request it is at.
    public func stop() {
        hasStopped.withLock { stopped in stopped = true }
        requests.signal()
    }

    /// Has whatever the connection's backend runs cancelled, some time soon.
    func cancel(_ connection: OpaquePointer?) {
        guard let cancel = unsafe PQgetCancel(connection) else { return }
        requests.withLock { waiting in unsafe waiting.append(Request(cancel: cancel)) }
        requests.signal()
    }

    private static func ask(_ request: Request) {
        var message = [CChar](repeating: 0, count: 256)
        if unsafe PQcancel(request.cancel, &message, Int32(message.count)) == 0 {
            Log.warning("a statement could not be cancelled")
        }
        unsafe PQfreeCancel(request.cancel)
    }
}
