import Bytes

/// Reads `Accept`: which of the media types that are offered a client likes best (RFC 9110 §12.5.1).
///
/// Of the ranges that cover a type the most specific one gives its weight, whatever the order; of
/// equally specific ones the heaviest. Parameters other than the weight are passed over, so that
/// `application/json; charset=utf-8` is JSON; so are members that are malformed.
public enum Accept {
    /// The place in `offers`, at least one, of the type with the greatest weight, of the first one
    /// among equals; nil where no type is acceptable.
    ///
    /// All `Accept` lines of a head count together. Where there is none, and where they have no
    /// member, everything is acceptable. O(bytes of the values × offers); allocates nothing.
    public static func choice(
        among offers: [OfferedType], for head: borrowing RequestHead,
        in headBytes: UnsafeRawBufferPointer
    ) -> Int? {
        guard head.has(.accept) else { return 0 }
        let bytes = headBytes.bindMemory(to: UInt8.self)
        var best = Best()
        for index in offers.indices where !best.isSettled {
            var opinion = Opinion()
            for field in head.fields where field.known == .accept {
                let value = UnsafeBufferPointer(
                    rebasing: bytes[field.value.lower..<field.value.upper])
                opinion.take(value.span, of: offers[index])
            }
            best.take(opinion, index)
        }
        return best.index
    }

    /// The same for the value of a single field line.
    public static func choice(among offers: [OfferedType], by value: Span<UInt8>) -> Int? {
        var best = Best()
        for index in offers.indices where !best.isSettled {
            var opinion = Opinion()
            opinion.take(value, of: offers[index])
            best.take(opinion, index)
        }
        return best.index
    }

    /// The greatest weight, in thousandths.
    private static let greatest = 1000

    private struct Best {
        private(set) var index: Int?
        private var weight = 0

        /// Whether nothing can be better: among equals the first one wins.
        var isSettled: Bool { weight == Accept.greatest }

        mutating func take(_ opinion: Opinion, _ index: Int) {
            guard opinion.weight > weight else { return }
            weight = opinion.weight
            self.index = index
        }
    }

    /// What a client thinks of one type.
    private struct Opinion {
        private var hasMembers = false
        /// 1 for `*/*`, 2 for `type/*`, 3 for the type itself; 0 while no range covers it.
        private var specificity = 0
        private var found = 0

        var weight: Int { hasMembers ? found : Accept.greatest }

        mutating func take(_ value: Span<UInt8>, of offer: OfferedType) {
            var position = 0
            while position < value.count {
                if ASCII.isBlank(value[position]) || value[position] == UInt8(ascii: ",") {
                    position += 1
                } else {
                    position = takeMember(value, from: position, of: offer)
                }
            }
        }

        /// Reads one member of the list and returns where it ends.
        private mutating func takeMember(
            _ value: Span<UInt8>, from start: Int, of offer: OfferedType
        ) -> Int {
            var end = start
            var slashes = 0
            while end < value.count, ASCII.isToken(value[end]) || value[end] == UInt8(ascii: "/") {
                if value[end] == UInt8(ascii: "/") { slashes += 1 }
                end += 1
            }
            var parameters = Parameters(from: end)
            var weight = Accept.greatest
            while parameters.advance(value) {
                let name = parameters.name
                if ASCII.equals(value, name.lower, name.upper, ignoringCase: "q") {
                    weight = Accept.weight(value, parameters.value)
                }
            }
            guard slashes == 1, parameters.isValid else {
                return Accept.nextComma(value, from: parameters.position)
            }
            hasMembers = true
            let covering = Accept.specificity(value, ByteRange(start, end), of: offer)
            if covering > specificity {
                specificity = covering
                found = weight
            } else if covering == specificity, covering > 0 {
                found = max(found, weight)
            }
            return parameters.position
        }
    }

    private static func specificity(
        _ value: Span<UInt8>, _ range: ByteRange, of offer: OfferedType
    ) -> Int {
        if ASCII.equals(value, range.lower, range.upper, ignoringCase: "*/*") { return 1 }
        if ASCII.equals(value, range.lower, range.upper, ignoringCase: offer.name.span) {
            return 3
        }
        let type = offer.slash + 1
        guard range.count == type + 1, value[range.upper - 1] == UInt8(ascii: "*") else { return 0 }
        return ASCII.equals(
            value, range.lower, range.upper - 1,
            ignoringCase: offer.name.span.extracting(..<type)) ? 2 : 0
    }

    /// A weight in thousandths. Some clients write `.2`, which is no weight and yet clear; what is
    /// not clear is 1, and nothing but zero excludes.
    private static func weight(_ value: Span<UInt8>, _ range: ByteRange) -> Int {
        var weight = 0
        var unit = greatest
        var hasDigits = false
        for position in range.lower..<range.upper {
            let byte = value[position]
            if byte == UInt8(ascii: "."), unit == greatest {
                unit /= 10
                continue
            }
            guard ASCII.isDigit(byte) else { return greatest }
            let digit = Int(byte - UInt8(ascii: "0"))
            hasDigits = true
            weight = min(greatest, max(weight + digit * unit, min(digit, 1)))
            if unit < greatest { unit /= 10 }
        }
        return hasDigits ? weight : greatest
    }

    private static func nextComma(_ value: Span<UInt8>, from start: Int) -> Int {
        var position = start
        while position < value.count, value[position] != UInt8(ascii: ",") { position += 1 }
        return position
    }
}
