extension Span where Element == UInt8 {
    /// Whether the bytes are well-formed UTF-8 (RFC 3629 §4): no overlong form, no surrogate,
    /// nothing beyond U+10FFFF, no sequence cut short. Linear; ASCII goes by eight bytes at a time.
    public var isValidUTF8: Bool {
        let bytes = unsafe self.bytes
        var index = 0
        while index + 8 <= count {
            let word = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            if word & 0x8080_8080_8080_8080 != 0 { break }
            index += 8
        }
        while index < count, self[index] < 0x80 {
            index += 1
        }
        if index == count { return true }
        do throws(UTF8.ValidationError) {
            _ = try UTF8Span(validating: extracting(index...))
            return true
        } catch {
            return false
        }
    }
}
