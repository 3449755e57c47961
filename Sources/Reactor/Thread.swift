internal import CLinux
import Glibc

/// A started thread that can be waited for.
public struct ThreadHandle: @unchecked Sendable {
    // Sendable: a pthread_t is a value that any thread may join, once.
    fileprivate let thread: pthread_t

    /// Waits until the thread has ended; to be called at most once.
    public func join() {
        pthread_join(thread, nil)
    }
}

private final class ThreadBody {
    let name: StaticString
    let run: @Sendable () -> Void

    init(_ name: StaticString, _ run: @escaping @Sendable () -> Void) {
        self.name = name
        self.run = run
    }
}

/// Starts a thread of the operating system.
///
/// - Parameter name: shown by `top -H` and debuggers; at most 15 bytes of it.
public func startThread(
    _ name: StaticString, _ body: @escaping @Sendable () -> Void
) -> ThreadHandle {
    var thread = pthread_t()
    let context = unsafe Unmanaged.passRetained(ThreadBody(name, body)).toOpaque()
    let status = unsafe pthread_create(
        &thread, nil,
        { context in
            guard let context = unsafe context else { return nil }
            let body = unsafe Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue()
            unsafe clinux_name_thread(body.name.utf8Start)
            body.run()
            return nil
        }, unsafe context)
    precondition(status == 0, "the system has no room for another thread")
    return ThreadHandle(thread: thread)
}

/// Has the calling thread, when it wakes, wait for its turn instead of interrupting who runs.
///
/// A loop that interrupts PostgreSQL for each of its answers finds one event a turn; one that waits
/// finds several, which costs a third less and serves more.
public func scheduleInBatches() {
    clinux_schedule_in_batches()
}
