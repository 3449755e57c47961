package import Bytes

/// The object that a form's nested names describe (the conventions of Rack and PHP).
///
/// `user[email]=x` is `{"user":{"email":"x"}}`; `tags[]=a` adds to an array; `users[0][level]=1` fills
/// its numbered elements, which come out in the order of their numbers with gaps closed; and
/// `users[][level]=1` starts a new element whenever the last one has that member already. Of a plain
/// name that comes twice the last value stands. Values are always strings.
///
/// The tree holds no bytes, only where in the text they stand. A member is found by walking its
/// siblings: the work is quadratic in the number of fields, which `Limits.fieldCount` bounds.
package struct FormTree {
    /// What a field holds.
    package enum Leaf: Equatable {
        /// A string; where it stands in the text.
        case text(Range<Int>)
        /// A file; its place among the files.
        case file(Int)
    }

    private enum Content {
        case object
        case list
        case leaf(Leaf)
    }

    private struct Node {
        var content: Content
        /// Where the key stands in the text; nil in a list.
        var key: Range<Int>?
        /// The number in brackets; nil in an object and behind `[]`.
        var number: Int?
        var first: Int?
        var last: Int?
        var next: Int?
    }

    private let limits: Limits
    private var nodes: [Node] = []
    private var name = FieldName()
    private var fieldCount = 0

    /// An empty object.
    package init(limits: Limits) {
        self.limits = limits
        nodes.reserveCapacity(16)
        nodes.append(Node(content: .object))
    }

    /// Adds a field.
    ///
    /// - Parameters:
    ///   - field: where the field's name stands in `text`.
    ///   - text: the bytes that all names and values stand in; it may have grown since the last call.
    package mutating func insert(
        _ field: Range<Int>, _ leaf: Leaf, text: borrowing ByteQueue
    ) throws(FormError) {
        try text.withSpan { (span) throws(FormError) in
            try insert(field, leaf, text: span)
        }
    }

    /// Appends the object as JSON text.
    package func write(
        to json: inout ByteQueue, text: borrowing ByteQueue, files: [FilePart] = []
    ) {
        text.withSpan { write(nodes[0], to: &json, text: $0, files: files) }
    }

    // MARK: Growing

    private mutating func insert(
        _ field: Range<Int>, _ leaf: Leaf, text: Span<UInt8>
    ) throws(FormError) {
        guard fieldCount < limits.fieldCount else { throw .tooLarge(.fields) }
        fieldCount += 1
        try name.parse(field, of: text, limits: limits)
        var node = 0
        for level in 0..<name.levels {
            node = try descend(from: node, level: level, leaf: leaf, text: text)
        }
    }

    /// The child of `parent` that the name's step at `level` leads to, made if it is not there.
    private mutating func descend(
        from parent: Int, level: Int, leaf: Leaf, text: Span<UInt8>
    ) throws(FormError) -> Int {
        let content = content(below: level, leaf: leaf)
        switch name[level] {
        case .end:
            if let last = nodes[parent].last {
                guard nodes[last].number == nil else { throw .conflict }
                if continues(last, content: content, level: level + 1, text: text) { return last }
            }
            return add(Node(content: content), to: parent)
        case .member(let key):
            if let child = member(key, of: parent, text: text) {
                try meet(child, content)
                return child
            }
            return add(Node(content: content, key: key), to: parent)
        case .element(let number):
            if let last = nodes[parent].last, nodes[last].number == nil { throw .conflict }
            if let child = element(number, of: parent) {
                try meet(child, content)
                return child
            }
            return add(Node(content: content, number: number), to: parent)
        }
    }

    /// What the name makes of the node that its step at `level` leads to.
    private func content(below level: Int, leaf: Leaf) -> Content {
        guard level + 1 < name.levels else { return .leaf(leaf) }
        if case .member = name[level + 1] { return .object }
        return .list
    }

    /// Makes sure that a node is of the kind that a second name wants; a value is replaced.
    private mutating func meet(_ node: Int, _ content: Content) throws(FormError) {
        switch (nodes[node].content, content) {
        case (.object, .object), (.list, .list): return
        case (.leaf, .leaf): nodes[node].content = content
        default: throw .conflict
        }
    }

    /// Whether a field behind `[]` belongs to the last element, and not to a new one.
    private func continues(
        _ node: Int, content: Content, level: Int, text: Span<UInt8>
    ) -> Bool {
        switch (nodes[node].content, content) {
        case (.object, .object), (.list, .list):
            return !isTaken(from: node, level: level, text: text)
        default: return false
        }
    }

    /// Whether the rest of the name, from `level` on, leads to something that is there. What ends
    /// in `[]` never does: there is always room behind the end.
    private func isTaken(from start: Int, level: Int, text: Span<UInt8>) -> Bool {
        var node = start
        for level in level..<name.levels {
            let child: Int? =
                switch name[level] {
                case .end: nil
                case .member(let key): member(key, of: node, text: text)
                case .element(let number): element(number, of: node)
                }
            guard let child else { return false }
            node = child
        }
        return true
    }

    private func member(_ key: Range<Int>, of parent: Int, text: Span<UInt8>) -> Int? {
        var child = nodes[parent].first
        while let candidate = child {
            if let other = nodes[candidate].key, Self.equal(key, other, in: text) {
                return candidate
            }
            child = nodes[candidate].next
        }
        return nil
    }

    private func element(_ number: Int, of parent: Int) -> Int? {
        var child = nodes[parent].first
        while let candidate = child {
            if nodes[candidate].number == number { return candidate }
            child = nodes[candidate].next
        }
        return nil
    }

    /// Adds a child: at the end, or, where it is numbered, behind the last lower number.
    private mutating func add(_ node: Node, to parent: Int) -> Int {
        let added = nodes.count
        nodes.append(node)
        guard let last = nodes[parent].last else {
            nodes[parent].first = added
            nodes[parent].last = added
            return added
        }
        guard let number = node.number, let highest = nodes[last].number, number < highest else {
            nodes[last].next = added
            nodes[parent].last = added
            return added
        }
        var before: Int?
        var after = nodes[parent].first
        while let candidate = after, let other = nodes[candidate].number, other < number {
            before = candidate
            after = nodes[candidate].next
        }
        nodes[added].next = after
        if let before { nodes[before].next = added } else { nodes[parent].first = added }
        return added
    }

    private static func equal(_ one: Range<Int>, _ other: Range<Int>, in text: Span<UInt8>) -> Bool
    {
        guard one.count == other.count else { return false }
        return text.withUnsafeBytes { bytes in
            var offset = 0
            // By eight, for this is what a form of many long names spends its time on.
            while offset + 8 <= one.count {
                let left = bytes.loadUnaligned(
                    fromByteOffset: one.lowerBound + offset, as: UInt64.self)
                let right = bytes.loadUnaligned(
                    fromByteOffset: other.lowerBound + offset, as: UInt64.self)
                if left != right { return false }
                offset += 8
            }
            while offset < one.count {
                if bytes[one.lowerBound + offset] != bytes[other.lowerBound + offset] {
                    return false
                }
                offset += 1
            }
            return true
        }
    }

    // MARK: Writing

    private func write(
        _ node: Node, to json: inout ByteQueue, text: Span<UInt8>, files: [FilePart]
    ) {
        switch node.content {
        case .leaf(.text(let range)): json.append(jsonString: text.extracting(range))
        case .leaf(.file(let index)): files[index].write(to: &json, index: index)
        case .object: writeChildren(of: node, between: "{", and: "}", to: &json, text, files)
        case .list: writeChildren(of: node, between: "[", and: "]", to: &json, text, files)
        }
    }

    private func writeChildren(
        of node: Node, between open: StaticString, and close: StaticString,
        to json: inout ByteQueue, _ text: Span<UInt8>, _ files: [FilePart]
    ) {
        json.append(open)
        var child = node.first
        while let index = child {
            let node = nodes[index]
            if let key = node.key {
                json.append(jsonString: text.extracting(key))
                json.append(UInt8(ascii: ":"))
            }
            write(node, to: &json, text: text, files: files)
            child = node.next
            if child != nil { json.append(UInt8(ascii: ",")) }
        }
        json.append(close)
    }
}
