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
    targets: [
        // Codecs: bytes in, events out.
        .target(name: "Bytes", swiftSettings: strictMemory),
        .target(name: "Forms", dependencies: ["Bytes"], swiftSettings: strict),

        .testTarget(name: "BytesTests", dependencies: ["Bytes"], swiftSettings: strict),
        .testTarget(name: "FormsTests", dependencies: ["Forms", "Bytes"], swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)
