/// The setting `PUBLIC_URL`.
enum PublicURL {
    /// An absolute http or https URL to which a path can be appended; comes without a slash at its
    /// end.
    static func check(_ text: String) throws(Unfit) -> String {
        let isPlain = text.utf8.allSatisfy { byte in
            byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "?") && byte != UInt8(ascii: "#")
                && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
        }
        let scheme = ["http://", "https://"].first { text.hasPrefix($0) }
        guard isPlain, let scheme, let first = text.dropFirst(scheme.count).first, first != "/"
        else { throw Unfit("must be like https://example.org, not " + text) }
        var url = text[...]
        while url.last == "/" { url.removeLast() }
        return String(url)
    }

    /// Where a server is reached that listens there, from the same machine.
    static func standard(host: String, port: UInt16) -> String {
        let name =
            switch host {
            case "0.0.0.0", "::": "localhost"
            case _ where host.contains(":"): "[" + host + "]"
            default: host
            }
        return "http://" + name + ":" + String(port)
    }
}
