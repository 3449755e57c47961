internal import Bytes

/// A file of a multipart body. What it says of itself is the sender's word only.
public struct FilePart: Equatable, Sendable {
    /// The name of its field, brackets included.
    public var name: String
    /// The name that the sender gave the file: data, never a path. `../` may stand in it.
    public var filename: String
    /// The media type that the sender claims; nil if none.
    public var contentType: String?
    /// Where its bytes stand in the body.
    public var range: Range<Int>

    /// Appends the object that stands for the file in the form's JSON.
    func write(to json: inout ByteQueue, index: Int) {
        json.append("{\"filename\":" as StaticString)
        json.append(jsonString: filename)
        json.append(",\"content_type\":" as StaticString)
        if let contentType {
            json.append(jsonString: contentType)
        } else {
            json.append("null" as StaticString)
        }
        json.append(",\"size\":" as StaticString)
        json.append(decimal: range.count)
        json.append(",\"file\":" as StaticString)
        json.append(decimal: index)
        json.append(UInt8(ascii: "}"))
    }
}
