// Questions about runs of bytes. They are asked about nearly every byte that arrives: the bounds
// are checked once, not for each byte.
extension ASCII {
    /// Whether the bytes from `lower` up to `upper` spell `word`, in letters of either case.
    ///
    /// `word` must be of lower-case letters, digits and any of `-_+*/`.
    public static func equals(
        _ bytes: Span<UInt8>, _ lower: Int, _ upper: Int, ignoringCase word: StaticString
    ) -> Bool {
        unsafe equals(
            bytes, lower, upper,
            UnsafeRawBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount))
    }

    /// The same with a word that is made at run time. It may also have any of `!#$&^.`.
    public static func equals(
        _ bytes: Span<UInt8>, _ lower: Int, _ upper: Int, ignoringCase word: Span<UInt8>
    ) -> Bool {
        unsafe word.withUnsafeBytes { word in unsafe equals(bytes, lower, upper, word) }
    }

    @inline(__always)
    private static func equals(
        _ bytes: Span<UInt8>, _ lower: Int, _ upper: Int, _ word: UnsafeRawBufferPointer
    ) -> Bool {
        checkBounds(bytes, lower, upper)
        let count = upper - lower
        guard count == word.count else { return false }
        return unsafe bytes.withUnsafeBytes { raw in
            guard count > 0, let base = raw.baseAddress, let letters = word.baseAddress else {
                return true
            }
            return unsafe equals(base + lower, letters, count)
        }
    }

    /// Compares words; the last one overlaps the one before instead of being shorter.
    private static func equals(
        _ bytes: UnsafeRawPointer, _ letters: UnsafeRawPointer, _ count: Int
    ) -> Bool {
        func differ<Word: FixedWidthInteger>(_ offset: Int, as type: Word.Type) -> Bool {
            let letters = unsafe letters.loadUnaligned(fromByteOffset: offset, as: type)
            let bytes = unsafe bytes.loadUnaligned(fromByteOffset: offset, as: type)
            // The two cases of a letter differ in bit 5. So do other pairs of characters: of the
            // allowed ones letters alone have both bit 5 and bit 6.
            let sixth = Word(truncatingIfNeeded: 0x4040_4040_4040_4040)
            let caseBits = (letters & (letters << 1) & sixth) >> 1
            return (bytes ^ letters) & ~caseBits != 0
        }
        var offset = 0
        if count >= 8 {
            while offset < count &- 8 {
                if differ(offset, as: UInt64.self) { return false }
                offset &+= 8
            }
            return !differ(count &- 8, as: UInt64.self)
        }
        if count >= 4 {
            return !differ(0, as: UInt32.self) && !differ(count &- 4, as: UInt32.self)
        }
        while offset < count {
            if differ(offset, as: UInt8.self) { return false }
            offset &+= 1
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
            let controls = word.marks(below: 0x20) | word.marks(0x7F)
            if controls == 0 {
                position &+= 8
            } else {
                position &+= ByteWord.first(controls)
                guard unsafe bytes[unchecked: position] == tab else { return position }
                position &+= 1
            }
        }
        while position < upper, unsafe isFieldValue(bytes[unchecked: position]) { position &+= 1 }
        return position
    }

    /// The run from `lower` up to `upper` without the blanks and tabs at its ends.
    public static func trimmed(
        _ bytes: Span<UInt8>, _ lower: Int, _ upper: Int
    ) -> (lower: Int, upper: Int) {
        checkBounds(bytes, lower, upper)
        var (lower, upper) = (lower, upper)
        while lower < upper, unsafe isBlank(bytes[unchecked: lower]) { lower &+= 1 }
        while lower < upper, unsafe isBlank(bytes[unchecked: upper &- 1]) { upper &-= 1 }
        return (lower, upper)
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
            let wrong =
                word.marks(below: 0x21) | word.marks(0x7F) | word.marksBeyondASCII
                | word.marks(excluded)
            guard wrong == 0 else { return false }
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
