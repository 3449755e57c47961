/// The nested name of a field, taken apart: `a[tags][]` is the levels `a`, `tags`, "at the end".
struct FieldName {
    /// One level of a nested name.
    enum Step: Equatable {
        /// `a` or `[a]`: a member of an object; the range is where the key stands in the text.
        case member(Range<Int>)
        /// `[7]`: an element of an array with its number.
        case element(Int)
        /// `[]`: the last element of an array, or a new one behind it.
        case end
    }

    private var root = 0..<0
    private var steps: [Step] = []

    /// How many levels the name has: one if it is plain.
    var levels: Int { 1 + steps.count }

    /// The step at a level; 0 is the outermost and always a member.
    subscript(level: Int) -> Step {
        level == 0 ? .member(root) : steps[level - 1]
    }

    /// Takes apart the name at `range` of `text`, in place of the one before.
    ///
    /// In brackets, digits without a leading zero are the number of an array's element; everything
    /// else but nothing at all is a key. Brackets that do not pair are an error, as is an empty name.
    mutating func parse(
        _ range: Range<Int>, of text: Span<UInt8>, limits: borrowing Limits
    ) throws(FormError) {
        if !steps.isEmpty { steps.removeAll(keepingCapacity: true) }
        guard !range.isEmpty, range.count <= limits.nameLength else { throw .malformed(.name) }
        var position = range.lowerBound
        while position < range.upperBound, !Self.isBracket(text[position]) {
            position += 1
        }
        guard position > range.lowerBound else { throw .malformed(.name) }
        root = range.lowerBound..<position
        while position < range.upperBound {
            guard text[position] == UInt8(ascii: "[") else { throw .malformed(.name) }
            let start = position + 1
            position = start
            while position < range.upperBound, !Self.isBracket(text[position]) {
                position += 1
            }
            guard position < range.upperBound, text[position] == UInt8(ascii: "]") else {
                throw .malformed(.name)
            }
            guard levels < limits.depth else { throw .malformed(.depth) }
            steps.append(Self.step(start..<position, of: text))
            position += 1
        }
    }

    private static func isBracket(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "[") || byte == UInt8(ascii: "]")
    }

    /// At most nine digits are a number: more would overflow where integers have 32 bits.
    private static func step(_ range: Range<Int>, of text: Span<UInt8>) -> Step {
        if range.isEmpty { return .end }
        let leadingZero = range.count > 1 && text[range.lowerBound] == UInt8(ascii: "0")
        guard range.count <= 9, !leadingZero else { return .member(range) }
        var number = 0
        for index in range {
            guard case UInt8(ascii: "0")...UInt8(ascii: "9") = text[index] else {
                return .member(range)
            }
            number = number * 10 + Int(text[index] - UInt8(ascii: "0"))
        }
        return .element(number)
    }
}
