import BLIP
import Testing

@testable import BlipServer

@Suite("Questions of properties")
struct FieldQuestionTests {
    @Test(arguments: [
        ("has_dog", "is there a dog?"), ("isThereADog", "is there a dog?"),
        ("dog_present", "is there a dog?"), ("people", "are there people?"),
        ("contains_animals", "are there animals?"), ("is_door_open", "is the door open?"),
        ("isRaining", "is it raining?"), ("umbrella", "is there an umbrella?"),
        ("door_is_open", "is the door open?"),
    ])
    func whether(_ name: String, _ question: String) {
        #expect(text(name, .whether) == question)
    }

    @Test(arguments: [
        ("dog_count", "how many dogs are there?"),
        ("number_of_people", "how many people are there?"),
        ("count", "how many objects are there?"), ("cars", "how many cars are there?"),
        ("numberOfBuses", "how many buses are there?"),
        ("child_count", "how many children are there?"),
        ("age", "what is the age?"),
    ])
    func number(_ name: String, _ question: String) {
        #expect(text(name, .number) == question)
    }

    @Test(arguments: [
        ("background_color", "what color is the background?"),
        ("carColour", "what color is the car?"), ("object", "what is in the picture?"),
        ("animal", "what animal is this?"), ("location", "where is this?"),
        ("hair_style", "what is the hair style?"), ("activity", "what is happening?"),
    ])
    func value(_ name: String, _ question: String) {
        #expect(text(name, .value) == question)
    }

    @Test(arguments: [
        ("a", "How many dogs are there?", FieldQuestion.Kind.number, "how many dogs are there?"),
        ("n", "The number of dogs in the picture.", .number, "how many dogs are there?"),
        ("n", "Number of visible objects", .number, "how many objects are there?"),
        ("b", "Whether the door is open", .whether, "is the door open?"),
        ("b", "True if a person is visible.", .whether, "is a person visible?"),
        ("c", "Color of the background", .value, "what color is the background?"),
        ("c", "the brand of the car", .value, "what is the brand of the car?"),
    ])
    func descriptions(
        _ name: String, _ description: String, _ kind: FieldQuestion.Kind, _ question: String
    ) {
        #expect(text(name, kind, description) == question)
    }

    @Test func objectsOfAListAreAsked() {
        let question = { (name: String, kind: FieldQuestion.Kind) in
            FieldQuestion(name: FieldName(name), description: nil, subject: "dog").text(kind)
        }
        #expect(question("count", .number) == "how many dogs are there?")
        #expect(question("color", .value) == "what color is the dog?")
        #expect(question("location", .value) == "where is the dog?")
    }

    @Test(arguments: [
        ("4", 4.0), ("four", 4), ("twenty one", 21), ("twenty-one dogs", 21), ("a hundred", 100),
        ("two hundred", 200), ("none", 0), ("no", 0), ("about 3.5", 3.5), ("a dog", nil), ("", nil),
        ("two or three", 2),
    ])
    func numbersInWords(_ text: String, _ number: Double?) {
        #expect(NumberWords.number(in: text) == number)
    }

    @Test func ranges() {
        var range = NumberRange(isInteger: true, minimum: 3, maximum: 9)
        range.multiple = 4
        #expect(range.candidates == [4, 8])
        #expect(
            NumberRange(minimum: 0.25, maximum: 0.75).candidates.allSatisfy {
                (0.25...0.75).contains($0)
            })
        #expect(NumberRange(maximum: 1).nearest(toShare: 0.87654321) == 0.8765)
        #expect(
            NumberRange(isInteger: true, minimum: 0, maximum: 100).nearest(toShare: 0.877) == 88)
        #expect(!NumberRange(minimum: 1, excludesMinimum: true).contains(1))
        #expect(NumberRange(isInteger: true).asLevel.candidates == [0, 1, 2])
        #expect(NumberRange(isInteger: true, minimum: 1).asLevel.minimum == 1)
    }

    private func text(
        _ name: String, _ kind: FieldQuestion.Kind, _ description: String? = nil
    ) -> String {
        FieldQuestion(name: FieldName(name), description: description, subject: nil).text(kind)
    }
}
