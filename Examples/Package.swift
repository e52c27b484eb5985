// swift-tools-version: 6.2
import PackageDescription

// A package that depends on swift-blip, as yours would (by URL and version instead of a path).
let package = Package(
    name: "swift-blip-examples",
    platforms: [.macOS(.v15)],
    dependencies: [.package(name: "swift-blip", path: "..", traits: [])],
    targets: [
        .executableTarget(
            name: "CaptionFolder",
            dependencies: [
                .product(name: "BLIP", package: "swift-blip"),
                .product(name: "BlipDemoModel", package: "swift-blip"),
                .product(name: "BlipPictures", package: "swift-blip"),
            ])
    ]
)
