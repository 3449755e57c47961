import Bytes
import HTTP1
import Testing

/// The state machine: what it asks for, in which order, and what it keeps.
struct ServerConnectionTests {
    private let get = "GET /a HTTP/1.1\r\nHost: a\r\n\r\n"

    private func post(_ fields: String) -> String {
        "POST /a HTTP/1.1\r\nHost: a\r\n\(fields)\r\n"
    }

    @Test func phasesOfARequest() {
        var connection = ServerConnection(limits: Limits())
        #expect(connection.next() == .needMoreBytes)
        #expect(connection.phase == .idle)
        connection.input.append("\r\n")
        #expect(connection.next() == .needMoreBytes)
        #expect(connection.phase == .idle)
        connection.input.append("POST /a HTTP/1.1\r\n")
        #expect(connection.next() == .needMoreBytes)
        #expect(connection.phase == .head)
        connection.input.append("Host: a\r\nContent-Length: 2\r\n\r\n")
        #expect(connection.next() == .head)
        #expect(connection.phase == .body)
        #expect(connection.next() == .needMoreBytes)
        #expect(connection.phase == .body)
        #expect(connection.keepsAlive == false)
        connection.input.append("{}")
        #expect(connection.next() == .request)
        #expect(connection.phase == .responding)
        #expect(connection.keepsAlive == true)
        #expect(connection.next() == .needMoreBytes)
        #expect(connection.finishResponse() == true)
        #expect(connection.phase == .idle)
        #expect(connection.input.isEmpty == true)
        connection.inputEnded()
        #expect(connection.next() == .closed)
        #expect(connection.phase == .closed)
    }

    @Test func continueIsSentOnceAndBeforeTheBody() {
        for framing in ["Content-Length: 3", "Transfer-Encoding: chunked"] {
            var connection = ServerConnection(limits: Limits())
            connection.input.append(post("Expect: 100-continue\r\n\(framing)\r\n"))
            #expect(connection.next() == .head)
            #expect(connection.head.expectsContinue)
            #expect(connection.next() == .sendContinue)
            #expect(connection.next() == .needMoreBytes)
            connection.input.append(framing.hasPrefix("C") ? "abc" : "3\r\nabc\r\n0\r\n\r\n")
            #expect(connection.next() == .request)
            #expect(text(connection.body) == "abc")
        }
        #expect("\(ServerConnection.continueResponse)" == "HTTP/1.1 100 Continue\r\n\r\n")
    }

    @Test func continueIsNotSentWhereTheBodyHasBegun() {
        var connection = ServerConnection(limits: Limits())
        connection.input.append(post("Expect: 100-continue\r\nContent-Length: 3\r\n") + "a")
        #expect(connection.next() == .head)
        #expect(connection.next() == .needMoreBytes)
    }

    @Test func continueIsNotSentForABodyThatIsRefused() {
        var connection = ServerConnection(limits: Limits())
        connection.input.append(post("Expect: 100-continue\r\nContent-Length: 3\r\n"))
        #expect(connection.next() == .head)
        connection.bodyLimit = 2
        #expect(connection.next() == .refuse(.bodyTooLarge))
    }

    @Test func bodyLimitIsOfOneRequest() {
        var connection = ServerConnection(limits: Limits())
        for limit in [3, 2] {
            connection.input.append(post("Content-Length: 3\r\n") + "abc")
            #expect(connection.next() == .head)
            #expect(connection.bodyLimit == Limits().bodyBytes)
            connection.bodyLimit = limit
            if limit == 3 {
                #expect(connection.next() == .request)
                #expect(connection.finishResponse() == true)
            } else {
                #expect(connection.next() == .refuse(.bodyTooLarge))
            }
        }
        #expect(text(connection.head.path, of: connection) == "/a")
        #expect(connection.next() == .closed)
        #expect(connection.keepsAlive == false)
        #expect(connection.finishResponse() == false)
    }

    @Test func hugeLengthsDoNotOverflow() {
        var limits = Limits()
        limits.bodyBytes = .max
        for fields in ["Content-Length: \(Int.max)\r\n", "Transfer-Encoding: chunked\r\n"] {
            var connection = ServerConnection(limits: limits)
            connection.input.append(post(fields) + "7fffffffffffffff\r\nx")
            #expect(connection.next() == .head)
            #expect(connection.next() == .needMoreBytes)
            connection.inputEnded()
            #expect(connection.next() == .refuse(.incompleteMessage))
        }
    }

    @Test func headStaysWhileMoreArrives() {
        var connection = ServerConnection(limits: Limits())
        connection.input.append(post("Transfer-Encoding: chunked\r\nX-Access-Token: secret\r\n"))
        #expect(connection.next() == .head)
        let head = Array(connection.headBytes)
        #expect(head.count == connection.head.length)
        for _ in 0..<1000 {
            connection.input.append("a\r\n0123456789\r\n")
            #expect(connection.next() == .needMoreBytes)
            // The framing of chunks that have arrived is gone.
            #expect(connection.input.count == head.count)
        }
        connection.input.append("0\r\n\r\n" + get)
        #expect(connection.next() == .request)
        #expect(connection.body.count == 10_000)
        #expect(Array(connection.headBytes) == head)
        connection.input.append(String(repeating: "x", count: 100_000))
        #expect(Array(connection.headBytes) == head)
        let token = connection.head.first(.accessToken)
        #expect(token.map { text($0, of: connection) } == "secret")
        #expect(connection.finishResponse() == true)
        #expect(connection.next() == .head)
        #expect(text(connection.head.path, of: connection) == "/a")
        #expect(connection.head.first(.accessToken) == nil)
        #expect(connection.body.isEmpty == true)
    }

    @Test func answerBeforeTheEndOfTheRequestCloses() {
        var connection = ServerConnection(limits: Limits())
        connection.input.append(post("Content-Length: 3\r\n"))
        #expect(connection.next() == .head)
        #expect(connection.keepsAlive == false)
        #expect(connection.finishResponse() == false)
        #expect(connection.phase == .closed)
        connection.input.append("abc" + get)
        #expect(connection.next() == .closed)
    }

    @Test func whoHasSentAllIsStillAnswered() {
        var connection = ServerConnection(limits: Limits())
        connection.input.append(get + get)
        connection.inputEnded()
        for _ in 0..<2 {
            #expect(connection.next() == .head)
            #expect(connection.next() == .request)
            #expect(connection.finishResponse() == true)
        }
        #expect(connection.next() == .closed)
    }

    @Test func endInTheMiddleOfAMessage() {
        for part in [
            "G", post("Content-Length: 3\r\n"), post("Transfer-Encoding: chunked\r\n") + "1",
        ] {
            var connection = ServerConnection(limits: Limits())
            connection.input.append(part)
            while connection.next() != .needMoreBytes {}
            connection.inputEnded()
            #expect(connection.next() == .refuse(.incompleteMessage))
            #expect(connection.next() == .closed)
        }
    }

    @Test func stopMakesTheAnswerTheLast() {
        var connection = ServerConnection(limits: Limits())
        connection.input.append(get + get)
        #expect(connection.next() == .head)
        #expect(connection.next() == .request)
        #expect(connection.keepsAlive == true)
        connection.refuseKeepAlive()
        #expect(connection.keepsAlive == false)
        #expect(connection.finishResponse() == false)
        #expect(connection.next() == .closed)

        var idle = ServerConnection(limits: Limits())
        idle.refuseKeepAlive()
        idle.input.append(get)
        #expect(idle.next() == .head)
        #expect(idle.next() == .request)
        #expect(idle.keepsAlive == false)
    }

    @Test func idleMemoryIsGivenBackOnlyWhileIdle() {
        var connection = ServerConnection(limits: Limits())
        connection.input.append("GET /a HT")
        #expect(connection.next() == .needMoreBytes)
        connection.releaseIdleMemory()
        connection.input.append("TP/1.1\r\nHost: a\r\n\r\n")
        #expect(connection.next() == .head)
        #expect(connection.next() == .request)
        connection.releaseIdleMemory()
        #expect(text(connection.head.path, of: connection) == "/a")
        #expect(connection.input.capacity > 0)
        #expect(connection.finishResponse() == true)
        connection.releaseIdleMemory()
        #expect(connection.input.capacity == 0)
        connection.input.append(get)
        #expect(connection.next() == .head)
        #expect(connection.next() == .request)
    }

    @Test func refusalKnowsThePathWhereItCan() {
        for (request, path) in [
            ("BREW /pot HTTP/1.1\r\n", "/pot"), ("GET /a HTTP/3.0\r\n", "/a"),
            ("GET /b?c HTTP/1.1\r\nHost\r\n", "/b"), ("GET /a#b HTTP/1.1\r\n", ""),
        ] {
            var connection = ServerConnection(limits: Limits())
            connection.input.append(request)
            guard case .refuse = connection.next() else {
                Issue.record("\(request) was not refused")
                continue
            }
            #expect(text(connection.head.path, of: connection) == path)
        }
    }
}
