import Bytes

/// Reads the head of one request after the other (RFC 9112 §2–§5).
///
/// It looks at a line when the whole of it is there and remembers how far it looked for the line's
/// end, so that the work is linear however the bytes arrive, and the outcome the same.
public struct RequestParser: Sendable {
    /// What was read so far; complete when `parseHead` says so.
    public private(set) var head = RequestHead()

    /// Whether anything of a request has arrived; the empty lines before it do not count.
    public private(set) var hasBegun = false

    private enum State {
        case requestLine, fields, complete
    }

    /// Empty lines that RFC 9112 §2.2 asks to pass over before a request line.
    private static let toleratedEmptyLines = 2

    private let limits: Limits
    private var state = State.requestLine
    private var rules = FramingRules()
    private var emptyLines = 0
    private var fieldSectionStart = 0
    private var lineStart = 0
    private var scanned = 0

    /// Creates a parser that keeps these limits.
    public init(limits: Limits) {
        self.limits = limits
    }

    /// Reads on in `input`, which starts at the first byte of the head and holds everything that
    /// has arrived since, and returns whether the head is complete.
    ///
    /// After an error only `reset()` makes sense. O(length of the head), all calls together.
    public mutating func parseHead(_ input: Span<UInt8>) throws(RequestError) -> Bool {
        if !hasBegun, state == .requestLine, try !passEmptyLines(input) { return false }
        while state != .complete {
            let isChecked = findCleanLineEnd(input)
            if !isChecked, try !findLineEnd(input) { return false }
            let lineFeed = scanned
            try checkLength(upTo: lineFeed + 1, input)
            guard lineFeed > lineStart, input[lineFeed - 1] == ASCII.carriageReturn else {
                throw .bareLineFeed
            }
            try takeLine(input, ByteRange(lineStart, lineFeed - 1), isChecked: isChecked)
            lineStart = lineFeed + 1
            scanned = lineStart
        }
        return true
    }

    /// Makes the parser ready for the next request; the memory of the fields is kept.
    public mutating func reset() {
        head.reset()
        hasBegun = false
        state = .requestLine
        rules = FramingRules()
        emptyLines = 0
        lineStart = 0
        scanned = 0
    }

    /// Gives the memory of the fields back.
    mutating func releaseMemory() {
        head.fields = []
    }

    private mutating func takeLine(
        _ input: Span<UInt8>, _ line: ByteRange, isChecked: Bool
    ) throws(RequestError) {
        if state == .requestLine {
            try RequestLine.parse(input, line, into: &head)
            state = .fields
            fieldSectionStart = line.upper + 2
            // One allocation instead of several while the first fields arrive.
            if head.fields.capacity == 0 { head.fields.reserveCapacity(16) }
        } else if line.isEmpty {
            try rules.finish(&head)
            head.length = line.upper + 2
            state = .complete
        } else {
            guard head.fields.count < limits.fieldCount else { throw .tooManyFields }
            let field = try FieldLine.parse(input, line, isChecked: isChecked)
            try rules.take(field, input, &head)
            head.append(field)
        }
    }

    /// Passes over the empty lines before a request line; false: the line has not begun yet.
    ///
    /// A first byte that no request begins with is refused at once: whoever speaks another protocol
    /// here, TLS above all, learns it before the time limit.
    private mutating func passEmptyLines(_ input: Span<UInt8>) throws(RequestError) -> Bool {
        while lineStart < input.count {
            switch input[lineStart] {
            case ASCII.carriageReturn:
                guard lineStart + 1 < input.count else { return false }
                guard input[lineStart + 1] == ASCII.lineFeed else { throw .bareCarriageReturn }
                guard emptyLines < Self.toleratedEmptyLines else { throw .invalidRequestLine }
                emptyLines += 1
                lineStart += 2
                scanned = lineStart
            case ASCII.lineFeed: throw .bareLineFeed
            case let byte:
                hasBegun = true
                guard ASCII.isToken(byte) else { throw .invalidMethod }
                return true
            }
        }
        return false
    }

    /// Moves `scanned` to the line feed of the current line, if the line has arrived at once and
    /// holds no control characters: then one pass finds its end and checks it.
    private mutating func findCleanLineEnd(_ input: Span<UInt8>) -> Bool {
        guard scanned == lineStart else { return false }
        let end = ASCII.endOfFieldValue(input, lineStart, input.count)
        guard end + 1 < input.count, input[end] == ASCII.carriageReturn,
            input[end + 1] == ASCII.lineFeed
        else { return false }
        scanned = end + 1
        return true
    }

    /// Moves `scanned` to the line feed of the current line; false where it has not arrived.
    private mutating func findLineEnd(_ input: Span<UInt8>) throws(RequestError) -> Bool {
        let lineFeed = input.position(of: ASCII.lineFeed, from: scanned, to: input.count)
        scanned = lineFeed ?? input.count
        if lineFeed != nil { return true }
        try checkLength(upTo: scanned, input)
        return false
    }

    /// Refuses a line that is, complete or not, longer than allowed. It comes before any look into
    /// the line, for the outcome must not depend on how much of it has arrived.
    private mutating func checkLength(
        upTo end: Int, _ input: Span<UInt8>
    ) throws(RequestError) {
        let count = end - lineStart
        switch state {
        case .requestLine where count >= limits.requestLineBytes + 2:
            // The line's end does not count: at this length the last two bytes are it, or the line
            // is too long.
            if count > limits.requestLineBytes + 2 || input[end - 2] != ASCII.carriageReturn
                || input[end - 1] != ASCII.lineFeed
            {
                head.path = RequestLine.path(
                    ofOverlongLine: input, from: lineStart, limit: limits.requestLineBytes)
                throw .requestLineTooLong
            }
        case .fields where end - fieldSectionStart > limits.fieldSectionBytes:
            // The empty line that ends the head does not count, nor does the first half of it.
            let isEmptyLine =
                count == 0
                || count <= 2 && input[lineStart] == ASCII.carriageReturn
                    && (count == 1 || input[lineStart + 1] == ASCII.lineFeed)
            if !isEmptyLine { throw .fieldSectionTooLarge }
        case .requestLine, .fields, .complete: break
        }
    }
}
