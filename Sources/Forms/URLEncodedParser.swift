package import Bytes

/// Takes an urlencoded body or query string apart into pairs (WHATWG URL §5.1, but strict: a
/// malformed escape or text that is not UTF-8 is an error, not something to repair).
package struct URLEncodedParser {
    /// One pair; the ranges are offsets into the text that `next(in:into:)` appended to.
    package struct Pair: Equatable {
        /// The decoded name.
        package var name: Range<Int>
        /// The decoded value; empty where the pair has no `=`.
        package var value: Range<Int>
    }

    private var position = 0

    /// A parser at the start of its input.
    package init() {}

    /// Decodes the next pair, appending its name and value to `text`; nil at the end.
    ///
    /// - Parameter bytes: the whole input, the same one at each call.
    package mutating func next(
        in bytes: Span<UInt8>, into text: inout ByteQueue
    ) throws(FormError) -> Pair? {
        while position < bytes.count, bytes[position] == UInt8(ascii: "&") {
            position += 1
        }
        guard position < bytes.count else { return nil }
        let start = position
        var equals: Int?
        while position < bytes.count, bytes[position] != UInt8(ascii: "&") {
            if bytes[position] == UInt8(ascii: "="), equals == nil { equals = position }
            position += 1
        }
        let nameEnd = equals ?? position
        let valueStart = equals.map { $0 + 1 } ?? position
        return Pair(
            name: try decode(bytes.extracting(start..<nameEnd), into: &text),
            value: try decode(bytes.extracting(valueStart..<position), into: &text))
    }

    private func decode(
        _ bytes: Span<UInt8>, into text: inout ByteQueue
    ) throws(FormError) -> Range<Int> {
        let start = text.count
        guard text.append(percentDecoded: bytes, plusIsSpace: true) else {
            throw .malformed(.escape)
        }
        let range = start..<text.count
        let valid = text.withSpan { $0.extracting(range).isValidUTF8 }
        guard valid else { throw .malformed(.encoding) }
        return range
    }
}
