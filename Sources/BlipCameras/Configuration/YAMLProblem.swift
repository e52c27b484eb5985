import Foundation
import Yams

/// What is wrong with a file that is no YAML.
enum YAMLProblem {
    static func sentence(_ error: any Error, file: URL) -> String {
        switch error {
        case YamlError.scanner(_, let problem, let mark, _),
            YamlError.parser(_, let problem, let mark, _),
            YamlError.composer(_, let problem, let mark, _):
            "Line \(mark.line): \(file.path) is no YAML: \(problem)."
        case YamlError.duplicatedKeysInMapping(let duplicates, let context):
            "Line \(context.mark.line): \(duplicates.joined(separator: ", ")) is there twice; give each its own "
                + "name."
        default: "\(file.path) is no YAML; docs/cameras.md shows an example."
        }
    }
}
