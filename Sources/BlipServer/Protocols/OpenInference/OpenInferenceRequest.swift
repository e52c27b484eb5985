import BLIP
import Foundation
import Hummingbird
import BlipWireFormats

/// What `infer` of the Open Inference Protocol is asked: a task, told by the inputs that are there,
/// of one or several pictures.
struct OpenInferenceRequest: Sendable {
    enum Task: Sendable {
        case caption
        /// A question a picture.
        case answer([String])
        /// A text a picture.
        case match([String])

        var outputs: [String] {
            switch self {
            case .caption: ["caption", "score"]
            case .answer: ["answer", "score"]
            case .match: ["match_probability", "similarity"]
            }
        }

        init(questions: [String]?, texts: [String]?) throws(ServiceError) {
            switch (questions, texts) {
            case (nil, nil): self = .caption
            case (let questions?, nil): self = .answer(questions)
            case (nil, let texts?): self = .match(texts)
            default: throw .invalid("The inputs question and text do not go together; send one")
            }
        }
    }

    let id: String?
    let pictures: [PictureInput]
    /// Of the pictures, and so of all outputs.
    let shape: [Int]
    let task: Task
    let generation: GenerationParameters
    /// The outputs wanted; all where empty.
    let outputs: [OpenInferenceBody.Output]
    /// Whether outputs are binary unless they say otherwise.
    let isBinary: Bool

    init(_ request: Request, _ reader: BodyReader) async throws {
        let length = try request.headers["inference-header-content-length"].map { text in
            guard let length = Int(text) else {
                throw ServiceError.invalid("Inference-Header-Content-Length is no number")
            }
            return length
        }
        self = try await reader.read(request) {
            try Self(try TensorBody($0, headerLength: length))
        }
    }

    init(_ bytes: TensorBody) throws {
        var bytes = bytes
        let body = try OpenInferenceBody(json: bytes.header)
        var tensors: [String: InputTensor] = [:]
        for input in body.inputs {
            guard ["image", "question", "text"].contains(input.name) else {
                throw ServiceError.invalid(
                    "There is no input \(input.name.prefix(40)); send image, question or text")
            }
            guard tensors[input.name] == nil else {
                throw ServiceError.invalid("The input \(input.name) is there twice; send it once")
            }
            tensors[input.name] = try InputTensor(input, &bytes)
        }
        try bytes.finish()
        guard let image = tensors["image"] else {
            throw ServiceError.invalid("There is no input image; send one")
        }
        try PictureInput.checkCount(image.count)
        let texts = { (name: String) throws(ServiceError) -> [String]? in
            guard let texts = try tensors[name]?.texts() else { return nil }
            try validate(texts: texts, name)
            guard texts.count == image.count || texts.count == 1 else {
                throw .invalid(
                    "\(name) has \(texts.count) elements, image has \(image.count); send one for "
                        + "each picture, or one for all")
            }
            return texts.count == 1 ? [String](repeating: texts[0], count: image.count) : texts
        }
        id = body.id
        pictures = try image.pictures()
        shape = image.shape
        task = try Task(questions: texts("question"), texts: texts("text"))
        generation = body.parameters?.generation ?? GenerationParameters()
        outputs = body.outputs ?? []
        isBinary = body.parameters?.isBinary ?? false
        if let unknown = outputs.first(where: { !task.outputs.contains($0.name) }) {
            throw ServiceError.invalid(
                "There is no output \(unknown.name.prefix(40)); these inputs give "
                    + task.outputs.joined(separator: " and "))
        }
        guard (generation.count ?? 1) == 1 else {
            throw ServiceError.invalid("An output has one text a picture; leave out count")
        }
    }

    /// The outputs as they are wanted: which, in which order, and which of them binary.
    func wanted(of tensors: [OutputTensor]) -> [OutputTensor] {
        guard !outputs.isEmpty else {
            return tensors.map { $0.with(isBinary: isBinary) }
        }
        return outputs.compactMap { output in
            tensors.first { $0.name == output.name }?
                .with(isBinary: output.parameters?.isBinary ?? isBinary)
        }
    }
}

/// An input's elements, wherever the request holds them.
private struct InputTensor {
    let name: String
    let shape: [Int]
    /// Bytes as they are, or text of the JSON.
    private let elements: [Element]

    private enum Element {
        case bytes([UInt8])
        case text(String)
    }

    var count: Int { elements.count }

    init(_ input: OpenInferenceBody.Input, _ body: inout TensorBody) throws {
        guard input.datatype == "BYTES" else {
            throw ServiceError.invalid("The input \(input.name) is of the type BYTES; send it so")
        }
        name = input.name
        shape = input.shape
        switch (input.parameters?.binaryDataSize, input.data) {
        case (let size?, nil):
            elements = try BytesTensor.elements(of: body.next(size)).map { .bytes(Array($0)) }
        case (nil, let data?): elements = data.texts.map { .text($0) }
        default:
            throw ServiceError.invalid(
                "The input \(name) wants either data or a binary_data_size; send one of them")
        }
        let product = shape.reduce(1 as Int?) { product, side in
            let (result, overflow) = (product ?? 0).multipliedReportingOverflow(by: side)
            return product == nil || overflow || side < 0 ? nil : result
        }
        guard product == elements.count else {
            throw ServiceError.invalid(
                "The input \(name) has \(elements.count) elements, which is not its shape's number")
        }
    }

    func pictures() throws(ServiceError) -> [PictureInput] {
        var pictures: [PictureInput] = []
        for (index, element) in elements.enumerated() {
            let name = PictureInput.name(index, of: count)
            switch element {
            case .bytes(let bytes): pictures.append(PictureInput(bytes: bytes, name: name))
            case .text(let text): pictures.append(try PictureInput(base64: text, name: name))
            }
        }
        return pictures
    }

    func texts() throws(ServiceError) -> [String] {
        var texts: [String] = []
        for element in elements {
            switch element {
            case .text(let text): texts.append(text)
            case .bytes(let bytes):
                guard let text = String(validating: bytes, as: UTF8.self) else {
                    throw .invalid("The input \(name) is no UTF-8; send it so")
                }
                texts.append(text)
            }
        }
        return texts
    }
}
