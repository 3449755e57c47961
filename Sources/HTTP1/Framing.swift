/// How the length of a request's body is told (RFC 9112 §6.3).
public enum Framing: Sendable, Equatable {
    /// There is no body.
    case none
    /// `Content-Length`: this many bytes.
    case length(Int)
    /// `Transfer-Encoding: chunked`.
    case chunked
}
