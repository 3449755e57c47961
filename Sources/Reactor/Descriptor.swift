import Glibc

/// The only owner of a file descriptor; closes it.
public struct Descriptor: ~Copyable, Sendable {
    /// The number that system calls take.
    public let raw: Int32

    /// Takes ownership of an open descriptor.
    public init(owning raw: Int32) { self.raw = raw }

    /// Gives up ownership without closing.
    public consuming func giveAway() -> Int32 {
        let raw = raw
        discard self
        return raw
    }

    deinit { close(raw) }
}

/// A system call that failed.
public struct SystemError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The call's name.
    public var call: String
    /// Its `errno`.
    public var code: Int32

    /// Creates an error from the current `errno`.
    public init(_ call: String) { self.init(call, code: errno) }

    /// Creates an error.
    public init(_ call: String, code: Int32) {
        self.call = call
        self.code = code
    }

    /// What was called, and what the system said.
    public var description: String { unsafe call + ": " + String(cString: strerror(code)) }
}
