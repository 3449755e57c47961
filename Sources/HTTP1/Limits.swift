/// How much of everything one request may have. Each bound may be met exactly.
public struct Limits: Sendable, Equatable {
    /// Bytes of the request line without its line end; beyond: 414.
    public var requestLineBytes = 8 * 1024

    /// Bytes of all field lines with their line ends; beyond: 431.
    public var fieldSectionBytes = 32 * 1024

    /// Field lines of one head; beyond: 431.
    public var fieldCount = 100

    /// Bytes of a decoded body, where a request is given no bound of its own; beyond: 413.
    public var bodyBytes = 12 << 20

    /// Bytes of one chunk's size with its extensions, without the line end; beyond: 400.
    public var chunkLineBytes = 256

    /// Bytes of all trailer lines with their line ends; beyond: 431.
    public var trailerBytes = 4 * 1024

    /// Creates the limits of CONTRACT.md.
    public init() {}
}
