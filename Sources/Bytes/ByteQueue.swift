import Glibc

/// A growable first-in, first-out run of bytes: written at its end, read and consumed at its start.
///
/// The readable bytes are always contiguous. An empty queue that was `release()`d owns no memory,
/// so that a connection waiting for its next request costs nothing.
@safe public struct ByteQueue: ~Copyable {
    private var storage: UnsafeMutableRawBufferPointer
    private var head = 0
    private var tail = 0

    /// Creates an empty queue that owns no memory yet.
    public init() {
        unsafe storage = UnsafeMutableRawBufferPointer(start: nil, count: 0)
    }

    deinit {
        unsafe free(storage.baseAddress)
    }

    /// How many bytes are readable.
    public var count: Int { tail - head }

    /// Whether nothing is readable.
    public var isEmpty: Bool { head == tail }

    /// How many bytes of memory the queue owns.
    public var capacity: Int { unsafe storage.count }

    /// The readable bytes; valid until the queue is next changed.
    public var readable: UnsafeRawBufferPointer {
        unsafe UnsafeRawBufferPointer(rebasing: storage[head..<tail])
    }

    /// Calls `body` with the readable bytes.
    @inlinable
    public func withSpan<Result, Failure: Error>(
        _ body: (Span<UInt8>) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let bytes = unsafe readable.bindMemory(to: UInt8.self)
        return try unsafe body(bytes.span)
    }

    /// Forgets the first `byteCount` readable bytes.
    public mutating func consume(_ byteCount: Int) {
        precondition(byteCount >= 0 && byteCount <= count, "consumed more than was readable")
        head += byteCount
        if head == tail {
            head = 0
            tail = 0
        }
    }

    /// Removes `byteCount` readable bytes that start `offset` bytes after the first, closing the gap.
    public mutating func remove(at offset: Int, count byteCount: Int) {
        precondition(
            offset >= 0 && byteCount >= 0 && offset + byteCount <= count,
            "removed more than was readable")
        let rest = count - offset - byteCount
        if rest > 0, let base = unsafe storage.baseAddress {
            let gap = unsafe base + head + offset
            unsafe _ = memmove(gap, gap + byteCount, rest)
        }
        tail -= byteCount
    }

    /// Room for at least `minimum` bytes after the readable ones; `commit(_:)` makes what was
    /// written there readable. Valid until the queue is next changed.
    public mutating func writable(minimum: Int) -> UnsafeMutableRawBufferPointer {
        reserve(minimum)
        return unsafe UnsafeMutableRawBufferPointer(rebasing: storage[tail...])
    }

    /// Makes `byteCount` bytes, written into `writable(minimum:)`, readable.
    public mutating func commit(_ byteCount: Int) {
        precondition(
            unsafe byteCount >= 0 && tail + byteCount <= storage.count, "committed beyond the room")
        tail += byteCount
    }

    /// Appends bytes at the end.
    public mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress, bytes.count > 0 else { return }
        reserve(bytes.count)
        if let base = unsafe storage.baseAddress {
            unsafe _ = memcpy(base + tail, source, bytes.count)
        }
        tail += bytes.count
    }

    /// Appends bytes at the end.
    public mutating func append(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBytes { raw in unsafe append(raw) }
    }

    /// Appends bytes at the end.
    public mutating func append(_ bytes: [UInt8]) {
        unsafe bytes.withUnsafeBytes { raw in unsafe append(raw) }
    }

    /// Appends the UTF-8 of a literal.
    public mutating func append(_ text: StaticString) {
        unsafe append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Appends the UTF-8 of a string.
    public mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { utf8 in unsafe append(UnsafeRawBufferPointer(utf8)) }
    }

    /// Appends one byte.
    public mutating func append(_ byte: UInt8) {
        reserve(1)
        unsafe storage[tail] = byte
        tail += 1
    }

    /// Appends a number in decimal digits.
    public mutating func append(decimal number: Int) {
        reserve(20)
        var magnitude = number.magnitude
        if number < 0 {
            unsafe storage[tail] = UInt8(ascii: "-")
            tail += 1
        }
        var digits = 1
        var bound: UInt = 10
        while digits < 20, magnitude >= bound {
            digits += 1
            let (next, overflow) = bound.multipliedReportingOverflow(by: 10)
            if overflow { break }
            bound = next
        }
        var place = tail + digits
        tail = place
        repeat {
            place -= 1
            unsafe storage[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: magnitude % 10)
            magnitude /= 10
        } while magnitude > 0
    }

    /// Forgets all readable bytes and keeps the memory.
    public mutating func removeAll() {
        head = 0
        tail = 0
    }

    /// Gives the memory back if nothing is readable.
    public mutating func release() {
        guard isEmpty, unsafe storage.count > 0 else { return }
        unsafe free(storage.baseAddress)
        unsafe storage = UnsafeMutableRawBufferPointer(start: nil, count: 0)
        head = 0
        tail = 0
    }

    private mutating func reserve(_ minimum: Int) {
        guard unsafe storage.count - tail < minimum else { return }
        if head > 0 {
            if let base = unsafe storage.baseAddress {
                unsafe _ = memmove(base, base + head, count)
            }
            tail -= head
            head = 0
            if unsafe storage.count - tail >= minimum { return }
        }
        let capacity = unsafe max(tail + minimum, storage.count * 2, 1024)
        guard let grown = unsafe realloc(storage.baseAddress, capacity) else {
            fatalError("out of memory for a buffer of \(capacity) bytes")
        }
        unsafe storage = UnsafeMutableRawBufferPointer(start: grown, count: capacity)
    }
}
