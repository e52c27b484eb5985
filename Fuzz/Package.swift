// swift-tools-version: 6.2
import PackageDescription

// Fuzzers of what reads weights, graphs, data sets, forms, tensors and MQTT packets. (Pictures, tokenizer files and the hub's
// answers have seeded mutations in the main package's tests.) A package of its own, since the sanitizers that it
// is built with are no business of the main one. Use `Fuzz/run`.

let package = Package(
    name: "Fuzz",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "swift-blip", path: "..", traits: ["Cameras"])],
    targets: [
        .systemLibrary(name: "CLibFuzzer"),
        .executableTarget(
            name: "Fuzz",
            dependencies: [
                "CLibFuzzer", .product(name: "BlipCheckpoint", package: "swift-blip"),
                .product(name: "BlipEvaluation", package: "swift-blip"),
                .product(name: "ModelGraph", package: "swift-blip"),
                .product(name: "BlipWireFormats", package: "swift-blip"),
                .product(name: "BlipMQTT", package: "swift-blip"),
            ],
            swiftSettings: [.swiftLanguageMode(.v5)]),
    ]
)
