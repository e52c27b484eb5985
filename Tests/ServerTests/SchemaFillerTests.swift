import BlipJSON
import Testing

@testable import BlipServer

@Suite("Filling JSON schemas")
struct SchemaFillerTests {
    /// What a picture of four dogs and a ball on a yellow background would tell.
    struct Dogs: PictureReading {
        var canAnswer = true
        var caption: Reading { Reading(text: "four dogs on a yellow background", probability: 0.9) }

        func answer(to question: String) async throws -> Reading {
            let text =
                if question.hasPrefix("how many") {
                    question.contains("dogs") || question.contains("objects") ? "four" : "0"
                } else if question.hasPrefix("what color") {
                    "yellow"
                } else {
                    "dogs"
                }
            return Reading(text: text, probability: 0.8)
        }

        func rank(_ answers: [String], for question: String) async throws -> [Reading] {
            let best =
                question.contains("dog") ? "yes" : question.contains("color") ? "yellow" : "no"
            return answers.map { Reading(text: $0, probability: $0 == best ? 0.7 : 0.1) }
        }

        func presence(of word: String, question: String) async throws -> Double {
            try await rank(["yes"], for: question)[0].probability
        }

        func labels(minimum: Int, maximum: Int) async throws -> [Reading] {
            let words = ["dog", "ball"] + (0..<80).map { "word \($0)" }
            return words.prefix(min(maximum, max(2, minimum))).map {
                Reading(text: $0, probability: $0.hasPrefix("word") ? 0.2 : 0.6)
            }
        }
    }

    private func fill(_ json: String) async throws -> Filling {
        let schema = try JSONValue(parsing: Array(json.utf8))
        return try await SchemaFiller(picture: Dogs()).fill(
            try SchemaReader.read(schema, canAnswer: true))
    }

    private static let structures: [(String, String)] = [
        (
            #"{"type":"object","properties":{"dog_count":{"type":"integer"},"has_dog":{"type":"boolean"},"background_color":{"enum":["red","yellow"]},"title":{"type":"string"}}}"#,
            #"{"dog_count":4,"has_dog":true,"background_color":"yellow","title":"four dogs on a yellow background"}"#
        ),
        // PhotoPrism's labels.
        (
            #"{"type":"object","properties":{"labels":{"type":"array","items":{"type":"object","properties":{"name":{"type":"string"},"confidence":{"type":"number"},"topicality":{"type":"number"}}}}}}"#,
            #"{"labels":[{"name":"dog","confidence":0.6,"topicality":0.6},{"name":"ball","confidence":0.6,"topicality":0.6}]}"#
        ),
        // Karakeep's tags.
        (
            #"{"type":"object","properties":{"tags":{"type":"array","items":{"type":"string"}}}}"#,
            #"{"tags":["dog","ball"]}"#
        ),
        // Frigate's observations.
        (
            #"{"type":"object","properties":{"observations":{"type":"array","items":{"type":"string","minLength":10},"minItems":3}}}"#,
            #"{"observations":["four dogs on a yellow background","where is this? dogs","what is happening? dogs","what is in the background? dogs"]}"#
        ),
        (#"{"type":"array","items":{"enum":["cats","dogs"]}}"#, #"["dogs"]"#),
        (#"{"type":"array","items":{"enum":["cats","birds"]},"minItems":1}"#, #"["cats"]"#),
        (#"{"type":"integer","minimum":10,"maximum":12}"#, "10"),
        (#"{"type":"string","maxLength":9}"#, #""four dogs""#),
        (#"{"type":"string","minLength":36}"#, #""four dogs on a yellow background, dog, ball""#),
        (
            #"{"type":"string","minLength":50,"maxLength":90}"#,
            #""four dogs on a yellow background, dog, ball. where is this? dogs. what is happening? dogs.""#
        ),
        (
            #"{"type":"object","properties":{"dogs":{"type":"integer"},"confidence":{"type":"integer","minimum":0,"maximum":100}}}"#,
            #"{"dogs":4,"confidence":80}"#
        ),
        (#"{"const":{"a":[1,null]}}"#, #"{"a":[1,null]}"#),
        (#"{"type":"array","items":{"type":"boolean"},"maxItems":0}"#, "[]"),
    ]

    @Test(arguments: structures)
    func filled(_ schema: String, _ json: String) async throws {
        #expect(try await fill(schema).value.json == json)
    }

    @Test func aValueThatIsTheAnswerIsAskedAsThePromptDoes() async throws {
        for (json, expected) in [
            (#"{"type":"object","properties":{"answer":{"type":"integer"}}}"#, #"{"answer":4}"#),
            (#"{"type":"string"}"#, #""four""#),
            (
                #"{"type":"object","properties":{"ingredients":{"type":"array","items":{"type":"string"}}}}"#,
                #"{"ingredients":["dogs"]}"#
            ),
        ] {
            let schema = try SchemaReader.read(
                JSONValue(parsing: Array(json.utf8)), canAnswer: true)
            let filler = SchemaFiller(picture: Dogs(), asked: "how many dogs are there?")
            #expect(try await filler.fill(schema).value.json == expected)
        }
    }

    @Test func eachValueHasItsProbability() async throws {
        let filling = try await fill(
            #"{"type":"object","properties":{"a/b":{"type":"integer","description":"number of dogs"},"tags":{"type":"array","items":{"type":"string"}}}}"#
        )
        #expect(filling.probabilities.map(\.pointer) == ["/a~1b", "/tags/0", "/tags/1"])
        #expect(filling.probabilities.map(\.probability) == [0.8, 0.6, 0.6])
    }

    @Test func aTextThatCannotBeSoLongIsRefused() async throws {
        await #expect(throws: ServiceError.self) {
            try await fill(#"{"type":"string","minLength":500}"#)
        }
    }

    @Test(arguments: [0 as UInt64, 1, 2, 3])
    func whateverIsDrawnIsFilledAsItAsks(_ seed: UInt64) async throws {
        var random = RandomSchema(seed: seed)
        var filled = 0
        for _ in 0..<500 {
            let schema = random.schema()
            let described: DescribedSchema
            do {
                described = try SchemaReader.read(schema, canAnswer: true)
            } catch {
                // Drawn too large, or a list of nothing but one value.
                #expect(error.status == .badRequest)
                continue
            }
            let value = try await SchemaFiller(picture: Dogs()).fill(described).value
            #expect(value.fits(schema), "\(schema.json) gave \(value.json)")
            #expect(try JSONValue(parsing: Array(value.json.utf8)).fits(schema))
            filled += 1
        }
        #expect(filled > 400)
    }

    @Test func theValidatorTellsWhatDoesNotFit() throws {
        let parse = { (json: String) in try JSONValue(parsing: Array(json.utf8)) }
        for (value, schema) in [
            ("1.5", #"{"type":"integer"}"#), (#""a""#, #"{"minLength":2}"#),
            ("3", #"{"multipleOf":2}"#),
            ("[1]", #"{"items":{"type":"string"}}"#), ("{}", #"{"required":["a"]}"#),
            ("null", #"{"type":"string"}"#),
            (#"{"a":1}"#, #"{"additionalProperties":false}"#), ("true", #"{"enum":[1]}"#),
        ] { #expect(try !parse(value).fits(parse(schema))) }
    }
}
