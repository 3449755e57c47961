import Bytes
import Testing

@testable import Postgres

@Suite struct BinaryArrayTests {
    @Test func textsAreWrittenAsPostgreSQLReadsThem() {
        var buffer = ByteQueue()
        BinaryArray.beginTexts(count: 2, to: &buffer)
        for text in ["ab", ""] {
            Array(text.utf8).withUnsafeBytes { BinaryArray.appendElement($0, to: &buffer) }
        }
        #expect(
            Array(buffer.readable) == [
                0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 25, 0, 0, 0, 2, 0, 0, 0, 1,
                0, 0, 0, 2, 97, 98, 0, 0, 0, 0,
            ])
    }

    @Test func numbersAreWrittenBigEndian() {
        var buffer = ByteQueue()
        BinaryArray.append([258], to: &buffer)
        #expect(
            Array(buffer.readable) == [
                0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 20, 0, 0, 0, 1, 0, 0, 0, 1,
                0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 1, 2,
            ])
    }

    @Test func anEmptyArrayHasNoDimension() {
        var buffer = ByteQueue()
        BinaryArray.append([], to: &buffer)
        #expect(Array(buffer.readable) == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 20])
    }
}
