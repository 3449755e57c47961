/// Environment variables, read with a check each.
struct Variables {
    private let environment: [String: String]

    init(_ environment: [String: String]) { self.environment = environment }

    /// The value as it is; nil where unset or empty.
    func text(_ name: String) -> String? {
        guard let text = environment[name], !text.isEmpty else { return nil }
        return text
    }

    /// What a check makes of the value; nil where unset.
    func value<Value>(
        _ name: String, _ check: (String) throws(Unfit) -> Value
    ) throws(ConfigurationError) -> Value? {
        guard let text = text(name) else { return nil }
        do throws(Unfit) {
            return try check(text)
        } catch {
            throw ConfigurationError(variable: name, problem: error.problem)
        }
    }

    /// A whole number between bounds; nil where unset.
    func number(_ name: String, in range: ClosedRange<Int>) throws(ConfigurationError) -> Int? {
        try value(name) { text throws(Unfit) in
            guard text.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }),
                let number = Int(text), range.contains(number)
            else {
                throw Unfit(
                    "must be a number from \(range.lowerBound) to \(range.upperBound), not " + text)
            }
            return number
        }
    }

    /// One of a few words; nil where unset.
    func choice<Value>(
        _ name: String, _ words: KeyValuePairs<String, Value>
    ) throws(ConfigurationError) -> Value? {
        try value(name) { text throws(Unfit) in
            guard let match = words.first(where: { $0.key == text }) else {
                throw Unfit(
                    "must be one of " + words.map(\.key).joined(separator: ", ") + ", not " + text)
            }
            return match.value
        }
    }
}

/// What is wrong with a value, in words that follow the variable's name.
struct Unfit: Error {
    var problem: String

    init(_ problem: String) { self.problem = problem }
}
