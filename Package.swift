// swift-tools-version: 6.2
import PackageDescription

// One way through the house:
// checkpoint → graph → compiled model → pipeline → command line.
// BlipCheckpoint, ModelGraph and OpenVINO know nothing of BLIP and nothing of each other.

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

// SwiftPM drops the run path that a pkg-config file asks for. Where `make` fetched the runtime into
// .openvino/, programs and tests of this checkout get it here, and need no environment variables.
// (Libraries carry no unsafe flags, so other packages can depend on them.)
let wheel = Context.packageDirectory + "/.openvino/lib"
let runPath: [LinkerSetting] = [
    .unsafeFlags(["-Xlinker", "-rpath", "-Xlinker", wheel], .when(platforms: [.linux, .macOS]))
]

let package = Package(
    name: "swift-blip",
    platforms: [.macOS(.v15)],
    products: [
        .executable(name: "blip", targets: ["BlipCommand"]),
        .library(name: "BLIP", targets: ["BLIP"]),
        .library(name: "OpenVINO", targets: ["OpenVINO"]),
        .library(name: "ModelGraph", targets: ["ModelGraph"]),
        .library(name: "BlipCheckpoint", targets: ["BlipCheckpoint"]),
        .library(name: "BlipTokenizer", targets: ["BlipTokenizer"]),
        .library(name: "BlipPictures", targets: ["BlipPictures"]),
        .library(name: "BlipHub", targets: ["BlipHub"]),
        .library(name: "BlipDemoModel", targets: ["BlipDemoModel"]),
        .library(name: "BlipEvaluation", targets: ["BlipEvaluation"]),
        .library(name: "BlipServer", targets: ["BlipServer"]),
        .library(name: "BlipWireFormats", targets: ["BlipWireFormats"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.0"),
        .package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0"),
    ],
    targets: [
        // C libraries, each found through pkg-config.
        .systemLibrary(name: "COpenVINO", pkgConfig: "openvino", providers: [.brew(["openvino"])]),
        .systemLibrary(
            name: "CVips", pkgConfig: "vips", providers: [.apt(["libvips-dev"]), .brew(["vips"])]),

        // glibc's settings of malloc.
        .systemLibrary(name: "CAllocator"),

        // Libraries that stand alone.
        .target(name: "OpenVINO", dependencies: ["COpenVINO"], swiftSettings: settings),
        .target(name: "ModelGraph", swiftSettings: settings),
        .target(name: "BlipJSON", swiftSettings: settings),
        .target(name: "BlipCheckpoint", dependencies: ["BlipJSON"], swiftSettings: settings),
        .target(name: "BlipTokenizer", dependencies: ["BlipJSON"], swiftSettings: settings),
        .target(name: "BlipPictures", dependencies: ["CVips"], swiftSettings: settings),
        .target(
            name: "BlipHub",
            dependencies: [
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
            ],
            swiftSettings: settings),
        .target(
            name: "BlipDemoModel",
            resources: [.copy("Resources/demo"), .copy("Resources/demo-int8")],
            swiftSettings: settings),
        .target(name: "BlipEvaluation", swiftSettings: settings),
        .target(name: "BlipWireFormats", swiftSettings: settings),

        // The model and the program.
        .target(
            name: "BLIP",
            dependencies: [
                "CAllocator", "OpenVINO", "ModelGraph", "BlipCheckpoint", "BlipTokenizer",
                "BlipPictures",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            resources: [.copy("Resources/bert-base-uncased")], swiftSettings: settings),
        .target(
            name: "BlipServer",
            dependencies: [
                "BLIP", "BlipPictures", "BlipWireFormats",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "HummingbirdTLS", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            resources: [.copy("Resources/page.html"), .copy("Resources/openapi.json")],
            swiftSettings: settings),
        .executableTarget(
            name: "BlipCommand",
            dependencies: [
                "BLIP", "BlipServer", "BlipCheckpoint", "BlipDemoModel", "BlipEvaluation",
                "BlipHub", "OpenVINO",
                "BlipPictures", "BlipTokenizer",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings, linkerSettings: runPath),

        // The product's side of `make bench`.
        .executableTarget(
            name: "BenchmarkWorker", dependencies: ["BLIP", "BlipPictures"],
            path: "Benchmarks/Worker", swiftSettings: settings, linkerSettings: runPath),

        .testTarget(
            name: "OpenVINOTests", dependencies: ["OpenVINO"], swiftSettings: settings,
            linkerSettings: runPath),
        .testTarget(name: "ModelGraphTests", dependencies: ["ModelGraph"], swiftSettings: settings),
        .testTarget(name: "BlipJSONTests", dependencies: ["BlipJSON"], swiftSettings: settings),
        .testTarget(
            name: "BlipCheckpointTests", dependencies: ["BlipCheckpoint"],
            resources: [.copy("Fixtures")], swiftSettings: settings),
        .testTarget(
            name: "BlipTokenizerTests", dependencies: ["BlipTokenizer", "BlipJSON"],
            resources: [.copy("Fixtures")], swiftSettings: settings),
        .testTarget(
            name: "BlipPicturesTests", dependencies: ["BlipPictures"],
            resources: [.copy("Fixtures")], swiftSettings: settings),
        .testTarget(
            name: "BlipHubTests",
            dependencies: [
                "BlipHub",
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "Subprocess", package: "swift-subprocess"),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "BlipEvaluationTests", dependencies: ["BlipEvaluation"],
            resources: [.copy("Fixtures")], swiftSettings: settings),
        .testTarget(
            name: "BlipWireFormatsTests", dependencies: ["BlipWireFormats"], swiftSettings: settings
        ),
        .testTarget(
            name: "BLIPTests",
            dependencies: ["BLIP", "BlipDemoModel", "OpenVINO", "ModelGraph", "BlipCheckpoint"],
            resources: [.copy("Fixtures")], swiftSettings: settings, linkerSettings: runPath),
        .testTarget(
            name: "ServerTests",
            dependencies: [
                "BlipServer", "BLIP", "BlipDemoModel", "BlipPictures", "BlipWireFormats",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ],
            exclude: ["Fixtures"],
            swiftSettings: settings, linkerSettings: runPath),
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "BlipCommand",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "Subprocess", package: "swift-subprocess"),
            ],
            swiftSettings: settings),
    ]
)
