import BlipPictures
import Foundation

/// What a part's rows are written as.
package enum PartFormat: String, CaseIterable, Sendable {
    /// A JSON object a line.
    case jsonl
    /// A tar file of the pictures with their captions, as WebDataset reads them.
    case webdataset

    var ending: String {
        switch self {
        case .jsonl: "jsonl"
        case .webdataset: "tar"
        }
    }

    /// What stands behind the last row.
    var end: Data { self == .webdataset ? TarWriter.end : Data() }
}

/// What was found of a picture.
package protocol PartRow: Encodable {
    /// What a data set of pictures and texts has of it.
    var text: String { get }
}

/// One picture of a data set in WebDataset's form: files of one name, told apart by their endings.
struct WebDatasetSample {
    /// The name without an ending.
    let key: String
    let row: String
    /// `nil` of a picture that failed.
    let content: (picture: [UInt8], text: String)?

    /// The same of all parts never has the same key.
    static func key(of number: Int, in shard: Shard) -> String {
        "\(shard.number)-\(String(format: "%08d", number))"
    }

    /// - Returns: `nil` for what a tar file cannot have.
    func members() -> Data? {
        var files = [("json", Array(row.utf8))]
        if let content {
            files += [
                (Self.ending(of: content.picture), content.picture),
                ("txt", Array(content.text.utf8)),
            ]
        }
        return files.sorted { $0.0 < $1.0 }.reduce(into: Optional(Data())) { data, file in
            guard let member = TarWriter.member("\(key).\(file.0)", file.1) else {
                data = nil
                return
            }
            data?.append(member)
        }
    }

    /// Data sets are decoded by endings; a file's own may be another, or say another thing than its bytes.
    private static func ending(of picture: [UInt8]) -> String {
        switch FileBytes.mediaType(picture[...]) {
        case "image/jpeg": "jpg"
        case "image/tiff": "tif"
        case let type? where type.hasPrefix("image/"): String(type.dropFirst("image/".count))
        default: "raw"
        }
    }
}
