/// The head of a request: what its request line and field lines say, as offsets into its bytes.
public struct RequestHead: Sendable {
    /// The method.
    public internal(set) var method = Method.get

    /// The path as it was sent, percent-coding included. Of an absolute-form target its path, `/`
    /// where it has none; `*` of `OPTIONS *`; host and port of `CONNECT`.
    ///
    /// Of a refused request: the path as far as it could be told, empty where it could not.
    public internal(set) var path = ByteRange(0, 0)

    /// What follows the first `?` of the target, `nil` where there is none.
    public internal(set) var query: ByteRange?

    /// 0 for HTTP/1.0, 1 for every later 1.x.
    public internal(set) var minorVersion: UInt8 = 1

    /// The field lines in their order.
    public internal(set) var fields: [Field] = []

    /// How the length of the body is told.
    public internal(set) var framing = Framing.none

    /// Whether the client wants, by version and `Connection`, the connection to stay open.
    public internal(set) var keepAlive = false

    /// Whether the client waits for `100 Continue` before it sends the body.
    public internal(set) var expectsContinue = false

    /// Bytes of the head, with the empty line that ends it; 0 until it is complete.
    public internal(set) var length = 0

    private var present: UInt32 = 0

    init() {}

    /// The value of the first field line of this name; O(1) where there is none.
    public func first(_ name: FieldName) -> ByteRange? {
        guard has(name) else { return nil }
        for field in fields where field.known == name { return field.value }
        return nil
    }

    /// Whether there is a field line of this name.
    public func has(_ name: FieldName) -> Bool { present & (1 << UInt32(name.rawValue)) != 0 }

    mutating func append(_ field: Field) {
        present |= 1 << UInt32(field.known.rawValue)
        fields.append(field)
    }

    /// Empties the head and keeps the memory of its fields.
    mutating func reset() {
        method = .get
        path = ByteRange(0, 0)
        query = nil
        minorVersion = 1
        fields.removeAll(keepingCapacity: true)
        framing = .none
        keepAlive = false
        expectsContinue = false
        length = 0
        present = 0
    }
}
