// swift-tools-version: 6.2
import PackageDescription

// A package that depends on swift-blip, as yours would (by URL and version instead of a path). Only WebRoute needs
// another package.
let package = Package(
    name: "swift-blip-examples",
    platforms: [.macOS(.v15)],
    dependencies: [
        .package(name: "swift-blip", path: "..", traits: []),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
    ],
    targets: [
        .executableTarget(
            name: "GettingStarted", dependencies: ["BLIP", "BlipDemoModel"].map(blip)),
        .executableTarget(
            name: "CaptionFolder", dependencies: ["BLIP", "BlipDemoModel"].map(blip)),
        .executableTarget(
            name: "PictureService",
            dependencies: ["BLIP", "BlipDemoModel", "BlipPictures"].map(blip)),
        .executableTarget(name: "FindPictures", dependencies: ["BLIP", "BlipDemoModel"].map(blip)),
        .executableTarget(name: "OwnNetwork", dependencies: ["ModelGraph", "OpenVINO"].map(blip)),
        .executableTarget(
            name: "WebRoute",
            dependencies: ["BLIP", "BlipDemoModel", "BlipPictures"].map(blip) + [
                .product(name: "Hummingbird", package: "hummingbird")
            ]),
    ]
)

func blip(_ product: String) -> Target.Dependency {
    .product(name: product, package: "swift-blip")
}
