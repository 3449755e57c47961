import Glibc
internal import Reactor

/// SIGTERM, SIGINT and SIGHUP, which ask the server to stop.
enum StopSignals {
    private static var all: sigset_t {
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGTERM)
        sigaddset(&signals, SIGINT)
        sigaddset(&signals, SIGHUP)
        return signals
    }

    /// Keeps them for `wait()`, in this thread and those it starts from now on.
    static func block() {
        var signals = all
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    /// Waits for one of them.
    ///
    /// - Returns: its name.
    static func wait() -> String {
        var signals = all
        var number: Int32 = 0
        while sigwait(&signals, &number) != 0 {}
        return number == SIGINT ? "SIGINT" : number == SIGHUP ? "SIGHUP" : "SIGTERM"
    }

    /// Ends the process with status 1 when another one comes, or when the time is over.
    static func endAtOnce(onNextOrAfterSeconds seconds: Int) {
        _ = startThread("impatience") {
            var signals = all
            var time = timespec(tv_sec: seconds, tv_nsec: 0)
            while sigtimedwait(&signals, nil, &time) < 0 && errno == EINTR {}
            Log.error("not everything that was under way has ended")
            _exit(1)
        }
    }
}
