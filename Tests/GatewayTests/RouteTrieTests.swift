import HTTP1
import Postgres
import Testing

@testable import Gateway

@Suite struct RouteTrieTests {
    private static func route(_ index: Int) -> Route {
        let statement = Statement(
            id: index, text: "", lane: .fast, timeLimit: 1, isReadOnly: true)
        return Route(
            index: index, name: "r\(index)", statement: statement, guardedStatement: statement,
            bodyLimit: 1, mediaTypes: [])
    }

    private static let trie: RouteTrie = {
        var trie = RouteTrie()
        let templates: [(HTTP1.Method, String)] = [
            (.get, "/"), (.get, "/a"), (.post, "/a"), (.get, "/a/{x}"), (.get, "/a/literal"),
            (.delete, "/a/{x}/b/{y}"), (.get, "/a/literal/c"), (.put, "/{all}/b"),
        ]
        for (index, (method, template)) in templates.enumerated() {
            trie.insert(route(index), method: method, template: template)
        }
        return trie
    }()

    private static func find(
        _ path: String, _ method: HTTP1.Method
    ) -> (index: Int?, values: [String])? {
        let bytes = Array(path.utf8)
        var values: [ByteRange] = []
        let endpoint = bytes.withUnsafeBytes { trie.find($0, values: &values) }
        guard let endpoint else { return nil }
        return (
            trie.endpoints[endpoint].route(for: method)?.index,
            values.map { String(decoding: bytes[$0.lower..<$0.upper], as: UTF8.self) }
        )
    }

    @Test(arguments: [
        ("/", HTTP1.Method.get, 0, []), ("/a", .get, 1, []), ("/a/", .get, 1, []),
        ("/a", .post, 2, []), ("/a", .head, 1, []), ("/a/7", .get, 3, ["7"]),
        ("/a/literal", .get, 4, []), ("/a/literally", .get, 3, ["literally"]),
        ("/a/7/b/8/", .delete, 5, ["7", "8"]), ("/a/literal/c", .get, 6, []),
        // The literal is tried first, and given up where it leads nowhere.
        ("/a/literal/b/9", .delete, 5, ["literal", "9"]), ("/x/b", .put, 7, ["x"]),
        ("/a/%6Citeral", .get, 4, []), ("/a/%2F", .get, 3, ["%2F"]),
    ])
    func paths(path: String, method: HTTP1.Method, index: Int, values: [String]) {
        let found = Self.find(path, method)
        #expect(found?.index == index)
        #expect(found?.values == values)
    }

    @Test(arguments: ["", "*", "a", "/b", "/a//", "//", "//a", "/a/7/b", "/a/7/b/8/9", "/A"])
    func nothingIsThere(path: String) {
        #expect(Self.find(path, .get) == nil)
    }

    @Test func knownPathsTellWhatTheyAllow() throws {
        let found = try #require(Self.find("/a", .delete))
        #expect(found.index == nil)
        var values: [ByteRange] = []
        let endpoint = Array("/a".utf8).withUnsafeBytes { Self.trie.find($0, values: &values) }
        let allow = Self.trie.endpoints[try #require(endpoint)].allow
        #expect(String(decoding: allow, as: UTF8.self) == "GET, HEAD, POST, OPTIONS")
    }
}
