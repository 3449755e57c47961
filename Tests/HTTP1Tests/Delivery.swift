import Bytes
import HTTP1

/// Delivers `bytes` to a connection, in pieces that begin at `cuts`, answers each request, then
/// ends the input; returns what came of it, as told at `corpus`.
func outcome(
    of bytes: [UInt8], cuts: [Int] = [], limits: Limits = Limits()
) -> [String] {
    var connection = ServerConnection(limits: limits)
    var lines: [String] = []
    var start = 0
    for end in cuts + [bytes.count] {
        connection.input.append(Array(bytes[start..<end]))
        start = end
        lines += drain(&connection)
    }
    connection.inputEnded()
    lines += drain(&connection)
    if connection.phase != .closed { lines.append("not closed") }
    return lines
}

/// Every cut there is: byte by byte.
func everyCut(_ bytes: [UInt8]) -> [Int] { Array(0...bytes.count) }

/// Lets the connection do what it can, answering each request.
func drain(_ connection: inout ServerConnection) -> [String] {
    var lines: [String] = []
    while true {
        switch connection.next() {
        case .needMoreBytes, .closed: return lines
        case .head, .sendContinue: continue
        case .refuse(let error): lines.append("\(error.status) \(error)")
        case .request:
            lines.append(describe(connection))
            _ = connection.finishResponse()
        }
    }
}

func text(_ bytes: some Sequence<UInt8>) -> String {
    String(decoding: Array(bytes), as: UTF8.self)
        .unicodeScalars.map { $0 == "\r" ? "\\r" : $0 == "\n" ? "\\n" : String($0) }.joined()
}

func text(_ range: ByteRange, of connection: borrowing ServerConnection) -> String {
    text(connection.headBytes[range.lower..<range.upper])
}

private func describe(_ connection: borrowing ServerConnection) -> String {
    let head = connection.head
    var words = ["\(head.method.name)", text(head.path, of: connection)]
    if let query = head.query { words.append("?" + text(query, of: connection)) }
    if head.minorVersion == 0 { words.append("1.0") }
    if !connection.body.isEmpty { words.append(text(connection.body)) }
    words.append(connection.keepsAlive ? "keeps" : "closes")
    return words.joined(separator: " ")
}
