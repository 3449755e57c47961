import Foundation
import HTTP1
import Testing

/// Every file of the corpus, delivered in every way, comes to the same.
struct CorpusTests {
    private static let next = Array("GET /after HTTP/1.1\r\nHost: example.com\r\n\r\n".utf8)

    @Test(arguments: corpus)
    func whole(_ file: CorpusFile) throws {
        #expect(outcome(of: try file.bytes()) == file.outcome)
    }

    @Test(arguments: corpus)
    func byteByByte(_ file: CorpusFile) throws {
        let bytes = try file.bytes()
        #expect(outcome(of: bytes, cuts: everyCut(bytes)) == file.outcome)
    }

    @Test(arguments: corpus.filter { !$0.isCutShort })
    func withTrailingBytes(_ file: CorpusFile) throws {
        let bytes = try file.bytes() + Self.next
        let isOpen = file.outcome.last?.hasSuffix(" keeps") ?? true
        let expected = file.outcome + (isOpen ? ["GET /after keeps"] : [])
        #expect(outcome(of: bytes) == expected)
        #expect(outcome(of: bytes, cuts: everyCut(bytes)) == expected)
    }

    @Test func theTableNamesEveryFileOnce() throws {
        let files = try FileManager.default.contentsOfDirectory(atPath: CorpusFile.directory.path)
            .filter { $0.hasSuffix(".http") }
        #expect(files.sorted() == corpus.map { $0.name + ".http" }.sorted())
    }
}
