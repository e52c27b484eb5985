import BLIP
import BlipDemoModel
import Foundation

/// Finds the pictures of a folder that a text fits best.
///
///     swift run FindPictures ../Samples "four dogs"
@main
struct FindPictures {
    static func main() async throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        guard arguments.count == 2 else {
            print("usage: FindPictures FOLDER TEXT")
            return
        }
        let model = try BlipModel(folder: DemoModel.folder)
        let files = try FileManager.default
            .contentsOfDirectory(at: URL(filePath: arguments[0]), includingPropertiesForKeys: nil)
            .filter { ["jpg", "jpeg", "png", "webp"].contains($0.pathExtension.lowercased()) }

        // Embeddings are Codable, and encoded pictures become bytes: a program that is asked again keeps both.
        var embeddings: [URL: Embedding] = [:]
        var kept: [URL: Data] = [:]
        for file in files {
            let image = try await model.encode(contentsOf: file)
            embeddings[file] = try await model.embedding(of: image)
            kept[file] = try await model.data(of: image)
        }
        let query = try await model.embeddings(of: [arguments[1]])[0]
        let best = embeddings.sorted { query.cosine(to: $0.value) > query.cosine(to: $1.value) }

        // The cosine is quick and finds candidates; matching looks at picture and text together.
        let candidates = best.prefix(3).map(\.key)
        var pairs: [TextImagePair] = []
        for file in candidates {
            let image = try await model.encodedImage(from: kept[file] ?? Data())
            pairs.append(TextImagePair(arguments[1], with: image))
        }
        for (file, match) in zip(candidates, try await model.match(pairs)) {
            let percent = (match.probability * 100).formatted(.number.precision(.fractionLength(0)))
            print("\(file.lastPathComponent): fits with \(percent) %")
        }
    }
}
