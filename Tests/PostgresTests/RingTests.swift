import Testing

@testable import Postgres

@Suite struct RingTests {
    @Test func elementsComeOutInTheirOrderAcrossTheSeam() {
        var ring = Ring<Int>(capacity: 3)
        var expected = 0
        for number in 0..<100 {
            let isAppended = ring.append(number)
            #expect(isAppended)
            if number >= 2 {
                let first = ring.removeFirst()
                #expect(first == expected)
                expected += 1
            }
        }
        #expect(ring.count == 2)
    }

    @Test func fullMeansFullAtBothEnds() {
        var ring = Ring<Int>(capacity: 2)
        let appended = (1...3).map { ring.append($0) }
        #expect(appended == [true, true, false])
        let refused = ring.prepend(0)
        #expect(!refused)
        let taken = ring.removeFirst()
        #expect(taken == 1)
        let prepended = ring.prepend(1)
        #expect(prepended)
        #expect(ring.first == 1)
        #expect(ring.isFull)
    }

    @Test func emptyGivesNothing() {
        var ring = Ring<Int>(capacity: 0)
        let nothing = ring.removeFirst()
        #expect(nothing == nil)
        // Room for one element there is always.
        let appended = (1...2).map { ring.append($0) }
        #expect(appended == [true, false])
    }
}
