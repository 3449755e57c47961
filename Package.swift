// swift-tools-version: 6.2
import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .treatAllWarnings(as: .error),
    // Debug builds, and so all tests, check exclusive access at run time; it is 8 % of a request.
    .unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release)),
]

/// Modules that touch memory by hand mark every such place with `unsafe`.
let strictMemory: [SwiftSetting] = strict + [.strictMemorySafety()]

let package = Package(
    name: "rapport",
    products: [.executable(name: "rapport", targets: ["rapport"])],
    targets: [
        // Header-only system modules.
        .systemLibrary(name: "CLibpq", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .target(name: "CLinux"),

        // Codecs: bytes in, events out.
        .target(name: "Bytes", swiftSettings: strictMemory),
        .target(name: "HTTP1", dependencies: ["Bytes"], swiftSettings: strict),
        .target(name: "Forms", dependencies: ["Bytes"], swiftSettings: strict),

        // Descriptors, event loops, child processes; the database client.
        .target(name: "Reactor", dependencies: ["Bytes", "CLinux"], swiftSettings: strictMemory),
        .target(
            name: "Postgres", dependencies: ["Bytes", "Reactor", "CLibpq"],
            swiftSettings: strictMemory),

        // The server and what runs beside it.
        .target(
            name: "Gateway", dependencies: ["Bytes", "HTTP1", "Forms", "Reactor", "Postgres"],
            swiftSettings: strict),
        .target(
            name: "Jobs", dependencies: ["Bytes", "Reactor", "Postgres"], swiftSettings: strict),
        .target(
            name: "Migrations", dependencies: ["Postgres"], swiftSettings: strict,
            plugins: ["EmbedSQLPlugin"]),
        .target(
            name: "Cluster", dependencies: ["Reactor", "Postgres"], swiftSettings: strict),
        .executableTarget(
            name: "rapport",
            dependencies: [
                "Gateway", "HTTP1", "Jobs", "Migrations", "Cluster", "Postgres", "Reactor",
            ],
            swiftSettings: strict),

        // Build time only: sql/ becomes a Swift source of Migrations.
        .executableTarget(name: "EmbedSQL", swiftSettings: strict),
        .plugin(
            name: "EmbedSQLPlugin", capability: .buildTool(), dependencies: ["EmbedSQL"],
            path: "Sources/EmbedSQLPlugin"),

        // What several test targets share.
        .target(name: "Seeded", path: "Tests/Seeded", swiftSettings: strict),

        .testTarget(name: "BytesTests", dependencies: ["Bytes", "Seeded"], swiftSettings: strict),
        .testTarget(
            name: "HTTP1Tests", dependencies: ["HTTP1", "Bytes", "Seeded"], exclude: ["Corpus"],
            swiftSettings: strict),
        .testTarget(
            name: "FormsTests", dependencies: ["Forms", "Bytes", "Seeded"], swiftSettings: strict),
        .testTarget(
            name: "PostgresTests", dependencies: ["Postgres", "Reactor"], swiftSettings: strict),
        .testTarget(
            name: "GatewayTests", dependencies: ["Gateway", "HTTP1", "Bytes"],
            swiftSettings: strict),
        .testTarget(name: "JobsTests", dependencies: ["Jobs", "Reactor"], swiftSettings: strict),
        .testTarget(
            name: "MigrationsTests", dependencies: ["Migrations", "Postgres"],
            swiftSettings: strict),
        .testTarget(
            name: "RapportTests",
            dependencies: ["rapport", "Gateway", "Jobs", "Postgres", "Reactor"],
            swiftSettings: strict),
        .testTarget(name: "HouseTests", swiftSettings: strict),
        .testTarget(
            name: "EndToEnd", dependencies: ["Postgres"], exclude: ["Conversations"],
            swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
