/// One field line of a head.
public struct Field: Sendable, Equatable {
    /// The name, where the server knows it.
    public let known: FieldName

    /// The name as it was sent.
    public let name: ByteRange

    /// The value without the blanks around it.
    public let value: ByteRange
}
