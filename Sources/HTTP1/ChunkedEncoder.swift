public import Bytes

/// Writes a body whose length is not known beforehand, chunk by chunk (RFC 9112 §7.1).
///
/// The head carries `Transfer-Encoding: chunked` and no `Content-Length`. A client of HTTP/1.0 does
/// not understand it: its body is sent as it is and ended by closing.
public struct ChunkedEncoder {
    /// Writes one chunk; nothing for no bytes, because an empty chunk ends the body.
    public static func chunk(_ bytes: UnsafeRawBufferPointer, to output: inout ByteQueue) {
        guard !bytes.isEmpty else { return }
        appendHexadecimal(bytes.count, to: &output)
        output.append("\r\n")
        output.append(bytes)
        output.append("\r\n")
    }

    /// Ends the body.
    public static func finish(to output: inout ByteQueue) {
        output.append("0\r\n\r\n")
    }

    /// Ends the body with trailers: lines `Name: value`, each ended by a line feed. Where one of
    /// them is wrong, nothing is written.
    public static func finish(
        trailers: UnsafeRawBufferPointer, to output: inout ByteQueue
    ) throws(ResponseError) {
        _ = try ResponseWriter.checkFieldLines(trailers)
        output.append("0\r\n")
        try ResponseWriter.fieldLines(trailers, to: &output)
        output.append("\r\n")
    }

    private static func appendHexadecimal(_ number: Int, to output: inout ByteQueue) {
        var shift = (Int.bitWidth - 1 - number.leadingZeroBitCount) / 4 * 4
        while shift >= 0 {
            let digit = UInt8(truncatingIfNeeded: number >> shift) & 0xF
            output.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
            shift -= 4
        }
    }
}
