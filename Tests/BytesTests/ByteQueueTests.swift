import Bytes
import Testing

/// The queue against an array that does the same.
struct ByteQueueTests {
    /// The same numbers in every run (Knuth's MMIX constants).
    private struct Sequence: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }

    private func bytes(_ queue: borrowing ByteQueue) -> [UInt8] { Array(queue.readable) }

    @Test func newOneIsEmptyAndOwnsNothing() {
        let queue = ByteQueue()
        #expect(queue.count == 0)
        #expect(queue.isEmpty == true)
        #expect(queue.capacity == 0)
        #expect(bytes(queue) == [])
    }

    @Test func appendsEverythingThatBytesComeIn() {
        var queue = ByteQueue()
        queue.append("static ")
        queue.append("Ünï".lowercased())
        queue.append([1, 2])
        queue.append([3, 4].span)
        Array("raw".utf8).withUnsafeBytes { queue.append($0) }
        queue.append(UInt8(ascii: "!"))
        queue.append([UInt8]())
        queue.append(UnsafeRawBufferPointer(start: nil, count: 0))
        #expect(
            bytes(queue) == Array("static ünï".utf8) + [1, 2, 3, 4] + Array("raw!".utf8))
    }

    @Test func decimals() {
        var numbers = [0, 7, -1, .max, .min]
        var power = 1
        for _ in 0..<18 {
            power *= 10
            numbers += [power - 1, power, power + 1, -power]
        }
        for number in numbers {
            var queue = ByteQueue()
            queue.append("n=")
            queue.append(decimal: number)
            #expect(String(decoding: bytes(queue), as: UTF8.self) == "n=\(number)")
        }
    }

    @Test func writingInPlace() {
        var queue = ByteQueue()
        queue.append("ab")
        let room = queue.writable(minimum: 5000)
        #expect(room.count >= 5000)
        room.copyBytes(from: Array("cdef".utf8))
        queue.commit(3)
        #expect(bytes(queue) == Array("abcde".utf8))
        queue.commit(0)
        #expect(queue.count == 5)
    }

    @Test func removingFromTheMiddle() {
        var queue = ByteQueue()
        queue.append("xhead-chunk-rest")
        queue.consume(1)
        queue.remove(at: 5, count: 6)
        #expect(bytes(queue) == Array("head-rest".utf8))
        queue.remove(at: 9, count: 0)
        queue.remove(at: 5, count: 4)
        #expect(bytes(queue) == Array("head-".utf8))
        queue.remove(at: 0, count: 5)
        #expect(queue.isEmpty == true)
        queue.append("z")
        #expect(bytes(queue) == [UInt8(ascii: "z")])
    }

    @Test func memoryIsGivenBackOnlyWhenEmpty() {
        var queue = ByteQueue()
        queue.append("abc")
        let capacity = queue.capacity
        queue.release()
        #expect(queue.capacity == capacity)
        #expect(bytes(queue) == Array("abc".utf8))
        queue.consume(3)
        #expect(queue.capacity == capacity)
        queue.release()
        #expect(queue.capacity == 0)
        queue.release()
        queue.append("d")
        #expect(bytes(queue) == [UInt8(ascii: "d")])
        queue.removeAll()
        #expect(queue.isEmpty == true)
        #expect(queue.capacity > 0)
    }

    @Test func steadyTrafficDoesNotGrowIt() {
        var queue = ByteQueue()
        let message = [UInt8](repeating: 7, count: 300)
        queue.append(message)
        for _ in 0..<10_000 {
            queue.append(message)
            queue.consume(300)
        }
        #expect(queue.count == 300)
        #expect(queue.capacity <= 2048)
    }

    @Test func spansAreTheReadableBytes() throws {
        struct Failure: Error, Equatable {}
        var queue = ByteQueue()
        queue.append("xab")
        queue.consume(1)
        #expect(queue.withSpan { $0.count } == 2)
        #expect(queue.withSpan { $0[0] } == UInt8(ascii: "a"))
        #expect(ByteQueue().withSpan { $0.count } == 0)
        #expect(throws: Failure()) { try queue.withSpan { _ in throw Failure() } }
    }

    @Test func anyOrderOfOperations() {
        var generator = Sequence(state: 20_240_229)
        for _ in 0..<5 {
            var queue = ByteQueue()
            var model: [UInt8] = []
            for step in 0..<500 {
                let amount = Int.random(in: 0...700, using: &generator)
                let new = (0..<amount).map { UInt8(truncatingIfNeeded: $0 &+ step) }
                switch Int.random(in: 0..<6, using: &generator) {
                case 0:
                    queue.append(new)
                    model += new
                case 1:
                    queue.writable(minimum: amount).copyBytes(from: new)
                    queue.commit(amount)
                    model += new
                case 2, 3:
                    let count = min(amount * 2, model.count)
                    queue.consume(count)
                    model.removeFirst(count)
                case 4:
                    let count = min(amount, model.count)
                    let start = Int.random(in: 0...model.count - count, using: &generator)
                    queue.remove(at: start, count: count)
                    model.removeSubrange(start..<start + count)
                default:
                    queue.release()
                }
                #expect(bytes(queue) == model)
                #expect(queue.count == model.count)
            }
        }
    }
}
