@testable import BLIP
import BlipConversion
import BlipDemoModel
import BlipPictures
import Foundation
import Testing

@Suite("Weights rounded when a model is loaded")
struct RoundedWeightsTests {
    private let checkpoint = DemoModel.folder
    private let sample = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../Samples/four-dogs.png")
    private let place = try? CheckpointCopy(nil)

    private struct Said: Equatable {
        let embeddings: [Float]
        let caption: [Int]
        let answer: [Int]
    }

    private func model(
        _ folder: URL, _ weights: WeightFormat? = nil, imageSize: Int? = nil
    ) throws -> BlipModel {
        let cache = place?.folder.appending(path: "cache")
        return try BlipModel(
            folder: folder,
            options: RuntimeOptions(
                device: "CPU", precision: .f32, cacheDirectory: cache, imageSize: imageSize,
                weights: weights))
    }

    private func said(by model: BlipModel) async throws -> Said {
        let image = try await model.encode(contentsOf: sample)
        return Said(
            embeddings: try await model.patchEmbeddings(of: image),
            caption: try await model.caption(image).tokenIDs,
            answer: try await model.answer("how many dogs are there?", about: image).tokenIDs)
    }

    private func converted(_ weights: WeightFormat, imageSize: Int? = nil) throws -> URL {
        let folder = try #require(place).folder.appending(path: "\(weights)-\(imageSize ?? 0)")
        _ = try BlipConverter(checkpoint: checkpoint, weights: weights, imageSize: imageSize)
            .write(to: folder)
        return folder
    }

    @Test(arguments: [WeightFormat.int8, .int4])
    func sayWhatAConvertedFolderSays(_ weights: WeightFormat) async throws {
        let plain = try await said(by: model(checkpoint))
        let folder = try await said(by: model(converted(weights)))
        let first = try model(checkpoint, weights)
        let rounded = try await said(by: first)
        #expect(rounded == folder)
        #expect(rounded.embeddings != plain.embeddings)
        #expect(Set(await first.compilations().map(\.isFromCache)) == [false])

        let second = try model(checkpoint, weights)
        #expect(try await said(by: second) == rounded)
        #expect(Set(await second.compilations().map(\.isFromCache)) == [true])
        // What was kept for the one is not taken for the other.
        #expect(try await said(by: model(checkpoint)) == plain)
    }

    /// A kept model that cannot be read is made again, and rounded again.
    @Test func damagedFileIsMadeAgain() async throws {
        let rounded = try await said(by: model(checkpoint, .int8))
        let cache = try #require(place).folder.appending(path: "cache")
        let files = FileManager.default
        let names = try files.subpathsOfDirectory(atPath: cache.path).filter {
            $0.hasSuffix(".blob")
        }
        #expect(names.count >= 4)
        for name in names {
            try Data("no model".utf8).write(to: cache.appending(path: name))
        }
        #expect(try await said(by: model(checkpoint, .int8)) == rounded)
        let third = try model(checkpoint, .int8)
        #expect(try await said(by: third) == rounded)
        #expect(Set(await third.compilations().map(\.isFromCache)) == [true])
    }

    @Test func convertedFoldersKeepTheirSize() async throws {
        let folder = try converted(.f16, imageSize: 64)
        let own = try model(folder)
        #expect(own.configuration.vision.imageSize == 64)
        let small = try await said(by: own)
        #expect(try await said(by: model(folder, .f16, imageSize: 64)) == small)
        // The tokens of what runs without a folder.
        let direct = try await said(by: model(checkpoint, imageSize: 64))
        #expect(direct.caption == small.caption && direct.answer == small.answer)
        #expect(small.embeddings.count == 17 * own.configuration.vision.hiddenSize)
    }

    @Test func convertedFoldersRefuseOthers() throws {
        let folder = try converted(.int8)
        _ = try model(folder, .int8, imageSize: 112)
        for (weights, size, words) in [
            (WeightFormat.int4, nil, "converted with int8 weights, not int4"),
            (nil, 64, "converted for pictures of 112x112, not 64x64"),
        ] as [(WeightFormat?, Int?, String)] {
            let error = #expect(throws: BlipError.self) {
                try model(folder, weights, imageSize: size)
            }
            #expect(error?.code == .invalidOption)
            #expect(error?.message.contains(words) == true, "\(error?.message ?? "")")
        }
    }
}
