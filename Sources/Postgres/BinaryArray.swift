public import Bytes

/// The binary format of `text[]` and `bigint[]`: one dimension, no NULLs.
public enum BinaryArray {
    private static let textType: UInt32 = 25
    private static let bigintType: UInt32 = 20

    /// Starts an array of `count` texts; each is appended by `appendElement`.
    public static func beginTexts(count: Int, to buffer: inout ByteQueue) {
        begin(type: textType, count: count, to: &buffer)
    }

    /// Appends one element of a text array.
    public static func appendElement(_ bytes: UnsafeRawBufferPointer, to buffer: inout ByteQueue) {
        append(UInt32(bytes.count), to: &buffer)
        unsafe buffer.append(bytes)
    }

    /// Appends a whole `bigint[]`.
    public static func append(_ numbers: [Int64], to buffer: inout ByteQueue) {
        begin(type: bigintType, count: numbers.count, to: &buffer)
        for number in numbers {
            append(UInt32(8), to: &buffer)
            append(UInt32(truncatingIfNeeded: number >> 32), to: &buffer)
            append(UInt32(truncatingIfNeeded: number), to: &buffer)
        }
    }

    private static func begin(type: UInt32, count: Int, to buffer: inout ByteQueue) {
        append(count == 0 ? 0 : 1, to: &buffer)  // dimensions
        append(0, to: &buffer)  // no NULLs
        append(type, to: &buffer)
        if count > 0 {
            append(UInt32(count), to: &buffer)
            append(1, to: &buffer)  // lower bound
        }
    }

    private static func append(_ number: UInt32, to buffer: inout ByteQueue) {
        for shift in stride(from: UInt32(24), through: 0, by: -8) {
            buffer.append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }
}
