import Foundation
import Synchronization

/// Calls `body` on as many threads as asked for, all let go at the same moment, and returns the
/// results in order. (A concurrent queue would run no more at once than there are cores.)
func concurrently<Result: Sendable>(
    _ count: Int, _ body: @escaping @Sendable (Int) throws -> Result
) throws -> [Result] {
    let results = Collected<(Int, Swift.Result<Result, any Error>)>()
    let gate = DispatchSemaphore(value: 0)
    let done = DispatchGroup()
    for index in 0..<count {
        done.enter()
        let thread = Thread {
            gate.wait()
            results.append((index, Swift.Result { try body(index) }))
            done.leave()
        }
        thread.stackSize = 1 << 19
        thread.start()
    }
    for _ in 0..<count { gate.signal() }
    done.wait()
    return try results.all.sorted { $0.0 < $1.0 }.map { try $0.1.get() }
}

/// A list that several threads add to.
final class Collected<Element: Sendable>: Sendable {
    private let elements = Mutex<[Element]>([])

    /// Everything added so far.
    var all: [Element] { elements.withLock { $0 } }

    /// Adds one element.
    func append(_ element: Element) {
        elements.withLock { $0.append(element) }
    }
}

/// Something that happens beside the test until it is told to stop.
final class Background: Sendable {
    private let stopped = Mutex(false)
    private let done = DispatchGroup()

    /// Starts `threads` threads, each of which calls `body` again and again.
    init(threads: Int, _ body: @escaping @Sendable (_ thread: Int, _ round: Int) -> Void) {
        for index in 0..<threads {
            done.enter()
            let thread = Thread { [self] in
                var round = 0
                while !stopped.withLock({ $0 }) {
                    body(index, round)
                    round += 1
                }
                done.leave()
            }
            thread.stackSize = 1 << 19
            thread.start()
        }
    }

    /// Lets the rounds under way end and waits for them.
    func stop() {
        stopped.withLock { $0 = true }
        done.wait()
    }
}
