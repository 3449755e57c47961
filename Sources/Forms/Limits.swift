/// How much of a form is taken. What goes beyond is refused, never cut.
public struct Limits: Sendable, Equatable {
    /// The most fields of a form, file parts included.
    public var fieldCount = 1_000
    /// The longest name of a field in bytes, decoded and with its brackets.
    public var nameLength = 256
    /// The most levels of nested names: `a` has one, `a[b]` two.
    public var depth = 8
    /// The most bytes of names and text values together, decoded; the bytes of files do not count.
    public var decodedBytes = 1 << 20
    /// The most parts of a multipart body.
    public var partCount = 100
    /// The most bytes of one part's header block, and of the padding behind one delimiter.
    public var partHeaderBytes = 8 << 10
    /// The most bytes of one file.
    public var fileBytes = 10 << 20

    /// The limits that suit requests of a web API.
    public init() {}
}
