import Bytes
import HTTP1
import Testing

/// What a head says, and how it is looked up.
struct RequestParserTests {
    private func parse(_ request: String) throws -> (RequestHead, [UInt8]) {
        let bytes = Array(request.utf8)
        var parser = RequestParser(limits: Limits())
        #expect(try parser.parseHead(bytes.span) == true)
        return (parser.head, bytes)
    }

    private func value(_ name: FieldName) -> String { "of-\(name)" }

    @Test func knownFieldsAreFound() throws {
        let names: [(FieldName, String)] = [
            (.host, "Host"), (.contentType, "Content-Type"), (.connection, "Connection"),
            (.accept, "Accept"), (.authorization, "Authorization"), (.cookie, "Cookie"),
            (.idempotencyKey, "Idempotency-Key"), (.accessToken, "X-Access-Token"),
            (.plainAccessToken, "access_token"), (.origin, "Origin"), (.userAgent, "User-Agent"),
            (.requestID, "X-Request-Id"), (.upgrade, "Upgrade"), (.range, "Range"),
            (.ifNoneMatch, "If-None-Match"),
        ]
        for transform in [{ $0 }, { $0.uppercased() }, { $0.lowercased() }] as [(String) -> String]
        {
            let lines = names.map { "\(transform($0.1)): \(value($0.0))\r\n" }.joined()
            let (head, bytes) = try parse("GET / HTTP/1.1\r\n" + lines + "\r\n")
            #expect(head.length == bytes.count)
            #expect(head.fields.map(\.known) == names.map(\.0))
            for (known, _) in names {
                let range = try #require(head.first(known))
                #expect(text(bytes[range.lower..<range.upper]) == value(known))
            }
            #expect(head.first(.expect) == nil)
            #expect(head.first(.other) == nil)
        }
    }

    @Test func namesThatAreNearlyKnown() throws {
        let names = [
            "Hosts", "Hos", "Ranges", "Accepts", "Cookies", "Origim", "Upgrades", "Connectiom",
            "User_Agent", "Content_Type", "access-token", "X_Request_Id", "Authorisation",
            "If-None-Matc\u{68}s", "Content_Length", "X-Access_Token", "Idempotency_Key",
            "Transfer_Encoding", "Content.Length", "Content-Lengt", "\u{60}ost",
        ]
        let lines = names.map { "\($0): x\r\n" }.joined()
        let (head, bytes) = try parse("GET / HTTP/1.1\r\nHost: a\r\n" + lines + "\r\n")
        #expect(head.fields.dropFirst().allSatisfy { $0.known == .other })
        #expect(head.fields.dropFirst().map { text(bytes[$0.name.lower..<$0.name.upper]) } == names)
        #expect(head.framing == .none)
    }

    @Test func firstOfSeveral() throws {
        let (head, bytes) = try parse("GET / HTTP/1.1\r\nHost: a\r\nCookie: 1\r\nCookie: 2\r\n\r\n")
        let value = try #require(head.first(.cookie))
        #expect(text(bytes[value.lower..<value.upper]) == "1")
        #expect(head.fields.count == 3)
    }

    @Test func framing() throws {
        #expect(try parse("GET / HTTP/1.1\r\nHost: a\r\n\r\n").0.framing == .none)
        #expect(
            try parse("GET / HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\n\r\n").0.framing
                == .length(12))
        #expect(
            try parse("GET / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n").0.framing
                == .chunked)
    }

    @Test func everyMethodByItsName() throws {
        for method in Method.allCases where method != .connect {
            let (head, _) = try parse("\(method.name) /a HTTP/1.1\r\nHost: a\r\n\r\n")
            #expect(head.method == method)
        }
        #expect(Set(Method.allCases.map { "\($0.name)" }).count == 9)
    }

    @Test func resetForgetsEverything() throws {
        let first = Array(
            "POST /a?b HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 3\r\nCookie: x\r\n\r\n"
                .utf8)
        let second = Array("GET /c HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".utf8)
        var parser = RequestParser(limits: Limits())
        #expect(try parser.parseHead(first.span) == true)
        #expect(parser.head.keepAlive)
        parser.reset()
        #expect(!parser.hasBegun)
        #expect(try parser.parseHead(second.span) == true)
        let head = parser.head
        #expect(head.method == .get)
        #expect(head.query == nil)
        #expect(head.minorVersion == 1)
        #expect(head.framing == .none)
        #expect(!head.keepAlive)
        #expect(head.first(.cookie) == nil)
        #expect(head.fields.count == 2)
        #expect(head.length == second.count)
    }

    @Test func everyErrorHasItsStatus() {
        let statuses: [(RequestError, Int)] = [
            (.unknownMethod, 501), (.unsupportedTransferEncoding, 501),
            (.unsupportedVersion, 505), (.requestLineTooLong, 414), (.fieldSectionTooLarge, 431),
            (.tooManyFields, 431), (.trailersTooLarge, 431), (.unknownExpectation, 417),
            (.bodyTooLarge, 413), (.incompleteMessage, 400), (.missingHost, 400),
            (.conflictingFraming, 400), (.invalidTransferEncoding, 400),
        ]
        for (error, status) in statuses { #expect(error.status == status) }
    }
}
