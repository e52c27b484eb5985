import Foundation

/// Environment variables, read as `huggingface_hub` reads them.
struct HubEnvironment {
    let variables: [String: String]

    /// The first of the variables that is set to something.
    func value(_ names: String...) -> String? { value(names) }

    private func value(_ names: [String]) -> String? {
        names.lazy.compactMap { variables[$0] }.first { !$0.isEmpty }
    }

    /// Whether the first of the variables that is set to something says yes.
    func isTrue(_ names: String...) -> Bool {
        ["1", "on", "yes", "true"].contains(value(names)?.lowercased())
    }

    /// The folder or file that the first of the variables names, with `~` and `$NAME` expanded.
    func path(_ names: String...) -> URL? { value(names).map(expand) }

    /// As Python does: HOME first. (Foundation on Linux asks the user database alone.)
    var home: URL {
        value("HOME").map { URL(filePath: $0) } ?? FileManager.default.homeDirectoryForCurrentUser
    }

    private func expand(_ path: String) -> URL {
        let tail = path.drop { $0 != "/" }
        let user = path.dropLast(tail.count)
        var whole = path
        if user == "~" {
            whole = home.path + tail
        } else if user.hasPrefix("~"),
            let other = FileManager.default.homeDirectory(forUser: String(user.dropFirst()))
        {
            whole = other.path + tail
        }
        // A variable that is not set stays as it is written.
        return URL(
            filePath: whole.replacing(/\$(?:\{(?<braced>[^}]*)\}|(?<bare>[A-Za-z0-9_]+))/) {
                match in
                let name = match.output.braced ?? match.output.bare ?? ""
                return variables[String(name)] ?? String(match.output.0)
            })
    }
}
