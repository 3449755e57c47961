import Bytes

/// Reads field lines that are to go into a response: `Name: value`, each ended by a line feed.
enum ResponseFieldLines {
    /// Calls `body` with each line, after it was checked; the last one may lack its line feed.
    static func forEach(
        _ lines: Span<UInt8>, _ body: (Field) -> Void
    ) throws(ResponseError) {
        var lower = 0
        while lower < lines.count {
            var upper = lower
            while upper < lines.count, lines[upper] != ASCII.lineFeed { upper += 1 }
            body(try field(lines, ByteRange(lower, upper)))
            lower = upper + 1
        }
    }

    private static func field(
        _ lines: Span<UInt8>, _ line: ByteRange
    ) throws(ResponseError) -> Field {
        guard !line.isEmpty else { throw .invalidFieldLine }
        let field: Field
        do {
            field = try FieldLine.parse(lines, line)
        } catch {
            throw .invalidFieldLine
        }
        switch field.known {
        case .contentLength, .transferEncoding, .connection: throw .reservedFieldName
        default: return field
        }
    }
}
