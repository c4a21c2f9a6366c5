// swift-tools-version: 6.2
import PackageDescription

// Every target is built with the same, strict settings; CONTRIBUTING.md says what each buys.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"),
    .enableUpcomingFeature("ImmutableWeakCaptures"),
    .treatAllWarnings(as: .error),
    .treatWarning("DeprecatedDeclaration", as: .warning),
]

let nio: [Target.Dependency] = [
    .product(name: "NIOCore", package: "swift-nio"),
    .product(name: "NIOPosix", package: "swift-nio"),
]

/// A library target of ours.
///
/// Layers are explained in ARCHITECTURE.md; `scripts/check-imports` holds them.
func library(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, resources: resources, swiftSettings: strict)
}

let package = Package(
    name: "martlet",
    platforms: [.macOS(.v26)],
    products: [
        .executable(name: "martlet", targets: ["martlet"]),
        .executable(name: "martlet-mock", targets: ["martlet-mock"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    ],
    targets: [
        // Layer 0: bytes.
        library("WireFormats", [.product(name: "NIOCore", package: "swift-nio")]),
        .target(name: "EmbeddedData", exclude: ["model-prices.tsv"]),
        .systemLibrary(
            name: "CPostgreSQL",
            path: "Sources/PostgresClient/CPostgreSQL",
            pkgConfig: "libpq",
            providers: [.apt(["libpq-dev"])]
        ),
        .systemLibrary(
            name: "CHiredis",
            path: "Sources/RedisClient/CHiredis",
            providers: [.apt(["libhiredis-dev"])]
        ),
        .target(
            name: "PostgresClient",
            dependencies: ["CPostgreSQL"] + nio,
            exclude: ["CPostgreSQL"],
            swiftSettings: strict
        ),
        .target(
            name: "RedisClient",
            dependencies: ["CHiredis", .product(name: "NIOSSL", package: "swift-nio-ssl")] + nio,
            exclude: ["CHiredis"],
            swiftSettings: strict
        ),
        // Layer 1: the words of the domain.
        library("Domain", ["WireFormats", .product(name: "NIOCore", package: "swift-nio")]),
        // Layer 2: siblings that know only the layers below.
        library(
            "Transport",
            [
                "Domain", "WireFormats", .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "NIOTLS", package: "swift-nio"),
            ] + nio
        ),
        library(
            "Providers",
            [
                "Domain", "WireFormats", .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "Crypto", package: "swift-crypto"),
            ]
        ),
        library("Policies", ["Domain", .product(name: "NIOCore", package: "swift-nio")]),
        library("Routing", ["Domain"]),
        library(
            "Accounting",
            [
                "Domain", "EmbeddedData", "WireFormats", .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        library("Settings", ["Domain", .product(name: "Yams", package: "Yams")]),
        library(
            "Stores",
            [
                "Domain", "WireFormats", "PostgresClient", "RedisClient", .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "Crypto", package: "swift-crypto"), .product(name: "Logging", package: "swift-log"),
            ] + nio
        ),
        // Layer 3: the request's way through.
        library(
            "Gateway",
            [
                "Domain", "WireFormats", "Transport", "Providers", "Policies", "Routing", "Settings", "Accounting",
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        library(
            "Admin",
            [
                "Domain", "WireFormats", "Policies", "Accounting",
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Crypto", package: "swift-crypto"), .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
            ]
        ),
        // Layer 4: the executables.
        .executableTarget(
            name: "martlet",
            dependencies: [
                "Domain", "Gateway", "Transport", "Providers", "Policies", "Routing", "Accounting", "Settings",
                "Stores", "Admin", "RedisClient", "PostgresClient", "WireFormats",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
            ] + nio,
            swiftSettings: strict
        ),
        .executableTarget(
            name: "martlet-mock",
            dependencies: [
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ] + nio,
            swiftSettings: strict
        ),
        .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
        tests("WireFormatsTests", ["WireFormats", "TestSupport"]),
        tests(
            "TransportTests",
            ["TestSupport", "Transport", "Domain", .product(name: "NIOEmbedded", package: "swift-nio")]
        ),
        tests("ProvidersTests", ["TestSupport", "Providers", "Domain", "WireFormats"], resources: [.copy("Fixtures")]),
        tests("RoutingTests", ["TestSupport", "Routing", "Domain"]),
        tests("PoliciesTests", ["Policies", "Domain", "TestSupport"]),
        tests("PostgresClientTests", ["PostgresClient", "TestSupport"] + nio),
        tests("StoresTests", ["TestSupport", "Stores", "Domain", "PostgresClient", "RedisClient", "Accounting"] + nio),
        tests("RedisClientTests", ["RedisClient", "TestSupport"] + nio),
        tests(
            "AdminTests",
            [
                "TestSupport", "Admin", "Domain", "Stores", "WireFormats",
                .product(name: "NIOCore", package: "swift-nio"), .product(name: "Logging", package: "swift-log"),
            ]
        ),
        tests(
            "AccountingTests",
            [
                "TestSupport", "Accounting", "Domain", "WireFormats", .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "Logging", package: "swift-log"),
            ]
        ),
        tests("SettingsTests", ["TestSupport", "Settings", "Domain"], resources: [.copy("Fixtures")]),
        tests(
            "GatewayTests",
            [
                "Gateway", "Domain", "Providers", "Settings", "Transport", "Accounting", "Routing", "Policies",
                "WireFormats",
            ]
        ),
    ]
)

// `scripts/fuzz` sets this: the fuzz targets see `package` declarations only as a part of this package.
if Context.environment["MARTLET_FUZZ"] == "1" {
    package.targets.append(
        .executableTarget(
            name: "martlet-fuzz",
            dependencies: [
                "WireFormats", "Domain", "Transport", "Providers", "Settings", "Accounting",
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            path: "Fuzz",
            exclude: ["corpus"],
            swiftSettings: strict
        )
    )
}
