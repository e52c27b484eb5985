/// One text or several.
struct TextList: Decodable {
    let texts: [String]

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let text = try? value.decode(String.self) {
            texts = [text]
        } else {
            texts = try value.decode([String].self)
        }
    }
}
