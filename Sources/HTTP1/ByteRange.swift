/// A run of bytes, told by offsets from the first byte of what it lies in: of the message's head,
/// unless something else is said.
public struct ByteRange: Sendable, Equatable {
    /// Offset of the first byte.
    public var lower: Int

    /// Offset after the last byte.
    public var upper: Int

    /// Creates the run from `lower` up to, and without, `upper`.
    @inlinable
    public init(_ lower: Int, _ upper: Int) {
        self.lower = lower
        self.upper = upper
    }

    /// How many bytes it has.
    @inlinable public var count: Int { upper - lower }

    /// Whether it has no bytes.
    @inlinable public var isEmpty: Bool { lower == upper }
}
