internal import Bytes
internal import Glibc
internal import Reactor

/// Writes the access log to standard output on a thread of its own, so that a reader who is slow
/// holds up no loop. What is beyond the buffer is dropped and counted.
final class LogWriter: Sendable {
    private struct State {
        var waiting: [UInt8] = []
        var droppedBytes = 0
        var hasStopped = false
    }

    private let state = Lock(State())

    private static let capacity = 4 << 20

    /// How many bytes were dropped so far.
    var droppedBytes: Int { state.withLock { state in state.droppedBytes } }

    func start() -> ThreadHandle {
        startThread("access-log") { [self] in
            var isRunning = true
            while isRunning {
                state.wait(milliseconds: 1000) { $0.waiting.isEmpty && !$0.hasStopped }
                let (lines, hasStopped) = state.withLock { state in
                    let lines = state.waiting
                    state.waiting = []
                    return (lines, state.hasStopped)
                }
                let lost = Self.write(lines)
                if lost > 0 { state.withLock { state in state.droppedBytes += lost } }
                isRunning = !hasStopped || !lines.isEmpty
            }
        }
    }

    func append(_ lines: UnsafeRawBufferPointer) {
        state.withLock { state in
            if state.waiting.count + lines.count > Self.capacity {
                state.droppedBytes += lines.count
            } else {
                state.waiting.append(contentsOf: lines)
            }
        }
        state.signal()
    }

    /// Ends the thread once everything is written.
    func stop() {
        state.withLock { state in state.hasStopped = true }
        state.signal()
    }

    /// - Returns: how many bytes could not be written.
    private static func write(_ lines: [UInt8]) -> Int {
        lines.withUnsafeBytes { bytes in
            var start = 0
            while start < bytes.count {
                let count = Glibc.write(
                    1, bytes.baseAddress.map { $0 + start }, bytes.count - start)
                if count > 0 {
                    start += count
                } else if errno != EINTR {
                    return bytes.count - start
                }
            }
            return 0
        }
    }
}
