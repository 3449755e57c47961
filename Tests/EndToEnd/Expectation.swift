import Foundation

/// The placeholders of a conversation and what they stood for so far.
///
/// The word before a dot is the kind, what follows tells several of a kind apart:
/// - `<id>`, `<id.other>`: a positive whole number, the same wherever the name stands;
/// - `<token>`: a session token, a fresh one wherever it stands in an answer;
/// - `<time>`: a time in UTC with milliseconds;
/// - `<request>`: a request id;
/// - `<link>`, `<secret>`, `<code>`: what a mail carried.
struct Expectation {
    /// What each placeholder stands for.
    private(set) var bound: [String: String] = [:]

    /// Makes a placeholder stand for a text.
    mutating func bind(_ name: String, to text: String) { bound[name] = text }

    /// Puts what the placeholders stand for into a part of a request.
    func filled(_ text: String) -> String {
        bound.reduce(text) { $0.replacingOccurrences(of: "<\($1.key)>", with: $1.value) }
    }

    /// Compares, binding placeholders.
    ///
    /// - Returns: the differences, each with its place; empty when the answer is as expected.
    mutating func differences(_ expected: JSON, _ actual: JSON, at place: String) -> [String] {
        switch (expected, actual) {
        case (.placeholder(let name), .number(let text)) where kind(name) == "id":
            guard let number = Int(text), number > 0 else { return ["\(place): \(text) is no id"] }
            return match(name, text, place)
        case (.string(let pattern), .string(let text)) where isPlaceholder(pattern):
            return match(String(pattern.dropFirst().dropLast()), text, place)
        case (.object(let left), .object(let right)):
            guard left.map(\.name) == right.map(\.name) else {
                return ["\(place): members \(right.map(\.name)), expected \(left.map(\.name))"]
            }
            var differences: [String] = []
            for (one, other) in zip(left, right) {
                differences += self.differences(
                    one.value, other.value, at: "\(place).\(one.name)")
            }
            return differences
        case (.array(let left), .array(let right)):
            guard left.count == right.count else {
                return ["\(place): \(right.count) elements, expected \(left.count)"]
            }
            var differences: [String] = []
            for (index, pair) in zip(left, right).enumerated() {
                differences += self.differences(pair.0, pair.1, at: "\(place)[\(index)]")
            }
            return differences
        default:
            return expected == actual ? [] : ["\(place): \(actual), expected \(expected)"]
        }
    }

    /// Compares the value of a field line.
    mutating func differences(_ expected: String, _ actual: String?, field: String) -> [String] {
        guard let actual else { return ["no field \(field)"] }
        if isPlaceholder(expected) {
            return match(String(expected.dropFirst().dropLast()), actual, field)
        }
        let wanted = filled(expected)
        return wanted == actual ? [] : ["\(field): \(actual), expected \(wanted)"]
    }

    private mutating func match(_ name: String, _ text: String, _ place: String) -> [String] {
        let pattern: String
        switch kind(name) {
        case "id": pattern = "[1-9][0-9]*"
        case "token": pattern = "[A-Za-z0-9_-]{43}"
        case "time": pattern = #"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"#
        case "request": pattern = "[!-~]{8,}"
        default: return ["\(place): unknown placeholder <\(name)>"]
        }
        guard text.range(of: "^(\(pattern))$", options: .regularExpression) != nil else {
            return ["\(place): \(text) is not a \(kind(name))"]
        }
        defer { bound[name] = text }
        guard let before = bound[name] else { return [] }
        if kind(name) == "id", before != text { return ["\(place): \(text), was \(before) before"] }
        if kind(name) == "token", before == text { return ["\(place): the same token again"] }
        return []
    }

    private func kind(_ name: String) -> String { String(name.prefix { $0 != "." }) }

    private func isPlaceholder(_ text: String) -> Bool {
        text.count > 2 && text.hasPrefix("<") && text.hasSuffix(">")
    }
}
