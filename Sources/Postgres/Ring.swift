/// A first-in, first-out queue of fixed capacity that never moves its elements.
struct Ring<Element> {
    private var storage: [Element?]
    private var head = 0
    private(set) var count = 0

    init(capacity: Int) {
        storage = Array(repeating: nil, count: max(1, capacity))
    }

    var isEmpty: Bool { count == 0 }
    var isFull: Bool { count == storage.count }
    var first: Element? { isEmpty ? nil : storage[head] }

    /// Appends at the end; false when there is no room.
    mutating func append(_ element: Element) -> Bool {
        guard !isFull else { return false }
        storage[place(count)] = element
        count += 1
        return true
    }

    /// Puts back at the front what was taken before; false when there is no room.
    mutating func prepend(_ element: Element) -> Bool {
        guard !isFull else { return false }
        head = head == 0 ? storage.count - 1 : head - 1
        storage[head] = element
        count += 1
        return true
    }

    mutating func removeFirst() -> Element? {
        guard !isEmpty else { return nil }
        let element = storage[head]
        storage[head] = nil
        head = place(1)
        count -= 1
        return element
    }

    private func place(_ offset: Int) -> Int {
        let index = head + offset
        return index < storage.count ? index : index - storage.count
    }
}
