import BLIP
import BlipCommandSupport
import BlipPictures
import Foundation

/// The first frame of whoever drives a worker.
struct WorkerGreeting: Decodable {
    let type: String
    let version: Int
    /// In which order results come; as they finish, where nothing is said.
    let order: ResultOrder?
    /// What is compiled before the answer.
    let prepare: [WorkerTask]?
}

/// In which order results come.
package enum ResultOrder: String, Codable, Sendable, Keyword {
    /// That of the requests.
    case input
    /// As they finish.
    case finish
}

/// What may be asked of a picture.
package enum WorkerTask: String, Codable, Sendable, Keyword {
    case caption, ask, match, embed

    var modelTask: BlipTask {
        switch self {
        case .caption: .caption
        case .ask: .answer
        case .match, .embed: .match
        }
    }
}

/// What every request has: whoever cannot be answered by its number cannot be answered.
struct WorkerRequestID: Decodable {
    let id: Int
}

/// One picture, and what is asked of it.
struct WorkerRequest: Decodable {
    let id: Int
    let task: WorkerTask
    /// Where the picture's file is.
    let path: String?
    /// The size of a picture whose pixels are the payload.
    let pixels: Pixels?
    /// What errors call a picture without a path.
    let name: String?
    /// What a caption begins with.
    let prompt: String?
    let questions: [String]?
    /// A closed list to choose from.
    let answers: [String]?
    /// To match, or to embed.
    let texts: [String]?
    /// Whose treatment of questions is followed.
    let compat: String?
    let options: GenerationParameters?

    struct Pixels: Decodable {
        let width: Int
        let height: Int
    }
}

extension WorkerRequest {
    /// Where the picture is; `nil` where texts alone are embedded.
    func source(payload: [UInt8]) throws(WorkerProblem) -> PictureSource? {
        switch (path, pixels, payload.isEmpty) {
        case (let path?, nil, true): return .file(RawPath(argument: path))
        case (nil, let pixels?, false):
            return .pixels(payload, width: pixels.width, height: pixels.height)
        case (nil, nil, false): return .bytes(payload, name: name ?? "The picture")
        case (nil, nil, true) where task == .embed && !(texts ?? []).isEmpty: return nil
        case (nil, nil, true):
            throw WorkerProblem(
                "The request has no picture; give its path, or its bytes behind the JSON")
        default:
            throw WorkerProblem(
                "The request has more than one picture, or pixels without bytes; give a path, a file's "
                    + "bytes, or pixels and their bytes")
        }
    }

    /// A list that a task cannot do without.
    func required(_ list: [String]?, _ name: String) throws(WorkerProblem) -> [String] {
        guard let list, !list.isEmpty else {
            throw WorkerProblem("The task \(task.rawValue) needs \(name); give one or more")
        }
        return list
    }

    /// Whose treatment of questions is followed.
    func compatibility() throws(WorkerProblem) -> Compatibility {
        guard let compat else { return .transformers }
        guard let compatibility = Compatibility(rawValue: compat) else {
            let known = Compatibility.allCases.map(\.rawValue).joined(separator: " or ")
            throw WorkerProblem("compat is \"\(compat.prefix(40))\"; give \(known)")
        }
        return compatibility
    }
}

/// A request that cannot be met as it is.
struct WorkerProblem: Error {
    let message: String

    init(_ message: String) { self.message = message }
}
