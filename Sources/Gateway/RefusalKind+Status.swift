internal import HTTP1

extension Refusals.Kind {
    /// What the codec found wrong, as a kind of refusal.
    init(_ error: RequestError) {
        switch error.status {
        case 408: self = .requestTimeout
        case 413: self = .tooLarge
        case 414: self = .uriTooLong
        case 417: self = .expectationFailed
        case 431: self = .fieldsTooLarge
        case 501: self = .notImplemented
        case 505: self = .versionNotSupported
        default: self = .malformed
        }
    }
}
