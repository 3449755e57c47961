import Bytes
import HTTP1
import Testing

@testable import Gateway

@Suite struct CredentialTests {
    private static func token(_ fields: [String]) -> String? {
        let text = "GET / HTTP/1.1\r\nHost: a\r\n" + fields.map { $0 + "\r\n" }.joined() + "\r\n"
        let bytes = Array(text.utf8)
        var parser = RequestParser(limits: Limits())
        guard (try? parser.parseHead(bytes.span)) == true else { return "not a request" }
        return bytes.withUnsafeBytes { raw in
            Credential.find(in: parser.head, raw).map { String(decoding: $0, as: UTF8.self) }
        }
    }

    @Test(arguments: [
        ([], nil),
        (["Authorization: Bearer t1"], "t1"), (["authorization: bearer  t1"], "t1"),
        (["Authorization: Basic dTpw"], nil), (["Authorization: Bearer"], nil),
        (["X-Access-Token: t2"], "t2"), (["access_token: t3"], "t3"),
        (["Cookie: sessionid=t4"], "t4"), (["Cookie: a=b; sessionid=t4; c=d"], "t4"),
        (["Cookie: xsessionid=t4"], nil), (["Cookie: sessionid"], nil),
        // The first one present wins, in the contract's order and not the request's.
        (
            [
                "Cookie: sessionid=t4", "access_token: t3", "X-Access-Token: t2",
                "Authorization: Bearer t1",
            ], "t1"
        ),
        (["Cookie: sessionid=t4", "access_token: t3", "X-Access-Token: t2"], "t2"),
        (["Cookie: sessionid=t4", "access_token: t3"], "t3"),
        (["Authorization: Basic dTpw", "X-Access-Token: t2"], "t2"),
        (["X-Access-Token:", "access_token: t3"], ""),
    ])
    func carriers(fields: [String], expected: String?) {
        #expect(Self.token(fields) == expected)
    }
}
