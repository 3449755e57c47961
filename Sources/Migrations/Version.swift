/// A version number like `1.12.3`, compared number by number; what is not a number counts as 0.
struct Version: Comparable {
    private let numbers: [Int]

    init(_ text: String) {
        var numbers = text.split(separator: ".").map { part in
            Int(part.prefix { $0.isASCII && $0.isNumber }) ?? 0
        }
        while numbers.last == 0 { numbers.removeLast() }
        self.numbers = numbers
    }

    static func < (left: Version, right: Version) -> Bool {
        left.numbers.lexicographicallyPrecedes(right.numbers)
    }
}
