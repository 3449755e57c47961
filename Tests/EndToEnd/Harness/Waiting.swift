import Foundation
import Glibc

/// Asks again every few milliseconds until there is an answer or the time is over.
func eventually<Value>(within seconds: Double, _ ask: () throws -> Value?) rethrows -> Value? {
    let deadline = Date(timeIntervalSinceNow: seconds)
    while true {
        if let value = try ask() { return value }
        if Date() >= deadline { return nil }
        usleep(5_000)
    }
}

/// True as soon as the condition holds, false when it does not hold in time.
func holds(within seconds: Double, _ condition: () throws -> Bool) rethrows -> Bool {
    try eventually(within: seconds) { try condition() ? true : nil } ?? false
}
