import Bytes

/// Reads `Accept`: whether the client takes JSON (RFC 9110 §12.5.1).
public enum Accept {
    /// Whether `value`, of one field line, leaves `application/json` in. Among the ranges that
    /// cover it the most specific one decides, whatever the order; members that are malformed are
    /// passed over, and a value without any member excludes nothing.
    public static func allowsJSON(_ value: Span<UInt8>) -> Bool {
        var verdict = Verdict()
        verdict.take(value)
        return verdict.allowsJSON
    }

    /// The same for all `Accept` lines of a head together; true where there are none.
    public static func allowsJSON(
        _ head: RequestHead, in headBytes: UnsafeRawBufferPointer
    ) -> Bool {
        guard head.has(.accept) else { return true }
        let bytes = headBytes.bindMemory(to: UInt8.self)
        var verdict = Verdict()
        for field in head.fields where field.known == .accept {
            let value = UnsafeBufferPointer(
                rebasing: bytes[field.value.lower..<field.value.upper])
            verdict.take(value.span)
        }
        return verdict.allowsJSON
    }

    private struct Verdict {
        private var hasMembers = false
        /// 1 for `*/*`, 2 for `application/*`, 3 for `application/json`; 0 for none of them.
        private var specificity = 0
        private var isAccepted = false

        var allowsJSON: Bool { !hasMembers || isAccepted }

        mutating func take(_ value: Span<UInt8>) {
            var position = 0
            while position < value.count {
                if ASCII.isBlank(value[position]) || value[position] == UInt8(ascii: ",") {
                    position += 1
                } else {
                    position = takeMember(value, from: position)
                }
            }
        }

        /// Reads one member of the list and returns where it ends.
        private mutating func takeMember(_ value: Span<UInt8>, from start: Int) -> Int {
            var end = start
            var slashes = 0
            while end < value.count, ASCII.isToken(value[end]) || value[end] == UInt8(ascii: "/") {
                if value[end] == UInt8(ascii: "/") { slashes += 1 }
                end += 1
            }
            var parameters = Parameters(from: end)
            var weighs = true
            while parameters.advance(value) {
                let name = parameters.name
                if ASCII.equals(value, name.lower, name.upper, ignoringCase: "q") {
                    weighs = !Accept.isZero(value, parameters.value)
                }
            }
            guard slashes == 1, parameters.isValid else {
                return Accept.nextComma(value, from: parameters.position)
            }
            hasMembers = true
            let covering = Accept.specificity(value, ByteRange(start, end))
            if covering > specificity {
                specificity = covering
                isAccepted = weighs
            } else if covering == specificity, covering > 0 {
                isAccepted = isAccepted || weighs
            }
            return parameters.position
        }
    }

    private static func specificity(_ value: Span<UInt8>, _ range: ByteRange) -> Int {
        func spells(_ word: StaticString) -> Bool {
            ASCII.equals(value, range.lower, range.upper, ignoringCase: word)
        }
        if spells("application/json") { return 3 }
        if spells("application/*") { return 2 }
        return spells("*/*") ? 1 : 0
    }

    /// Whether a weight is zero. Nothing else excludes: some clients write `.2`, which is no weight
    /// and yet clear.
    private static func isZero(_ value: Span<UInt8>, _ range: ByteRange) -> Bool {
        guard value[range.lower] == UInt8(ascii: "0") else { return false }
        for position in range.lower + 1..<range.upper {
            let byte = value[position]
            guard byte == UInt8(ascii: "0") || byte == UInt8(ascii: ".") else { return false }
        }
        return true
    }

    private static func nextComma(_ value: Span<UInt8>, from start: Int) -> Int {
        var position = start
        while position < value.count, value[position] != UInt8(ascii: ",") { position += 1 }
        return position
    }
}
