internal import Bytes
internal import HTTP1

/// The proxies whose word about where a request comes from counts.
public struct KnownProxies: Sendable, Equatable {
    private var blocks: [AddressBlock] = []

    /// No proxy at all.
    public init() {}

    /// Reads a list of addresses and blocks with commas between; nil where one of them is wrong.
    public init?(_ list: String) {
        for element in list.split(separator: ",", omittingEmptySubsequences: false) {
            let text = Array(element.utf8)
            let (lower, upper) = ASCII.trimmed(text.span, 0, text.count)
            guard let block = AddressBlock(text.span.extracting(lower..<upper)) else { return nil }
            blocks.append(block)
        }
    }

    /// Whether an address is one of theirs.
    func contains(_ address: IPAddress) -> Bool {
        blocks.contains { $0.contains(address) }
    }

    /// Who asked, by what the proxies wrote into `X-Forwarded-For`: each appends the address that
    /// it was asked from, so the list is walked from its end, up to the first address that is not
    /// a proxy's own. What stands before it, anybody may have made up.
    ///
    /// - Parameter proxy: whom the request came from.
    /// - Returns: the farthest address that is known; before something that is no address, and
    ///   where nothing is said, that is the last proxy.
    func caller(
        _ head: RequestHead, in bytes: UnsafeRawBufferPointer, from proxy: IPAddress
    ) -> IPAddress {
        var caller = proxy
        for field in head.fields.reversed() where field.known == .forwardedFor {
            let isFinal = bytes.slice(field.value).withSpan { walk($0, &caller) }
            if isFinal { break }
        }
        return caller
    }

    /// Walks over one field line; returns whether `caller` is final.
    private func walk(_ value: Span<UInt8>, _ caller: inout IPAddress) -> Bool {
        var end = value.count
        while end > 0 {
            var start = end
            while start > 0, value[start - 1] != UInt8(ascii: ",") { start -= 1 }
            let (lower, upper) = ASCII.trimmed(value, start, end)
            end = start - 1
            // RFC 9110 §5.6.1.2: a list may have empty elements.
            if lower == upper { continue }
            guard let address = IPAddress(value.extracting(lower..<upper)) else { return true }
            caller = address
            if !contains(address) { return true }
        }
        return false
    }
}
