/// The parameters of one statement, in PostgreSQL's binary format, which for text is its UTF-8.
///
/// Holds pointers only: the bytes belong to whoever binds them, until the statement was sent.
@safe public struct Parameters: ~Copyable {
    let values: UnsafeMutablePointer<UnsafePointer<CChar>?>
    let lengths: UnsafeMutablePointer<Int32>
    let formats: UnsafeMutablePointer<Int32>
    private(set) var count = 0

    /// How many parameters a statement can have.
    public static let capacity = 16

    init() {
        unsafe values = .allocate(capacity: Self.capacity)
        unsafe lengths = .allocate(capacity: Self.capacity)
        unsafe formats = .allocate(capacity: Self.capacity)
        unsafe formats.initialize(repeating: 1, count: Self.capacity)
    }

    deinit {
        unsafe values.deallocate()
        unsafe lengths.deallocate()
        unsafe formats.deallocate()
    }

    mutating func removeAll() { count = 0 }

    /// Binds the next parameter; nil is NULL, an empty run of bytes an empty text.
    public mutating func append(_ bytes: UnsafeRawBufferPointer?) {
        precondition(count < Self.capacity, "a statement has at most 16 parameters")
        if let bytes = unsafe bytes {
            let start = unsafe bytes.baseAddress ?? UnsafeRawPointer(values)
            unsafe values[count] = unsafe start.assumingMemoryBound(to: CChar.self)
            unsafe lengths[count] = Int32(bytes.count)
        } else {
            unsafe values[count] = nil
            unsafe lengths[count] = 0
        }
        count += 1
    }

    /// Binds the next parameter to a literal.
    public mutating func append(_ text: StaticString) {
        unsafe append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}
