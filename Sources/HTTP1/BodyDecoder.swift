import Bytes

/// Finds the body of a message in the bytes that follow its head (RFC 9112 §6, §7.1).
///
/// Chunk extensions are passed over, trailers are read as strictly as field lines and dropped.
public struct BodyDecoder: Sendable {
    /// What one call found.
    public struct Progress: Sendable, Equatable {
        /// How many bytes of the input are done with; the next call starts after them.
        public let consumed: Int

        /// The bytes of the body among them, as offsets into the input; perhaps none.
        public let payload: ByteRange

        /// Whether the message is complete.
        public let isComplete: Bool
    }

    private enum State {
        /// Body bytes: of `Content-Length`, or of a chunk.
        case counted, chunk
        case firstDigit, digits, blank, extensions, sizeLineFeed
        case chunkReturn, chunkLineFeed
        case trailer, trailerName, trailerValue, trailerLineFeed, lastLineFeed
        case complete
    }

    private let chunkLineLimit: Int
    private let trailerLimit: Int
    private var state: State
    /// What the body may still take up.
    private var budget: Int
    /// Bytes still to come of the counted body or the chunk.
    private var remaining = 0
    /// Bytes of the chunk line.
    private var chunkLineBytes = 0
    private var trailerBytes = 0

    /// Creates a decoder of one body of at most `limit` bytes.
    public init(framing: Framing, limit: Int, limits: Limits) {
        chunkLineLimit = limits.chunkLineBytes
        trailerLimit = limits.trailerBytes
        budget = limit
        switch framing {
        case .none, .length(0): state = .complete
        case .length(let count):
            state = .counted
            remaining = count
        case .chunked: state = .firstDigit
        }
    }

    /// Reads on in `input`, up to the end of the next run of body bytes. To be called again, with
    /// what follows the consumed bytes, until nothing is consumed or the message is complete.
    public mutating func decode(_ input: Span<UInt8>) throws(RequestError) -> Progress {
        if state == .counted, remaining > budget { throw .bodyTooLarge }
        var position = 0
        while position < input.count {
            switch state {
            case .counted, .chunk:
                let end = position + min(remaining, input.count - position)
                remaining -= end - position
                if remaining == 0 { state = state == .counted ? .complete : .chunkReturn }
                return Progress(
                    consumed: end, payload: ByteRange(position, end),
                    isComplete: state == .complete)
            case .complete:
                return Progress(
                    consumed: position, payload: ByteRange(position, position), isComplete: true)
            case .firstDigit, .digits, .blank, .extensions:
                try readChunkLine(input[position])
            case .sizeLineFeed, .chunkReturn, .chunkLineFeed:
                try readChunkEdge(input[position])
            case .trailer, .trailerName, .trailerValue, .trailerLineFeed, .lastLineFeed:
                try readTrailer(input[position])
            }
            position += 1
        }
        return Progress(
            consumed: position, payload: ByteRange(position, position),
            isComplete: state == .complete)
    }

    /// The size of a chunk and its extensions, up to the carriage return.
    private mutating func readChunkLine(_ byte: UInt8) throws(RequestError) {
        if byte == ASCII.lineFeed { throw .bareLineFeed }
        if byte == ASCII.carriageReturn, state == .digits || state == .extensions {
            state = .sizeLineFeed
            return
        }
        chunkLineBytes += 1
        guard chunkLineBytes <= chunkLineLimit else { throw .chunkLineTooLong }
        switch state {
        case .extensions:
            guard ASCII.isFieldValue(byte) else { throw .invalidChunk }
        case .digits where byte == UInt8(ascii: ";"), .blank where byte == UInt8(ascii: ";"):
            state = .extensions
        case .digits where ASCII.isBlank(byte), .blank where ASCII.isBlank(byte):
            // Blanks are allowed before an extension (RFC 9112 §7.1.1) and nowhere else.
            state = .blank
        default:
            guard state != .blank, let digit = ASCII.hexadecimalValue(byte) else {
                throw .invalidChunk
            }
            state = .digits
            let (product, overflow) = remaining.multipliedReportingOverflow(by: 16)
            guard !overflow, product <= budget - Int(digit) else { throw .bodyTooLarge }
            remaining = product + Int(digit)
        }
    }

    /// The line ends after a chunk's size and after its data.
    private mutating func readChunkEdge(_ byte: UInt8) throws(RequestError) {
        switch state {
        case .chunkReturn:
            guard byte == ASCII.carriageReturn else {
                throw byte == ASCII.lineFeed ? .bareLineFeed : .invalidChunk
            }
            state = .chunkLineFeed
        case .chunkLineFeed:
            guard byte == ASCII.lineFeed else { throw .bareCarriageReturn }
            chunkLineBytes = 0
            state = .firstDigit
        default:
            guard byte == ASCII.lineFeed else { throw .bareCarriageReturn }
            budget -= remaining
            state = remaining > 0 ? .chunk : .trailer
        }
    }

    /// The trailer lines and the empty line that ends the message.
    private mutating func readTrailer(_ byte: UInt8) throws(RequestError) {
        if state == .lastLineFeed {
            guard byte == ASCII.lineFeed else { throw .bareCarriageReturn }
            state = .complete
            return
        }
        if state == .trailer, byte == ASCII.carriageReturn {
            state = .lastLineFeed
            return
        }
        trailerBytes += 1
        guard trailerBytes <= trailerLimit else { throw .trailersTooLarge }
        guard byte != ASCII.lineFeed || state == .trailerLineFeed else { throw .bareLineFeed }
        switch state {
        case .trailerValue where byte == ASCII.carriageReturn:
            state = .trailerLineFeed
        case .trailerValue:
            guard ASCII.isFieldValue(byte) else { throw .invalidFieldValue }
        case .trailerLineFeed:
            guard byte == ASCII.lineFeed else { throw .bareCarriageReturn }
            state = .trailer
        case .trailerName where byte == UInt8(ascii: ":"):
            state = .trailerValue
        default:
            guard ASCII.isToken(byte) else {
                let isFolded = state == .trailer && ASCII.isBlank(byte)
                throw isFolded ? .foldedFieldLine : .invalidFieldName
            }
            state = .trailerName
        }
    }
}
