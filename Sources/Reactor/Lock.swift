import Glibc

/// A mutual-exclusion lock around the state that it guards.
///
/// On pthread rather than `Synchronization.Mutex`, whose futex ThreadSanitizer does not understand
/// on Linux.
@safe public final class Lock<State>: @unchecked Sendable {
    // Sendable: `state` is reached only through `withLock`, which holds `mutex`.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>
    private var state: State

    /// Creates a lock around `state`.
    public init(_ state: sending State) {
        unsafe mutex = .allocate(capacity: 1)
        unsafe mutex.initialize(to: pthread_mutex_t())
        unsafe pthread_mutex_init(mutex, nil)
        unsafe condition = .allocate(capacity: 1)
        unsafe condition.initialize(to: pthread_cond_t())
        var attributes = pthread_condattr_t()
        unsafe pthread_condattr_init(&attributes)
        unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        unsafe pthread_cond_init(condition, &attributes)
        self.state = state
    }

    deinit {
        unsafe pthread_cond_destroy(condition)
        unsafe condition.deallocate()
        unsafe pthread_mutex_destroy(mutex)
        unsafe mutex.deallocate()
    }

    /// Runs `body` with exclusive access to the state.
    public func withLock<Result, Failure: Error>(
        _ body: (inout State) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return try body(&state)
    }

    /// Waits until `signal()` or until the time has passed, whichever is first; spurious returns
    /// happen. The lock is free while waiting.
    ///
    /// - Parameter isNeeded: asked under the lock before sleeping, so that no signal is missed.
    public func wait(milliseconds: Int, while isNeeded: (State) -> Bool) {
        var deadline = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &deadline)
        deadline.tv_sec += milliseconds / 1000
        deadline.tv_nsec += (milliseconds % 1000) * 1_000_000
        if deadline.tv_nsec >= 1_000_000_000 {
            deadline.tv_nsec -= 1_000_000_000
            deadline.tv_sec += 1
        }
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        while isNeeded(state) {
            if unsafe pthread_cond_timedwait(condition, mutex, &deadline) != 0 { return }
        }
    }

    /// Wakes every thread that is in `wait`.
    public func signal() {
        unsafe pthread_cond_broadcast(condition)
    }
}
