internal import Bytes
internal import HTTP1

/// Path templates, segment by segment. A literal segment wins over a variable one.
struct RouteTrie: Sendable {
    /// What is found at a path.
    struct Endpoint: Sendable {
        fileprivate(set) var routes: [Route?] = Array(repeating: nil, count: Method.allCases.count)
        /// The value of `Allow`.
        fileprivate(set) var allow: [UInt8] = []

        func route(for method: Method) -> Route? {
            routes[Int(method.rawValue)]
                ?? (method == .head ? routes[Int(Method.get.rawValue)] : nil)
        }
    }

    private struct Node: Sendable {
        var literals: [(segment: [UInt8], node: Int)] = []
        var variable: Int?
        var endpoint: Int?
    }

    private var nodes = [Node()]
    private(set) var endpoints: [Endpoint] = []

    /// Adds a route; `template` is like `/a/{b}/c`.
    mutating func insert(_ route: Route, method: Method, template: String) {
        var place = 0
        for segment in template.utf8.split(separator: UInt8(ascii: "/")) {
            if segment.first == UInt8(ascii: "{"), segment.last == UInt8(ascii: "}") {
                place =
                    nodes[place].variable
                    ?? addNode { nodes, added in nodes[place].variable = added }
            } else {
                let bytes = Array(segment)
                let known = nodes[place].literals.first { $0.segment == bytes }?.node
                place =
                    known
                    ?? addNode { nodes, added in nodes[place].literals.append((bytes, added)) }
            }
        }
        let endpoint = nodes[place].endpoint ?? endpoints.count
        if endpoint == endpoints.count { endpoints.append(Endpoint()) }
        nodes[place].endpoint = endpoint
        endpoints[endpoint].routes[Int(method.rawValue)] = route
        endpoints[endpoint].allow = Self.allow(endpoints[endpoint].routes)
    }

    /// Finds the endpoint of a raw path; a trailing slash does not matter.
    ///
    /// - Parameters:
    ///   - path: as it came, percent-encoding included.
    ///   - values: the ranges, within `path`, of the variables' raw values, in order.
    /// - Returns: the endpoint's number, or nil.
    func find(_ path: UnsafeRawBufferPointer, values: inout [ByteRange]) -> Int? {
        values.removeAll(keepingCapacity: true)
        guard path.first == UInt8(ascii: "/") else { return nil }
        var end = path.count
        if end > 1, path[end - 1] == UInt8(ascii: "/") {
            end -= 1
            if path[end - 1] == UInt8(ascii: "/") { return nil }
        }
        return find(path, from: 1, to: end, at: 0, &values)
    }

    private func find(
        _ path: UnsafeRawBufferPointer, from start: Int, to end: Int, at place: Int,
        _ values: inout [ByteRange]
    ) -> Int? {
        if start >= end {
            // "/a//" has an empty segment, which no template has.
            return start > end || end == 1 ? nodes[place].endpoint : nil
        }
        var stop = start
        while stop < end, path[stop] != UInt8(ascii: "/") { stop += 1 }
        guard stop > start else { return nil }
        let segment = UnsafeRawBufferPointer(rebasing: path[start..<stop])
        for literal in nodes[place].literals where Self.matches(segment, literal.segment) {
            if let found = find(path, from: stop + 1, to: end, at: literal.node, &values) {
                return found
            }
        }
        guard let variable = nodes[place].variable else { return nil }
        values.append(ByteRange(start, stop))
        if let found = find(path, from: stop + 1, to: end, at: variable, &values) { return found }
        values.removeLast()
        return nil
    }

    private static func matches(_ segment: UnsafeRawBufferPointer, _ literal: [UInt8]) -> Bool {
        if segment.count == literal.count { return segment.elementsEqual(literal) }
        guard segment.count > literal.count, segment.contains(UInt8(ascii: "%")) else {
            return false
        }
        var decoded = ByteQueue()
        return segment.withSpan { decoded.append(percentDecoded: $0, plusIsSpace: false) }
            && decoded.readable.elementsEqual(literal)
    }

    private mutating func addNode(_ link: (inout [Node], Int) -> Void) -> Int {
        nodes.append(Node())
        link(&nodes, nodes.count - 1)
        return nodes.count - 1
    }

    private static func allow(_ routes: [Route?]) -> [UInt8] {
        var names: [String] = []
        for method in Method.allCases {
            let isAllowed =
                switch method {
                case .options: true
                case .head: routes[Int(Method.get.rawValue)] != nil
                default: routes[Int(method.rawValue)] != nil
                }
            if isAllowed { names.append(method.name.description) }
        }
        return Array(names.joined(separator: ", ").utf8)
    }
}
