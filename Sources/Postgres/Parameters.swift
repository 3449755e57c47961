/// The parameters of one statement, in PostgreSQL's binary format, which for text is its UTF-8.
///
/// Holds pointers only: the bytes belong to whoever binds them, until the statement was sent.
public struct Parameters: ~Copyable {
    let values: UnsafeMutablePointer<UnsafePointer<CChar>?>
    let lengths: UnsafeMutablePointer<Int32>
    let formats: UnsafeMutablePointer<Int32>
    private(set) var count = 0

    /// How many parameters a statement can have.
    public static let capacity = 16

    init() {
        values = .allocate(capacity: Self.capacity)
        lengths = .allocate(capacity: Self.capacity)
        formats = .allocate(capacity: Self.capacity)
        formats.initialize(repeating: 1, count: Self.capacity)
    }

    deinit {
        values.deallocate()
        lengths.deallocate()
        formats.deallocate()
    }

    mutating func removeAll() { count = 0 }

    /// Binds the next parameter; nil is NULL, an empty run of bytes an empty text.
    public mutating func append(_ bytes: UnsafeRawBufferPointer?) {
        precondition(count < Self.capacity, "a statement has at most 16 parameters")
        if let bytes {
            let start = bytes.baseAddress ?? UnsafeRawPointer(values)
            values[count] = start.assumingMemoryBound(to: CChar.self)
            lengths[count] = Int32(bytes.count)
        } else {
            values[count] = nil
            lengths[count] = 0
        }
        count += 1
    }

    /// Binds the next parameter to a literal.
    public mutating func append(_ text: StaticString) {
        append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}
