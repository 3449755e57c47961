public import Bytes

/// Turns the encodings of HTML forms into JSON text, so that what stands behind needs to know only
/// one: `user[email]=x` becomes `{"user":{"email":"x"}}`. How names nest is told at `FormTree`.
public enum Form {
    /// Turns an urlencoded body or a query string into the text of a JSON object.
    ///
    /// - Parameter json: the text is appended to it; on an error nothing is.
    public static func appendJSON(
        urlEncoded bytes: UnsafeRawBufferPointer, limits: Limits = Limits(),
        to json: inout ByteQueue
    ) throws(FormError) {
        var parser = URLEncodedParser()
        var tree = FormTree(limits: limits)
        var text = ByteQueue()
        let input = bytes.bindMemory(to: UInt8.self).span
        while let pair = try parser.next(in: input, into: &text) {
            guard text.count <= limits.decodedBytes else { throw .tooLarge(.text) }
            try tree.insert(pair.name, .text(pair.value), text: text)
        }
        tree.write(to: &json, text: text)
    }

    /// Turns a complete multipart/form-data body into the text of a JSON object.
    ///
    /// A file (a part with a filename) stands in it as
    /// `{"filename":…,"content_type":…,"size":…,"file":index}`, with null for a content type that was
    /// not given. A file part without a name and without a byte is what browsers send where no file
    /// was chosen, and is left out.
    /// - Parameters:
    ///   - boundary: the parameter of the Content-Type, unquoted.
    ///   - json: the text is appended to it; on an error nothing is.
    /// - Returns: the files in the order in which they came.
    public static func appendJSON(
        multipart bytes: UnsafeRawBufferPointer, boundary: Span<UInt8>, limits: Limits = Limits(),
        to json: inout ByteQueue
    ) throws(FormError) -> [FilePart] {
        var parser = try MultipartParser(boundary: boundary, limits: limits)
        var form = MultipartForm(limits: limits)
        try parser.feed(bytes.bindMemory(to: UInt8.self).span) { (event) throws(FormError) in
            try form.receive(event, body: bytes)
        }
        try parser.finish()
        form.write(to: &json)
        return form.files
    }
}
