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

let hub = TargetDependencyCondition.when(traits: ["Hub"])
let server = TargetDependencyCondition.when(traits: ["Server"])
let library = TargetDependencyCondition.when(traits: ["Library"])
let cameras = TargetDependencyCondition.when(traits: ["Cameras"])
let commandLine = TargetDependencyCondition.when(traits: ["CommandLine"])

// Only `make docs` needs it, which asks for it.
let documentation: [Package.Dependency] =
    Context.environment["BLIP_DOCS"] == nil
    ? [] : [.package(url: "https://github.com/swiftlang/swift-docc-plugin", from: "1.5.0")]

let package = Package(
    name: "swift-blip",
    platforms: [.macOS(.v15)],
    products: [
        .plugin(name: "FetchOpenVINO", targets: ["FetchOpenVINO"]),
        .executable(name: "blip", targets: ["BlipCommand"]),
        .library(name: "BLIP", targets: ["BLIP"]),
        .library(name: "BlipConversion", targets: ["BlipConversion"]),
        .library(name: "OpenVINO", targets: ["OpenVINO"]),
        .library(name: "ModelGraph", targets: ["ModelGraph"]),
        .library(name: "BlipPictures", targets: ["BlipPictures"]),
        .library(name: "BlipHub", targets: ["BlipHub"]),
        .library(name: "BlipDemoModel", targets: ["BlipDemoModel"]),
        .library(name: "BlipServer", targets: ["BlipServer"]),
        .library(name: "BlipPretrained", targets: ["BlipPretrained"]),
        .library(name: "PhotoLibrary", targets: ["PhotoLibrary"]),
        // For `Fuzz` alone: they have no public symbols.
        .library(name: "BlipCheckpoint", targets: ["BlipCheckpoint"]),
        .library(name: "BlipEvaluation", targets: ["BlipEvaluation"]),
        .library(name: "BlipWireFormats", targets: ["BlipWireFormats"]),
        .library(name: "BlipMQTT", targets: ["BlipMQTT"]),
    ],
    // The libraries that BLIP is made of need no other package. A dependent that wants only those says
    // `traits: []`, and fetches nothing else.
    traits: [
        .trait(name: "Hub", description: "BlipHub, which fetches checkpoints"),
        .trait(name: "Server", description: "BlipServer, the model over HTTP"),
        .trait(name: "Library", description: "PhotoLibrary, which indexes and searches pictures"),
        .trait(name: "Cameras", description: "BlipCameras, which watches streams"),
        .trait(
            name: "CommandLine", description: "The program blip",
            enabledTraits: ["Hub", "Server", "Library", "Cameras"]),
        .default(enabledTraits: ["CommandLine"]),
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
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    ] + documentation,
    targets: [
        // Opens OpenVINO's runtime when the program runs.
        .target(
            name: "COpenVINO", linkerSettings: [.linkedLibrary("dl", .when(platforms: [.linux]))]),
        // Found through pkg-config.
        .systemLibrary(
            name: "CVips", pkgConfig: "vips", providers: [.apt(["libvips-dev"]), .brew(["vips"])]),
        .systemLibrary(
            name: "CPango", pkgConfig: "pangocairo",
            providers: [.apt(["libpango1.0-dev"]), .brew(["pango"])]),

        // glibc's settings of malloc.
        .systemLibrary(name: "CAllocator"),

        // Inner products of bytes, for processors newer than what Swift builds for.
        .systemLibrary(name: "CVectorScan"),

        .plugin(
            name: "FetchOpenVINO",
            capability: .command(
                intent: .custom(
                    verb: "fetch-openvino",
                    description: "Fetch the OpenVINO runtime into .openvino/"),
                permissions: [
                    .writeToPackageDirectory(reason: "The runtime's libraries go to .openvino/"),
                    .allowNetworkConnections(scope: .all(), reason: "They are fetched from PyPI"),
                ])),

        // Libraries that stand alone.
        .target(
            name: "OpenVINO", dependencies: ["BlipErrors", "COpenVINO"], swiftSettings: settings),
        .target(name: "ModelGraph", dependencies: ["BlipErrors"], swiftSettings: settings),
        .target(name: "BlipJSON", swiftSettings: settings),
        .target(name: "BlipErrors", swiftSettings: settings),
        .target(name: "BlipResources", swiftSettings: settings),
        .target(
            name: "BlipCheckpoint", dependencies: ["BlipErrors", "BlipJSON"],
            swiftSettings: settings),
        .target(
            name: "BlipTokenizer", dependencies: ["BlipErrors", "BlipJSON"], swiftSettings: settings
        ),
        .target(
            name: "BlipPictures", dependencies: ["BlipErrors", "CPango", "CVips"],
            swiftSettings: settings),
        .target(
            name: "BlipHub",
            dependencies: [
                "BlipErrors",
                .product(name: "AsyncHTTPClient", package: "async-http-client", condition: hub),
                .product(name: "Crypto", package: "swift-crypto", condition: hub),
                .product(name: "NIOCore", package: "swift-nio", condition: hub),
                .product(name: "NIOHTTP1", package: "swift-nio", condition: hub),
                .product(name: "NIOPosix", package: "swift-nio", condition: hub),
                .product(name: "NIOSSL", package: "swift-nio-ssl", condition: hub),
            ],
            swiftSettings: settings),
        .target(
            name: "BlipDemoModel", dependencies: ["BlipResources"],
            resources: [.copy("Resources/demo"), .copy("Resources/demo-int8")],
            swiftSettings: settings),
        .target(
            name: "BlipEvaluation", dependencies: ["BlipErrors"], swiftSettings: settings),
        .target(
            name: "BlipWireFormats", dependencies: ["BlipErrors"], swiftSettings: settings),

        // The model and the program.
        .target(
            name: "BLIP",
            dependencies: [
                "CAllocator", "OpenVINO", "ModelGraph", "BlipCheckpoint", "BlipErrors",
                "BlipTokenizer",
                "BlipPictures", "BlipResources",
            ],
            resources: [.copy("Resources/bert-base-uncased")], swiftSettings: settings),
        .target(
            name: "BlipConversion",
            dependencies: [
                "BLIP", "BlipCheckpoint", "BlipPictures", "BlipTokenizer", "ModelGraph", "OpenVINO",
            ],
            swiftSettings: settings),
        .target(
            name: "BlipServer",
            dependencies: [
                "BLIP", "BlipErrors", "BlipJSON", "BlipPictures", "BlipResources",
                "BlipWireFormats",
                .product(name: "AsyncHTTPClient", package: "async-http-client", condition: server),
                .product(name: "Crypto", package: "swift-crypto", condition: server),
                .product(name: "HTTPTypes", package: "swift-http-types", condition: server),
                .product(name: "Hummingbird", package: "hummingbird", condition: server),
                .product(name: "HummingbirdCore", package: "hummingbird", condition: server),
                .product(name: "HummingbirdTLS", package: "hummingbird", condition: server),
                .product(name: "Logging", package: "swift-log", condition: server),
                .product(name: "NIOCore", package: "swift-nio", condition: server),
                .product(name: "NIOEmbedded", package: "swift-nio", condition: server),
                .product(name: "NIOHTTP1", package: "swift-nio", condition: server),
                .product(
                    name: "NIOHTTPCompression", package: "swift-nio-extras", condition: server),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras", condition: server),
                .product(name: "NIOHTTPTypesHTTP1", package: "swift-nio-extras", condition: server),
                .product(name: "NIOPosix", package: "swift-nio", condition: server),
                .product(name: "NIOSSL", package: "swift-nio-ssl", condition: server),
                .product(
                    name: "ServiceLifecycle", package: "swift-service-lifecycle", condition: server),
            ],
            resources: [
                .copy("Resources/page.html"), .copy("Resources/cameras.html"),
                .copy("Resources/pages.css"),
                .copy("Resources/openapi.json"),
                .copy("Resources/labels.txt"),
            ],
            swiftSettings: settings),
        .target(
            name: "BlipPretrained", dependencies: ["BLIP", "BlipHub"], swiftSettings: settings),
        // A folder of photographs, indexed and searched.
        .target(
            name: "PhotoLibrary",
            dependencies: [
                "BLIP", "BlipCommandSupport", "BlipErrors", "BlipJSON", "BlipPictures",
                "CVectorScan",
                .product(name: "Crypto", package: "swift-crypto", condition: library),
                .product(name: "GRDB", package: "GRDB.swift", condition: library),
                .product(name: "Subprocess", package: "swift-subprocess", condition: library),
            ],
            swiftSettings: settings),
        // Cameras: standing questions of streams.
        .target(
            name: "BlipMQTT",
            dependencies: [
                "BlipErrors",
                .product(name: "NIOCore", package: "swift-nio", condition: cameras),
                .product(name: "NIOPosix", package: "swift-nio", condition: cameras),
                .product(name: "NIOSSL", package: "swift-nio-ssl", condition: cameras),
            ],
            swiftSettings: settings),
        .target(
            name: "BlipCameras",
            dependencies: [
                "BLIP", "BlipCommandSupport", "BlipErrors", "BlipJSON", "BlipMQTT", "BlipPictures",
                .product(name: "AsyncHTTPClient", package: "async-http-client", condition: cameras),
                .product(name: "Crypto", package: "swift-crypto", condition: cameras),
                .product(name: "Logging", package: "swift-log", condition: cameras),
                .product(name: "NIOCore", package: "swift-nio", condition: cameras),
                .product(name: "Subprocess", package: "swift-subprocess", condition: cameras),
                .product(name: "Yams", package: "Yams", condition: cameras),
            ],
            swiftSettings: settings),
        // The model for a program that drives this one: frames on standard input and output.
        .target(
            name: "BlipWorker",
            dependencies: ["BLIP", "BlipCommandSupport", "BlipPictures", "BlipWireFormats"],
            swiftSettings: settings),
        // What the program's commands share, and what measures, scores and compares models.
        .target(
            name: "BlipCommandSupport", dependencies: ["BLIP", "BlipErrors", "BlipPictures"],
            swiftSettings: settings),
        .target(
            name: "BlipMeasuring",
            dependencies: [
                "BLIP", "BlipCommandSupport", "BlipEvaluation", "BlipPictures", "OpenVINO",
            ],
            swiftSettings: settings),
        .executableTarget(
            name: "BlipCommand",
            dependencies: [
                "BLIP", "BlipCommandSupport", "BlipConversion", "BlipMeasuring", "BlipServer",
                "BlipCheckpoint", "BlipDemoModel", "BlipEvaluation", "BlipHub", "OpenVINO",
                "BlipPictures", "BlipTokenizer", "BlipCameras", "BlipWorker", "PhotoLibrary",
                .product(
                    name: "ArgumentParser", package: "swift-argument-parser", condition: commandLine
                ),
                .product(name: "Logging", package: "swift-log", condition: commandLine),
                .product(
                    name: "ServiceLifecycle", package: "swift-service-lifecycle",
                    condition: commandLine),
            ],
            swiftSettings: settings),

        // The product's side of `make bench`.
        .executableTarget(
            name: "BenchmarkWorker", dependencies: ["BLIP", "BlipPictures"],
            path: "Benchmarks/Worker", swiftSettings: settings),
        // Calls of many tasks beside batches, for `make bench-tasks`.
        .executableTarget(
            name: "BenchmarkTasks", dependencies: ["BLIP", "BlipPictures"],
            path: "Benchmarks/Tasks", swiftSettings: settings),
        // Searches for `make bench-library`.
        .executableTarget(
            name: "BenchmarkLibrary", dependencies: ["BLIP", "BlipDemoModel", "PhotoLibrary"],
            path: "Benchmarks/Library", swiftSettings: settings),

        .testTarget(
            name: "OpenVINOTests", dependencies: ["OpenVINO"], exclude: ["ABI"],
            swiftSettings: settings),
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
                .product(name: "NIOHTTP1", package: "swift-nio", condition: hub),
                .product(name: "NIOSSL", package: "swift-nio-ssl", condition: hub),
                .product(name: "Subprocess", package: "swift-subprocess", condition: hub),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "BlipEvaluationTests", dependencies: ["BlipEvaluation"],
            resources: [.copy("Fixtures")], swiftSettings: settings),
        .testTarget(
            name: "BlipMeasuringTests",
            dependencies: [
                "BLIP", "BlipDemoModel", "BlipMeasuring", "BlipCommandSupport", "BlipEvaluation",
                "BlipPictures",
            ],
            swiftSettings: settings),
        .testTarget(
            name: "BlipWireFormatsTests", dependencies: ["BlipWireFormats"], swiftSettings: settings
        ),
        .testTarget(
            name: "BLIPTests",
            dependencies: [
                "BLIP", "BlipConversion", "BlipDemoModel", "BlipResources", "OpenVINO",
                "ModelGraph",
                "BlipCheckpoint",
            ],
            resources: [.copy("Fixtures")], swiftSettings: settings),
        .testTarget(
            name: "ServerTests",
            dependencies: [
                "BlipServer", "BLIP", "BlipDemoModel", "BlipJSON", "BlipPictures",
                "BlipWireFormats",
                .product(name: "AsyncHTTPClient", package: "async-http-client", condition: server),
                .product(name: "Hummingbird", package: "hummingbird", condition: server),
                .product(name: "Logging", package: "swift-log", condition: server),
                .product(name: "NIOCore", package: "swift-nio", condition: server),
                .product(name: "NIOEmbedded", package: "swift-nio", condition: server),
                .product(name: "NIOHTTP1", package: "swift-nio", condition: server),
                .product(
                    name: "NIOHTTPCompression", package: "swift-nio-extras", condition: server),
                .product(name: "NIOPosix", package: "swift-nio", condition: server),
                .product(name: "NIOSSL", package: "swift-nio-ssl", condition: server),
                .product(
                    name: "ServiceLifecycle", package: "swift-service-lifecycle", condition: server),
            ],
            exclude: ["Fixtures"],
            swiftSettings: settings),
        .testTarget(
            name: "BlipPretrainedTests",
            dependencies: ["BlipPretrained", "BLIP", "BlipDemoModel", "BlipHub"],
            swiftSettings: settings),
        .testTarget(
            name: "PhotoLibraryTests",
            dependencies: [
                "PhotoLibrary", "BLIP", "BlipCommandSupport", "BlipDemoModel", "BlipPictures",
                .product(name: "GRDB", package: "GRDB.swift", condition: library),
                .product(name: "Subprocess", package: "swift-subprocess", condition: library),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "BlipMQTTTests",
            dependencies: [
                "BlipMQTT",
                .product(name: "NIOCore", package: "swift-nio", condition: cameras),
                .product(name: "NIOPosix", package: "swift-nio", condition: cameras),
                .product(name: "Subprocess", package: "swift-subprocess", condition: cameras),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "BlipCamerasTests",
            dependencies: [
                "BlipCameras", "BLIP", "BlipDemoModel", "BlipMQTT", "BlipPictures",
                .product(name: "Logging", package: "swift-log", condition: cameras),
                .product(name: "Subprocess", package: "swift-subprocess", condition: cameras),
            ],
            swiftSettings: settings),
        .testTarget(
            name: "BlipWorkerTests",
            dependencies: [
                "BlipWorker", "BLIP", "BlipCommandSupport", "BlipDemoModel", "BlipPictures",
                "BlipWireFormats",
            ],
            swiftSettings: settings),
        .testTarget(
            name: "CommandTests",
            dependencies: [
                "BlipCommand", "BlipCommandSupport",
                .product(
                    name: "AsyncHTTPClient", package: "async-http-client", condition: commandLine),
                .product(name: "NIOCore", package: "swift-nio", condition: commandLine),
                .product(name: "Subprocess", package: "swift-subprocess", condition: commandLine),
            ],
            swiftSettings: settings),
    ]
)
