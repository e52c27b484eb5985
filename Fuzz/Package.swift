// swift-tools-version: 6.2
import PackageDescription

// Fuzzers of what reads weights, graphs, data sets, forms, tensors, kept pictures and MQTT packets. (Pictures, tokenizer files and the hub's
// answers have seeded mutations in the main package's tests.) A package of its own, since the sanitizers that it
// is built with are no business of the main one. Use `Fuzz/run`.

// MQTT's packets stand on swift-nio, whose TLS takes minutes to build: `Fuzz/run` asks for it where they are named.
let withPackets = Context.environment["BLIP_FUZZ_PACKETS"] != nil
let packets: [Target.Dependency] =
    withPackets ? [.product(name: "BlipMQTT", package: "swift-blip")] : []

let package = Package(
    name: "Fuzz",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "swift-blip", path: "..", traits: withPackets ? ["Cameras"] : [])
    ],
    targets: [
        .systemLibrary(name: "CLibFuzzer"),
        .executableTarget(
            name: "Fuzz",
            dependencies: [
                "CLibFuzzer", .product(name: "BLIP", package: "swift-blip"),
                .product(name: "BlipCheckpoint", package: "swift-blip"),
                .product(name: "BlipEvaluation", package: "swift-blip"),
                .product(name: "ModelGraph", package: "swift-blip"),
                .product(name: "BlipWireFormats", package: "swift-blip"),
            ] + packets,
            swiftSettings: [.swiftLanguageMode(.v5)]),
    ]
)
