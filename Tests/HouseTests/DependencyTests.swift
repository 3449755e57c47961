import Foundation
import Testing

/// What may import what, and what the program is linked with.
@Suite("Dependencies")
struct DependencyTests {
    /// The modules in layers: a module imports only from the layers before its own.
    private static let layers: [Set<String>] = [
        ["CLibpq", "CLinux"],
        ["Bytes"],
        ["HTTP1", "Forms"],
        ["WebSocket", "SocketIO"],
        ["Reactor"],
        ["Postgres"],
        ["Realtime"],
        ["Gateway"],
        ["Jobs"],
        ["Migrations"],
        ["Cluster"],
        ["rapport"],
    ]

    /// Codecs and rules: bytes or events in, decisions out, so nothing of the system.
    private static let pure: Set<String> = [
        "Bytes", "HTTP1", "Forms", "WebSocket", "SocketIO", "Realtime",
    ]

    /// Modules of the toolchain that are the standard library and libc.
    private static let system: Set<String> = ["Glibc", "Synchronization"]

    /// Programs and plugins of the build, no part of the product.
    private static let buildTime: Set<String> = ["EmbedSQL", "EmbedSQLPlugin"]

    @Test("Every module has its layer")
    func layered() throws {
        let known = Self.layers.reduce(Self.buildTime) { $0.union($1) }
        for file in try House.sources() {
            #expect(known.contains(file.module), "\(file.path) is in no layer")
        }
    }

    @Test("Modules import only from the layers before their own")
    func arrows() throws {
        for file in try House.sources() where !Self.buildTime.contains(file.module) {
            guard let own = Self.layers.firstIndex(where: { $0.contains(file.module) }) else {
                continue
            }
            let before = Self.layers[..<own].reduce(Set<String>()) { $0.union($1) }
            let allowed = Self.pure.contains(file.module) ? before.intersection(Self.pure) : before
            // Bytes copies and searches memory with libc's own functions.
            let isPure = Self.pure.contains(file.module) && file.module != "Bytes"
            let system = isPure ? [] : Self.system
            for name in Self.imports(of: file) where !allowed.union(system).contains(name) {
                Issue.record("\(file.path) imports \(name)")
            }
        }
    }

    @Test("Foundation is for tests and for the plugin of the build")
    func noFoundation() throws {
        for file in try House.sources() where file.module != "EmbedSQLPlugin" {
            for name in Self.imports(of: file) {
                #expect(!name.hasPrefix("Foundation"), "\(file.path)")
            }
        }
    }

    @Test("The package takes nothing from outside")
    func noPackages() throws {
        for line in try House.file("Package.swift").lines {
            #expect(!line.contains(".package("), "\(line)")
        }
    }

    @Test("The program is linked with libpq, libc and the standard library")
    func links() throws {
        let needed = try Self.sharedObjects(of: Self.program())
        #expect(needed.contains { $0.hasPrefix("libpq.") })
        let system = ["libpq.", "libc.", "libm.", "libgcc_s.", "libstdc++.", "ld-linux"]
        // A debug build has the standard library beside it, a release within it.
        let standard = [
            "libswiftSwiftOnoneSupport.", "libswiftCore.",
            "libswiftGlibc.", "libswiftSynchronization.", "libswift_Concurrency.",
            "libswift_StringProcessing.", "libswift_RegexParser.", "libswift_Builtin_float.",
        ]
        for name in needed {
            #expect((system + standard).contains { name.hasPrefix($0) }, "\(name)")
        }
    }

    private static func program() -> String {
        ProcessInfo.processInfo.environment["RAPPORT_BINARY"]
            ?? House.root.appendingPathComponent(".build/debug/rapport").path
    }

    /// The names after `import` in a Swift file.
    private static func imports(of file: House.File) -> [String] {
        guard file.path.hasSuffix(".swift") else { return [] }
        return file.lines.compactMap { line in
            let words = line.split(separator: " ")
            guard let keyword = words.firstIndex(of: "import"), keyword <= 2,
                keyword + 1 < words.count,
                words[..<keyword].allSatisfy({ $0.hasPrefix("@") || $0.allSatisfy(\.isLowercase) })
            else { return nil }
            return words[keyword + 1].split(separator: ".").first.map(String.init)
        }
    }

    /// The shared objects that a program itself asks for, by the dynamic section of its ELF file.
    private static func sharedObjects(of program: String) throws -> [String] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["readelf", "--dynamic", "--wide", program]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(
            decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return text.split(separator: "\n").filter { $0.contains("(NEEDED)") }.compactMap { line in
            line.split(separator: "[").last?.split(separator: "]").first.map(String.init)
        }
    }
}
