internal import Bytes

/// Takes a multipart/form-data body apart as it arrives (RFC 7578, RFC 2046 §5.1).
///
/// Pure and incremental: feed it the body in pieces of any size, then call `finish()`. Content is
/// reported by where it stands in the body, counted from the first byte ever fed, so that whoever
/// keeps the body needs no copy; a range may reach back into earlier pieces by less than the length
/// of a delimiter. Linear in the length of the body: a boundary has no CR in it, so that a
/// delimiter begun in vain can begin again only at the byte that broke it. What stands before the
/// first delimiter and behind the last is ignored. After an error the parser is of no more use.
package struct MultipartParser {
    /// What was found.
    package enum Event: Equatable {
        /// A part's headers are complete.
        case partBegan(PartHeaders)
        /// Content of the part; one part may have several, adjacent ones, or none.
        case partData(Range<Int>)
        /// The part is complete.
        case partEnded
        /// The closing delimiter was found.
        case finished
    }

    private enum State {
        case preamble
        case delimiterEnd
        case closingDash
        case padding
        case delimiterLineFeed
        case header
        case headerLineFeed
        case content
        case epilogue
    }

    private let limits: Limits
    /// CRLF, two dashes, the boundary.
    private let delimiter: [UInt8]
    private var state = State.preamble
    /// How much of the delimiter the last bytes match. A delimiter at the very beginning, of the
    /// body or of a content, needs no CRLF of its own: there the search starts behind it.
    private var matched = 2
    /// How many bytes were fed in earlier pieces.
    private var fed = 0
    /// Up to where content has been reported.
    private var reported = 0
    private var partCount = 0
    private var contentBytes = 0
    private var isFile = false
    private var headerBytes = 0
    private var line: [UInt8] = []
    private var headers = PartHeaders.Reader()

    /// A parser for bodies of one boundary.
    ///
    /// - Parameter boundary: the parameter of the Content-Type, unquoted; a `.malformed(.boundary)`
    ///   if it is not 1 to 70 of the permitted characters, the last of them no space.
    package init(boundary: Span<UInt8>, limits: Limits) throws(FormError) {
        guard (1...70).contains(boundary.count), boundary[boundary.count - 1] != UInt8(ascii: " ")
        else { throw .malformed(.boundary) }
        var delimiter = Array("\r\n--".utf8)
        for index in boundary.indices {
            guard Self.isBoundaryByte(boundary[index]) else { throw .malformed(.boundary) }
            delimiter.append(boundary[index])
        }
        self.delimiter = delimiter
        self.limits = limits
    }

    /// Takes the next piece of the body and reports what it completes.
    package mutating func feed(
        _ piece: Span<UInt8>, _ receive: (Event) throws(FormError) -> Void
    ) throws(FormError) {
        var index = 0
        while index < piece.count {
            switch state {
            case .preamble, .content:
                guard findDelimiter(in: piece, from: &index) else { break }
                try endContent(before: fed + index - delimiter.count, receive)
            case .epilogue:
                index = piece.count
            default:
                let byte = piece[index]
                index += 1
                try step(byte, at: fed + index, receive)
            }
        }
        fed += piece.count
        if case .content = state { try report(to: fed - matched, receive) }
    }

    /// Says that the body is complete: a `.malformed(.incomplete)` if it lacks its closing delimiter.
    package func finish() throws(FormError) {
        guard case .epilogue = state else { throw .malformed(.incomplete) }
    }

    // MARK: Content

    /// Searches on for the delimiter; leaves `index` behind it, or at the end of the piece.
    private mutating func findDelimiter(in piece: Span<UInt8>, from index: inout Int) -> Bool {
        let delimiter = delimiter
        var position = index
        var matched = matched
        while position < piece.count, matched < delimiter.count {
            let byte = piece[position]
            if byte == delimiter[matched] {
                matched += 1
                position += 1
            } else if byte == delimiter[0] {
                matched = 1
                position += 1
            } else {
                matched = 0
                position =
                    piece.position(of: delimiter[0], from: position, to: piece.count)
                    ?? piece.count
            }
        }
        index = position
        let found = matched == delimiter.count
        self.matched = found ? 0 : matched
        return found
    }

    private mutating func endContent(
        before delimiterStart: Int, _ receive: (Event) throws(FormError) -> Void
    ) throws(FormError) {
        if case .content = state {
            try report(to: delimiterStart, receive)
            try receive(.partEnded)
        }
        state = .delimiterEnd
        headerBytes = 0
    }

    private mutating func report(
        to end: Int, _ receive: (Event) throws(FormError) -> Void
    ) throws(FormError) {
        guard end > reported else { return }
        contentBytes += end - reported
        guard !isFile || contentBytes <= limits.fileBytes else { throw .tooLarge(.file) }
        try receive(.partData(reported..<end))
        reported = end
    }

    // MARK: Delimiters and headers

    /// Takes one byte outside of content; `end` is where it ends in the body.
    private mutating func step(
        _ byte: UInt8, at end: Int, _ receive: (Event) throws(FormError) -> Void
    ) throws(FormError) {
        headerBytes += 1
        guard headerBytes <= limits.partHeaderBytes else { throw .tooLarge(.partHeader) }
        switch (state, byte) {
        case (.delimiterEnd, UInt8(ascii: "-")):
            state = .closingDash
        case (.closingDash, UInt8(ascii: "-")):
            state = .epilogue
            try receive(.finished)
        case (.delimiterEnd, UInt8(ascii: " ")), (.delimiterEnd, UInt8(ascii: "\t")),
            (.padding, UInt8(ascii: " ")), (.padding, UInt8(ascii: "\t")):
            state = .padding
        case (.delimiterEnd, UInt8(ascii: "\r")), (.padding, UInt8(ascii: "\r")):
            state = .delimiterLineFeed
        case (.delimiterLineFeed, UInt8(ascii: "\n")):
            try beginHeaders()
        case (.header, UInt8(ascii: "\r")):
            state = .headerLineFeed
        case (.header, UInt8(ascii: "\n")):
            throw .malformed(.header)
        case (.header, _):
            line.append(byte)
        case (.headerLineFeed, UInt8(ascii: "\n")):
            try endLine(at: end, receive)
        case (.headerLineFeed, _):
            throw .malformed(.header)
        default:
            throw .malformed(.delimiter)
        }
    }

    private mutating func beginHeaders() throws(FormError) {
        guard partCount < limits.partCount else { throw .tooLarge(.parts) }
        partCount += 1
        headerBytes = 0
        headers = PartHeaders.Reader()
        state = .header
    }

    private mutating func endLine(
        at end: Int, _ receive: (Event) throws(FormError) -> Void
    ) throws(FormError) {
        guard line.isEmpty else {
            try headers.read(line)
            line.removeAll(keepingCapacity: true)
            state = .header
            return
        }
        let part = try headers.finish()
        isFile = part.filename != nil
        contentBytes = 0
        reported = end
        matched = 2
        state = .content
        try receive(.partBegan(part))
    }

    /// RFC 2046 §5.1.1, `bchars`.
    private static func isBoundaryByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "'")...UInt8(ascii: ")"), UInt8(ascii: "+")...UInt8(ascii: ":"),
            UInt8(ascii: "_"), UInt8(ascii: "="), UInt8(ascii: "?"), UInt8(ascii: " "):
            true
        default: false
        }
    }
}
