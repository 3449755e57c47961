extension ByteQueue {
    /// Appends `bytes` with each `%XX` replaced by the byte it stands for (RFC 3986 §2.1).
    ///
    /// The result may be anything, NUL and invalid UTF-8 included: that is for the caller to judge.
    /// - Parameter plusIsSpace: true in forms and queries, where `+` stands for a space; false in paths.
    /// - Returns: false, with nothing appended, if a `%` is not followed by two hexadecimal digits.
    public mutating func append(percentDecoded bytes: Span<UInt8>, plusIsSpace: Bool) -> Bool {
        let room = unsafe writable(minimum: bytes.count)
        var read = 0
        var written = 0
        while read < bytes.count {
            var byte = bytes[read]
            read += 1
            if byte == UInt8(ascii: "%") {
                guard bytes.count - read >= 2,
                    let high = ASCII.hexadecimalValue(bytes[read]),
                    let low = ASCII.hexadecimalValue(bytes[read + 1])
                else { return false }
                byte = high << 4 | low
                read += 2
            } else if byte == UInt8(ascii: "+"), plusIsSpace {
                byte = UInt8(ascii: " ")
            }
            unsafe room[written] = byte
            written += 1
        }
        commit(written)
        return true
    }
}
