/// What bytes are in the grammars of HTTP (RFC 9110 §5.6).
public enum ASCII {
    // Computed, because a stored one is read through a call from other modules.
    /// The line feed.
    @inlinable public static var lineFeed: UInt8 { 0x0A }

    /// The carriage return.
    @inlinable public static var carriageReturn: UInt8 { 0x0D }

    /// The horizontal tab.
    @inlinable public static var tab: UInt8 { 0x09 }

    /// The blank.
    @inlinable public static var space: UInt8 { 0x20 }

    /// Whether `byte` may stand in a token: a letter, a digit or one of ``!#$%&'*+-.^_`|~``.
    @inlinable
    public static func isToken(_ byte: UInt8) -> Bool {
        isMember(byte, low: 0x03FF_6CFA_0000_0000, high: 0x57FF_FFFF_C7FF_FFFE)
    }

    /// Whether `byte` may stand in a registered name (RFC 3986 §3.2.2): a letter, a digit, `%` or
    /// one of `-._~!$&'()*+,;=`.
    @inlinable
    public static func isRegisteredName(_ byte: UInt8) -> Bool {
        isMember(byte, low: 0x2BFF_7FF2_0000_0000, high: 0x47FF_FFFE_87FF_FFFE)
    }

    /// Whether the bit of `byte` is set: `low` has those of 0 to 63, `high` those of 64 to 127. Two
    /// constants instead of a table in memory.
    @inlinable
    static func isMember(_ byte: UInt8, low: UInt64, high: UInt64) -> Bool {
        let word = byte & 0x40 == 0 ? low : high
        return byte < 0x80 && (word &>> UInt64(byte & 0x3F)) & 1 == 1
    }

    /// Whether `byte` may stand in a field value: visible ASCII, blank, tab, or beyond ASCII
    /// (`obs-text`).
    @inlinable
    public static func isFieldValue(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != 0x7F || byte == tab
    }

    /// Whether `byte` is a control character, tab included.
    @inlinable
    public static func isControl(_ byte: UInt8) -> Bool { byte < 0x20 || byte == 0x7F }

    /// Whether `byte` is visible ASCII: neither blank, control nor beyond ASCII.
    @inlinable
    public static func isVisible(_ byte: UInt8) -> Bool { byte > 0x20 && byte < 0x7F }

    /// Whether `byte` is a blank or a tab.
    @inlinable
    public static func isBlank(_ byte: UInt8) -> Bool { byte == space || byte == tab }

    /// Whether `byte` is a decimal digit.
    @inlinable
    public static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    /// Whether `byte` is a letter of either case.
    @inlinable
    public static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

    /// The lower-case form of a letter; any other byte unchanged.
    @inlinable
    public static func lowercased(_ byte: UInt8) -> UInt8 {
        byte &- 0x41 < 26 ? byte | 0x20 : byte
    }

    /// The value of a hexadecimal digit of either case, `nil` for any other byte.
    @inlinable
    public static func hexadecimalValue(_ byte: UInt8) -> UInt8? {
        if isDigit(byte) { return byte &- 0x30 }
        let letter = (byte | 0x20) &- 0x61
        return letter < 6 ? letter + 10 : nil
    }
}
