internal import HTTP1

/// Where a request carries its session token: the first of these that is present wins.
enum Credential {
    /// The token's bytes within the head; nil when the request carries none.
    static func find(
        in head: borrowing RequestHead, _ bytes: UnsafeRawBufferPointer
    ) -> UnsafeRawBufferPointer? {
        if let value = head.first(.authorization),
            let token = bearer(bytes.slice(value))
        {
            return token
        }
        if let value = head.first(.accessToken) { return bytes.slice(value) }
        if let value = head.first(.plainAccessToken) { return bytes.slice(value) }
        if let value = head.first(.cookie) { return cookie(bytes.slice(value)) }
        return nil
    }

    /// `Bearer T`; other schemes are not ours (RFC 6750 §2.1).
    private static func bearer(_ value: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        let scheme: StaticString = "bearer "
        guard value.count > scheme.utf8CodeUnitCount else { return nil }
        for index in 0..<scheme.utf8CodeUnitCount
        where value[index] | 0x20 != scheme.utf8Start[index] | 0x20 { return nil }
        var start = scheme.utf8CodeUnitCount
        while start < value.count, value[start] == UInt8(ascii: " ") { start += 1 }
        return UnsafeRawBufferPointer(rebasing: value[start...])
    }

    /// The value of `sessionid` in a `Cookie` field (RFC 6265 §4.2.1).
    private static func cookie(_ value: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer? {
        let name: StaticString = "sessionid="
        let length = name.utf8CodeUnitCount
        var start = 0
        while start < value.count {
            while start < value.count, value[start] == UInt8(ascii: " ") { start += 1 }
            var end = start
            while end < value.count, value[end] != UInt8(ascii: ";") { end += 1 }
            if end - start >= length,
                (0..<length).allSatisfy({ value[start + $0] == name.utf8Start[$0] })
            {
                return UnsafeRawBufferPointer(rebasing: value[(start + length)..<end])
            }
            start = end + 1
        }
        return nil
    }
}
