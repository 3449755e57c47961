import Testing

@testable import Gateway

@Suite struct RefusalsTests {
    private static let refusals: Refusals = {
        var refusals = Refusals()
        for prefix in ["/", "/api/", "/api/v1/user/", "/api/v1/"] {
            refusals.insert(
                prefix: prefix, kind: .notFound,
                Refusals.Answer(
                    status: 404, outcome: 404, headers: [], body: Array(prefix.utf8)))
        }
        refusals.insert(sqlstate: "57014", kind: .timeOut)
        refusals.insert(sqlstate: "57", kind: .unavailable)
        return refusals
    }()

    @Test(arguments: [
        ("/x", "/"), ("/api", "/api/"), ("/api/", "/api/"), ("/apix", "/"),
        ("/api/v1/x", "/api/v1/"), ("/api/v1/user", "/api/v1/user/"),
        ("/api/v1/user/x/y", "/api/v1/user/"),
    ])
    func theLongestSpaceAnswers(path: String, space: String) {
        let answer = Array(path.utf8).withUnsafeBytes { Self.refusals.answer(.notFound, path: $0) }
        #expect(String(decoding: answer.body, as: UTF8.self) == space)
    }

    @Test func sqlstatesGoBeforeTheirClasses() {
        #expect(Self.refusals.kind(ofSQLState: "57014") == .timeOut)
        #expect(Self.refusals.kind(ofSQLState: "57P01") == .unavailable)
        #expect(Self.refusals.kind(ofSQLState: "XX000") == .serverError)
        #expect(Self.refusals.kind(ofSQLState: "") == .serverError)
    }

    @Test func beforeTheRegistryWasReadThereIsStillAnAnswer() {
        let answer = Array("/".utf8).withUnsafeBytes { Refusals().answer(.busy, path: $0) }
        #expect(answer.status == 503)
    }
}
