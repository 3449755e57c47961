/// Swift source for a string.
enum SwiftLiteral {
    /// A raw multi-line literal, at the start of a line or not, that is exactly this text.
    static func raw(_ text: String) -> String {
        // More number signs than any run in the text: neither the end of the literal nor an escape
        // can stand in it.
        let marks = String(repeating: "#", count: longestRunOfMarks(in: text) + 1)
        var literal = marks + "\"\"\"\n"
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n", "\t": literal.unicodeScalars.append(scalar)
            case _ where scalar.value < 0x20 || scalar.value == 0x7F || scalar == "\u{FEFF}":
                // Swift changes line ends of the source, and warns at other controls.
                literal += "\\" + marks + "u{" + String(scalar.value, radix: 16) + "}"
            default: literal.unicodeScalars.append(scalar)
            }
        }
        return literal + "\n\"\"\"" + marks
    }

    private static func longestRunOfMarks(in text: String) -> Int {
        var longest = 0
        var current = 0
        for byte in text.utf8 {
            current = byte == UInt8(ascii: "#") ? current + 1 : 0
            longest = max(longest, current)
        }
        return longest
    }
}
