import Bytes

/// Reads a field line: name, colon, value (RFC 9112 §5).
enum FieldLine {
    /// Reads the line that `line` covers, its end not included. `isChecked`: it is known to hold
    /// none of the characters that a value may not hold.
    static func parse(
        _ bytes: Span<UInt8>, _ line: ByteRange, isChecked: Bool = false
    ) throws(RequestError) -> Field {
        guard
            let colon = bytes.position(of: UInt8(ascii: ":"), from: line.lower, to: line.upper),
            colon > line.lower
        else { throw nameError(bytes, line) }
        let name = ByteRange(line.lower, colon)
        let known = FieldName.named(bytes, name)
        // The known names are tokens.
        guard known != .other || ASCII.areToken(bytes, name.lower, name.upper) else {
            throw nameError(bytes, line)
        }
        if !isChecked {
            let end = ASCII.endOfFieldValue(bytes, colon + 1, line.upper)
            guard end == line.upper else {
                throw bytes[end] == ASCII.carriageReturn ? .bareCarriageReturn : .invalidFieldValue
            }
        }
        return Field(
            known: known, name: name, value: trimmed(bytes, ByteRange(colon + 1, line.upper)))
    }

    private static func nameError(_ bytes: Span<UInt8>, _ line: ByteRange) -> RequestError {
        ASCII.isBlank(bytes[line.lower]) ? .foldedFieldLine : .invalidFieldName
    }

    /// `range` without the blanks and tabs at its ends.
    static func trimmed(_ bytes: Span<UInt8>, _ range: ByteRange) -> ByteRange {
        let (lower, upper) = ASCII.trimmed(bytes, range.lower, range.upper)
        return ByteRange(lower, upper)
    }
}
