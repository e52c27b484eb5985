import Foundation

extension ConfigurationSection {
    /// A secret that stands in the file, or in the first line of the file that `KEY_file` names.
    package func secret(_ key: String, _ problems: inout ConfigurationProblems) -> String? {
        guard let file = file("\(key)_file") else { return text(key) }
        if text(key) != nil {
            problems.add("\(path) has both \(key) and \(key)_file; keep one.")
        }
        guard let text = try? String(contentsOf: file, encoding: .utf8) else {
            problems.add(
                "\(path).\(key)_file: \(file.path) cannot be read; check its path and rights.")
            return nil
        }
        let line = text.prefix { !$0.isNewline }
        if line.isEmpty {
            problems.add("\(path).\(key)_file: the first line of \(file.path) is empty.")
            return nil
        }
        return String(line)
    }
}
