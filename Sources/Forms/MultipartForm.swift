internal import Bytes

/// Collects the parts of a multipart body that is in memory as a whole.
struct MultipartForm: ~Copyable {
    /// The files so far.
    private(set) var files: [FilePart] = []
    private let limits: Limits
    private var tree: FormTree
    private var text = ByteQueue()
    private var headers: PartHeaders?
    private var content = 0..<0

    /// A form without parts.
    init(limits: Limits) {
        self.limits = limits
        tree = FormTree(limits: limits)
    }

    /// Takes the next event of the parser that reads `body`.
    mutating func receive(
        _ event: MultipartParser.Event, body: UnsafeRawBufferPointer
    ) throws(FormError) {
        switch event {
        case .partBegan(let headers):
            self.headers = headers
            content = 0..<0
        case .partData(let range):
            content = content.isEmpty ? range : content.lowerBound..<range.upperBound
        case .partEnded:
            if let headers { try add(headers, body: body) }
        case .finished: break
        }
    }

    /// Appends all of it as the text of a JSON object.
    func write(to json: inout ByteQueue) {
        tree.write(to: &json, text: text, files: files)
    }

    private mutating func add(
        _ headers: PartHeaders, body: UnsafeRawBufferPointer
    ) throws(FormError) {
        let name = text.count..<(text.count + headers.name.utf8.count)
        guard let filename = headers.filename else {
            let value = name.upperBound..<(name.upperBound + content.count)
            guard value.upperBound <= limits.decodedBytes else { throw .tooLarge(.text) }
            text.append(headers.name)
            text.append(UnsafeRawBufferPointer(rebasing: body[content]))
            let valid = text.withSpan { $0.extracting(value).isValidUTF8 }
            guard valid else { throw .malformed(.encoding) }
            return try tree.insert(name, .text(value), text: text)
        }
        if filename.isEmpty, content.isEmpty { return }
        guard name.upperBound <= limits.decodedBytes else { throw .tooLarge(.text) }
        text.append(headers.name)
        files.append(
            FilePart(
                name: headers.name, filename: filename, contentType: headers.contentType,
                range: content))
        try tree.insert(name, .file(files.count - 1), text: text)
    }
}
