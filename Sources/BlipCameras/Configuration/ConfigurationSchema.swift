import Foundation

/// The JSON schema of the configuration's file, by which editors complete and check it.
package enum ConfigurationSchema {
    package static func text() throws -> String {
        var schema = object(WatchConfiguration.keys)
        schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
        schema["title"] = "Configuration of blip watch"
        let data = try JSONSerialization.data(
            withJSONObject: schema,
            options: [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
        return String(decoding: data, as: UTF8.self)
    }

    private static func object(_ keys: [ConfigurationKey]) -> [String: Any] {
        var properties: [String: Any] = [:]
        for key in keys {
            var property = schema(of: key.kind)
            property["description"] = key.summary
            properties[key.name] = property
        }
        return [
            "type": "object", "properties": properties, "additionalProperties": false,
            "required": keys.filter(\.isRequired).map(\.name),
        ]
    }

    private static func schema(of kind: ConfigurationKey.Kind) -> [String: Any] {
        let text: [String: Any] = ["type": "string"]
        let texts: [String: Any] = ["type": "array", "items": text, "minItems": 1]
        let share: [String: Any] = ["type": "number", "minimum": 0, "maximum": 1]
        switch kind {
        // YAML takes names, passwords and answers for numbers or truth.
        case .text: return ["type": ["string", "number", "boolean"]]
        case .boolean: return ["type": "boolean"]
        case .integer(let range):
            return ["type": "integer", "minimum": range.lowerBound, "maximum": range.upperBound]
        case .number(let range):
            return ["type": "number", "minimum": range.lowerBound, "maximum": range.upperBound]
        case .duration:
            return [
                "type": ["string", "number"], "minimum": 0,
                "pattern": "^[0-9]+(\\.[0-9]+)?\\s*(ms|s|m|h)?$",
            ]
        case .choice(let choices): return ["enum": choices]
        case .texts:
            return [
                "anyOf": [
                    text,
                    [
                        "type": "array", "items": ["type": ["string", "number", "boolean"]],
                        "minItems": 1,
                    ],
                ]
            ]
        case .region:
            return [
                "anyOf": [
                    text,
                    ["type": "array", "items": share, "minItems": 4, "maxItems": 4],
                    [
                        "type": "array", "minItems": 3, "maxItems": 64,
                        "items": ["type": "array", "items": share, "minItems": 2, "maxItems": 2],
                    ],
                ]
            ]
        case .labels:
            return ["anyOf": [text, texts, ["type": "object", "additionalProperties": text]]]
        case .section(let keys): return object(keys)
        case .named(let keys): return ["type": "object", "additionalProperties": object(keys)]
        }
    }
}
