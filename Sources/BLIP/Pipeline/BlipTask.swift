/// What a checkpoint can be used for; found from the tensors that are in it.
public enum BlipTask: String, Sendable, Hashable, CaseIterable, Codable {
    /// Describing a picture in words.
    case caption
    /// Answering a question about a picture.
    case answer
    /// Telling how well a text fits a picture.
    case match

    /// A published checkpoint that can do this, for messages.
    package var example: String {
        switch self {
        case .caption: "Salesforce/blip-image-captioning-base"
        case .answer: "Salesforce/blip-vqa-base"
        case .match: "Salesforce/blip-itm-base-coco"
        }
    }

    func check(in available: Set<BlipTask>, model: String) throws(BlipError) {
        if available.contains(self) { return }
        let can = BlipTask.allCases.filter(available.contains).map(\.rawValue)
        throw BlipError(
            .taskUnavailable,
            "\(model) cannot \(rawValue), only \(can.joined(separator: " and ")); a checkpoint "
                + "that can is \(example)")
    }
}
