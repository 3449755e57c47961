import Bytes

/// A media type in which something can be answered, for `Accept` to choose.
public struct OfferedType: Sendable, Equatable {
    /// The type as it is written: in lower case, without parameters.
    public let name: [UInt8]

    /// Where the slash stands.
    let slash: Int

    /// Takes `type/subtype`, letters in either case, each a name that can be registered (RFC 6838
    /// §4.2); nil where it is something else.
    public init?(_ text: String) {
        let name = text.utf8.map(ASCII.lowercased)
        guard let slash = name.firstIndex(of: UInt8(ascii: "/")), slash > 0,
            slash + 1 < name.count
        else { return nil }
        for (position, byte) in name.enumerated() where position != slash {
            guard Self.isRestricted(byte) else { return nil }
        }
        self.name = name
        self.slash = slash
    }

    private static func isRestricted(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "&"),
            UInt8(ascii: "-"), UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "."),
            UInt8(ascii: "+"):
            true
        default: ASCII.isLetter(byte) || ASCII.isDigit(byte)
        }
    }
}
