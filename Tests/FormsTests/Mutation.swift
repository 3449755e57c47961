import Seeded

/// Bytes spoiled at random: some changed, removed, doubled, or replaced by what matters to a grammar.
func mutated(
    _ bytes: [UInt8], tokens: [String], with generator: inout SeededGenerator
) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let place = Int.random(in: 0...bytes.count, using: &generator)
        let length = Int.random(in: 0...min(8, bytes.count - place), using: &generator)
        let range = place..<(place + length)
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: bytes.removeSubrange(range)
        case 1: bytes.insert(contentsOf: Array(bytes[range]), at: place)
        case 2: bytes.insert(UInt8.random(in: 0...255, using: &generator), at: place)
        case 3:
            if place < bytes.count {
                bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            }
        case 4: bytes.removeSubrange(place...)
        default:
            let token = tokens.randomElement(using: &generator) ?? ""
            bytes.replaceSubrange(range, with: Array(token.utf8))
        }
    }
    return bytes
}
