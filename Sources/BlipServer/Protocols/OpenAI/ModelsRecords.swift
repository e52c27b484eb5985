struct ModelList: Encodable {
    var object = "list"
    let data: [ModelRecord]
}

struct ModelRecord: Encodable {
    let id: String
    var object = "model"
    let created: Int
    var owner = "swift-blip"

    enum CodingKeys: String, CodingKey {
        case id, object, created
        case owner = "owned_by"
    }
}
