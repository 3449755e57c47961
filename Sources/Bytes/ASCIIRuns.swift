// Questions about runs of bytes. They are asked about nearly every byte that arrives: the bounds
// are checked once, not for each byte.
extension ASCII {
    /// Whether the bytes from `lower` up to `upper` spell `word`, in letters of either case.
    ///
    /// `word` must be of lower-case letters, digits and any of `-_+*/`.
    public static func equals(
        _ bytes: Span<UInt8>, _ lower: Int, _ upper: Int, ignoringCase word: StaticString
    ) -> Bool {
        checkBounds(bytes, lower, upper)
        guard upper - lower == word.utf8CodeUnitCount else { return false }
        let letters = unsafe word.utf8Start
        for offset in 0..<upper - lower {
            let letter = unsafe letters[offset]
            let difference = unsafe bytes[unchecked: lower &+ offset] ^ letter
            // The two cases of a letter differ in this bit, and so do other pairs of characters.
            guard difference == 0 || difference == 0x20 && isLetter(letter) else { return false }
        }
        return true
    }

    /// Whether the bytes from `lower` up to `upper` are a token: at least one byte, and all of them
    /// of its characters.
    public static func areToken(_ bytes: Span<UInt8>, _ lower: Int, _ upper: Int) -> Bool {
        checkBounds(bytes, lower, upper)
        var position = lower
        while position < upper, unsafe isToken(bytes[unchecked: position]) { position &+= 1 }
        return position == upper && lower < upper
    }

    /// The first of the bytes from `lower` up to `upper` that may not stand in a field value;
    /// `upper` where all may.
    public static func endOfFieldValue(_ bytes: Span<UInt8>, _ lower: Int, _ upper: Int) -> Int {
        checkBounds(bytes, lower, upper)
        var position = lower
        while upper &- position >= 8 {
            let word = unsafe ByteWord(bytes, unchecked: position)
            if word.hasByte(below: 0x20) || word.hasByte(0x7F) { break }
            position &+= 8
        }
        while position < upper, unsafe isFieldValue(bytes[unchecked: position]) { position &+= 1 }
        return position
    }

    /// Whether the bytes from `lower` up to `upper` are visible ASCII, and none of them is
    /// `excluded`.
    public static func areVisible(
        _ bytes: Span<UInt8>, _ lower: Int, _ upper: Int, except excluded: UInt8
    ) -> Bool {
        checkBounds(bytes, lower, upper)
        var position = lower
        while upper &- position >= 8 {
            let word = unsafe ByteWord(bytes, unchecked: position)
            if word.hasByte(below: 0x21) || word.hasByte(0x7F) || word.hasByteBeyondASCII
                || word.hasByte(excluded)
            {
                return false
            }
            position &+= 8
        }
        while position < upper {
            let byte = unsafe bytes[unchecked: position]
            guard isVisible(byte), byte != excluded else { return false }
            position &+= 1
        }
        return true
    }

    @inline(__always)
    private static func checkBounds(_ bytes: Span<UInt8>, _ lower: Int, _ upper: Int) {
        precondition(lower >= 0 && lower <= upper && upper <= bytes.count, "run outside the bytes")
    }
}
