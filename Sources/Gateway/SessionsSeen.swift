internal import Bytes
internal import Postgres
internal import Reactor

/// Writes, for many requests at once, when their sessions were last used: a write for each request
/// would cost more than the requests.
final class SessionsSeen: DatabaseCall {
    let statement: Statement
    let isRepeatable = true
    let isWanted = true
    private var array = ByteQueue()

    init(_ sessions: [Int64], statement: Statement) {
        self.statement = statement
        BinaryArray.append(sessions, to: &array)
    }

    func bind(_ parameters: inout Parameters) { parameters.append(array.readable) }

    func succeeded(_ row: ResultRow) {}

    func failed(_ failure: CallFailure) {
        // Nothing is lost but a time of last use, which the next request renews.
        Log.debug("the times of last use were not written")
    }
}
