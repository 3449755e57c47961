import Testing

/// What is finished, findable and explained.
@Suite("Tidiness")
struct TidinessTests {
    @Test("Nothing is left for later")
    func noMarks() throws {
        // Written apart, so that this file passes its own test.
        let marks = ["TO" + "DO", "FIX" + "ME", "XX" + "X"]
        var files = try House.sources()
        files += try House.files(below: "Tests", ".swift", ".sql", ".spec", ".sh", ".lua")
        files += try House.files(below: "sql", ".sql", ".md", ".txt")
        files += try ["dev", "README.md", "CONTRIBUTING.md", "Package.swift"].map(House.file)
        for file in files {
            for (number, line) in file.lines.enumerated() {
                let words = line.split { !$0.isLetter }
                for mark in marks where words.contains(mark[...]) {
                    Issue.record("\(file.path):\(number + 1) says \(mark)")
                }
            }
        }
    }

    @Test("No file under Sources is longer than 400 lines")
    func shortFiles() throws {
        for file in try House.sources() {
            #expect(file.lines.count <= 401, "\(file.path) has \(file.lines.count - 1) lines")
        }
    }

    @Test("Every public declaration says what it is")
    func documented() throws {
        for file in try House.files(below: "Sources", ".swift") {
            for (number, line) in file.lines.enumerated() where Self.isPublic(line) {
                // Attributes stand between a declaration and its comment.
                let above = file.lines[..<number].last { !Self.trimmed($0).hasPrefix("@") } ?? ""
                if !Self.trimmed(above).hasPrefix("///") {
                    Issue.record("\(file.path):\(number + 1) has no comment: \(Self.trimmed(line))")
                }
            }
        }
    }

    @Test("The load order names each file of the code schemas once")
    func loadOrder() throws {
        let listed = try House.file("sql/load.txt").lines.map(Self.trimmed)
            .filter { !$0.isEmpty && !$0.hasPrefix("#") }.map(String.init)
        let apart = ["sql/migrations/", "sql/lint/", "sql/bootstrap.sql", "sql/demo.sql"]
        let present = try House.files(below: "sql", ".sql").map(\.path)
            .filter { path in !apart.contains { path.hasPrefix($0) } }
            .map { String($0.dropFirst("sql/".count)) }
        #expect(Set(listed).count == listed.count, "a file is listed twice")
        #expect(Set(listed).subtracting(present) == [], "listed, but not there")
        #expect(Set(present).subtracting(listed) == [], "there, but not listed")
    }

    @Test(
        "Every ./dev command in the documents exists", arguments: ["README.md", "CONTRIBUTING.md"])
    func commands(document: String) throws {
        let known = Set(
            try House.file("dev").lines.compactMap { line -> String? in
                guard line.hasPrefix("  "), !line.hasPrefix("   ") else { return nil }
                return line.split(separator: " ").first.map(String.init)
            })
        for (number, line) in try House.file(document).lines.enumerated() {
            for piece in line.components(after: "./dev ") {
                let command = String(piece.prefix { $0.isLetter })
                #expect(known.contains(command), "\(document):\(number + 1) ./dev \(command)")
            }
        }
    }

    private static func isPublic(_ line: Substring) -> Bool {
        let words = trimmed(line).split(separator: " ").filter { !$0.hasPrefix("@") }
        guard let first = words.first, words.count > 1 else { return false }
        return ["public", "open", "package"].contains(first) && words[1] != "import"
    }

    private static func trimmed(_ line: Substring) -> Substring {
        line.drop { $0 == " " }
    }
}

extension Substring {
    /// What follows each occurrence of `mark`.
    fileprivate func components(after mark: String) -> [Substring] {
        ranges(of: mark).map { self[$0.upperBound...] }
    }
}
