import BlipCommandSupport
import Foundation
import Yams

/// Goes through a file by the table of its keys, and notes all that is wrong.
struct ConfigurationReader {
    let folder: URL
    /// What `${NAME}` stands for.
    let environment: [String: String]
    private(set) var problems = ConfigurationProblems()

    init(folder: URL, environment: [String: String]) {
        self.folder = folder
        self.environment = environment
    }

    mutating func section(
        _ node: Node, _ keys: [ConfigurationKey], path: String
    ) -> ConfigurationSection {
        var section = ConfigurationSection(path: path, folder: folder)
        guard case .mapping(let mapping) = node else {
            // "pictures:" with nothing behind it is an empty section.
            if node.scalar?.string.isEmpty != true {
                refuse(path.isEmpty ? "The file" : path, node, "wants keys with values")
            }
            return checked(section, keys, node)
        }
        for (keyNode, value) in mapping {
            let name = keyNode.scalar?.string ?? ""
            guard let key = keys.first(where: { $0.name == name }) else {
                let known = keys.map(\.name)
                let hint =
                    name.nearest(in: known).map { "did you mean \($0)?" }
                    ?? "there are \(known.joined(separator: ", "))."
                problems.add(
                    "\(place(keyNode))\(Self.join(path, name)) is no key that is known; \(hint)")
                continue
            }
            section.values[name] = self.value(value, key.kind, path: Self.join(path, name))
        }
        return checked(section, keys, node)
    }

    private mutating func checked(
        _ section: ConfigurationSection, _ keys: [ConfigurationKey], _ node: Node
    ) -> ConfigurationSection {
        let given = Set(node.mapping?.compactMap { $0.key.scalar?.string } ?? [])
        for key in keys where key.isRequired && !given.contains(key.name) {
            let path = section.path.isEmpty ? "The file" : section.path
            problems.add(
                "\(place(node))\(path) lacks \(key.name): \(key.summary)")
        }
        return section
    }

    private mutating func value(
        _ node: Node, _ kind: ConfigurationKey.Kind, path: String
    ) -> ConfigurationSection.Value? {
        switch kind {
        case .text: return text(node, path).map { .text($0) }
        case .boolean:
            switch text(node, path)?.lowercased() {
            case "true", "yes", "on": return .boolean(true)
            case "false", "no", "off": return .boolean(false)
            case nil: return nil
            default: return refuse(path, node, "wants true or false")
            }
        case .integer(let range):
            guard let text = text(node, path) else { return nil }
            guard let number = Int(text), range.contains(number) else {
                return refuse(
                    path, node,
                    "wants a whole number from \(range.lowerBound) to \(range.upperBound)")
            }
            return .integer(number)
        case .number(let range):
            guard let text = text(node, path) else { return nil }
            guard let number = Double(text), range.contains(number) else {
                return refuse(
                    path, node, "wants a number from \(range.lowerBound) to \(range.upperBound)")
            }
            return .number(number)
        case .duration:
            guard let text = text(node, path) else { return nil }
            guard let duration = Duration(written: text) else {
                return refuse(path, node, "wants a time such as 500ms, 2s or 1m")
            }
            return .duration(duration)
        case .choice(let choices):
            guard let text = text(node, path) else { return nil }
            guard choices.contains(text) else {
                return refuse(path, node, "wants \(choices.joined(separator: ", ")) or nothing")
            }
            return .text(text)
        case .texts: return texts(node, path).map { .texts($0) }
        case .region: return region(node, path)
        case .labels: return labels(node, path)
        case .section(let keys): return .section(section(node, keys, path: path))
        case .named(let keys): return named(node, keys, path: path)
        }
    }

    private mutating func named(
        _ node: Node, _ keys: [ConfigurationKey], path: String
    ) -> ConfigurationSection.Value? {
        guard case .mapping(let mapping) = node else {
            return refuse(path, node, "wants names, each with its keys")
        }
        var sections: [(name: String, section: ConfigurationSection)] = []
        for (key, value) in mapping {
            let name = key.scalar?.string ?? ""
            guard name.wholeMatch(of: /[A-Za-z0-9_\-]{1,64}/) != nil else {
                problems.add(
                    "\(place(key))\(path): \"\(name.prefix(80))\" is no name; use letters, digits, _ and -, "
                        + "64 at most.")
                continue
            }
            sections.append((name, section(value, keys, path: Self.join(path, name))))
        }
        return .named(sections)
    }

    private mutating func texts(_ node: Node, _ path: String) -> [String]? {
        switch node {
        case .sequence(let nodes):
            let texts = nodes.compactMap { text($0, path) }
            return texts.count == nodes.count ? texts : nil
        case .scalar:
            return text(node, path)?.split(separator: ",")
                .map { $0.trimmingCharacters(in: .whitespaces) }
        default:
            refuse(path, node, "wants a list of texts")
            return nil
        }
    }

    private mutating func labels(_ node: Node, _ path: String) -> ConfigurationSection.Value? {
        guard case .mapping(let mapping) = node else {
            return texts(node, path).map { .labels($0.map { .init(state: $0, text: $0) }) }
        }
        var labels: [SensorConfiguration.Label] = []
        for (key, value) in mapping {
            guard let state = text(key, path), let text = text(value, "\(path).\(state)") else {
                continue
            }
            labels.append(.init(state: state, text: text))
        }
        return .labels(labels)
    }

    private mutating func region(_ node: Node, _ path: String) -> ConfigurationSection.Value? {
        let form =
            "wants a box [x, y, width, height] or corners [[x, y], ...], as shares from 0 to 1"
        var numbers: [[Double]] = []
        switch node {
        case .sequence(let nodes) where nodes.allSatisfy(\.isScalar):
            numbers = [nodes.compactMap { $0.scalar.flatMap { Double($0.string) } }]
        case .sequence(let nodes):
            numbers = nodes.map { corner in
                corner.sequence?.compactMap { $0.scalar.flatMap { Double($0.string) } } ?? []
            }
        case .scalar(let scalar):
            guard let region = Region(written: scalar.string) else {
                return refuse(path, node, form)
            }
            return .region(region)
        default: break
        }
        guard let region = Region(numbers: numbers) else { return refuse(path, node, form) }
        return .region(region)
    }

    /// A scalar's text, with the environment's variables in place of their names.
    private mutating func text(_ node: Node, _ path: String) -> String? {
        guard let scalar = node.scalar else {
            refuse(path, node, "wants one value")
            return nil
        }
        var missing: [String] = []
        let text = scalar.string.replacing(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/) { match in
            let name = String(match.1)
            if environment[name] == nil { missing.append(name) }
            return environment[name] ?? ""
        }
        for name in missing {
            problems.add(
                "\(place(node))\(path): the environment has no variable \(name); set it, or write the value."
            )
        }
        if text.unicodeScalars.contains(where: { $0.value < 32 && $0 != "\n" && $0 != "\t" }) {
            refuse(path, node, "has a control character; leave it out")
            return nil
        }
        return missing.isEmpty ? text : nil
    }

    @discardableResult
    private mutating func refuse(
        _ path: String, _ node: Node, _ what: String
    ) -> ConfigurationSection.Value? {
        problems.add("\(place(node))\(path) \(what).")
        return nil
    }

    mutating func add(_ sentences: [String]) {
        for sentence in sentences { problems.add(sentence) }
    }

    private func place(_ node: Node) -> String {
        node.mark.map { "Line \($0.line): " } ?? ""
    }

    private static func join(_ path: String, _ name: String) -> String {
        path.isEmpty ? name : "\(path).\(name)"
    }
}

extension Node {
    fileprivate var isScalar: Bool { scalar != nil }
}
