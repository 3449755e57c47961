import Glibc

/// The setting `HOST`.
enum Host {
    /// An address, or a name that may be one of ours; whether it is shows when listening.
    static func check(_ text: String) throws(Unfit) -> String {
        var address = in6_addr()
        if inet_pton(AF_INET6, text, &address) == 1 { return text }
        let isName =
            text.utf8.count <= 253
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"):
                    true
                default: false
                }
            }
        guard isName else { throw Unfit("must be an address or a name to listen at, not " + text) }
        return text
    }
}
