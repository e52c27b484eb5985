package import Foundation

extension CameraConfiguration {
    /// - Parameters:
    ///   - source: as it is written.
    ///   - kind: what it is; `nil` to tell from its name.
    ///   - folder: what a relative path begins at.
    package init(
        name: String, source: String, kind: Kind?, user: String? = nil, password: String? = nil,
        folder: URL
    ) throws(ConfigurationComplaint) {
        guard !source.isEmpty, !source.contains(where: \.isNewline) else {
            throw ConfigurationComplaint(
                "names nothing; give an address, a device, a file or a folder.")
        }
        guard let scheme = source.firstMatch(of: /^([A-Za-z][A-Za-z0-9+.\-]*):\/\//)?.1.lowercased()
        else {
            try self.init(name: name, path: source, kind: kind, folder: folder)
            return
        }
        guard kind.map({ $0 == .stream || $0 == .snapshot }) ?? true else {
            throw ConfigurationComplaint(
                "is an address, and its kind is \(kind?.rawValue ?? ""); leave kind out, or write stream or "
                    + "snapshot.")
        }
        guard Self.schemes.contains(scheme) else {
            throw ConfigurationComplaint(
                "begins with \(scheme)://, which is not watched; give rtsp, rtsps, http or https.")
        }
        guard var parts = URLComponents(string: source), parts.host?.isEmpty == false else {
            throw ConfigurationComplaint(
                "is no address; write rtsp://HOST/PATH, and % codes for odd characters in passwords."
            )
        }
        if let user { parts.user = user }
        if let password { parts.password = password }
        let isPicture = ["jpg", "jpeg", "png", "webp"]
            .contains((parts.path as NSString).pathExtension.lowercased())
        self.init(
            name: name, source: parts.string ?? source,
            kind: kind ?? (scheme.hasPrefix("http") && isPicture ? .snapshot : .stream))
    }

    private init(
        name: String, path: String, kind: Kind?, folder: URL
    ) throws(ConfigurationComplaint) {
        // Without the hint a folder that does not end in a slash would itself be replaced.
        let folder = URL(filePath: folder.absoluteURL.path, directoryHint: .isDirectory)
        let file = URL(filePath: path, relativeTo: folder).absoluteURL
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: file.path, isDirectory: &isFolder)
        let isDevice = path.hasPrefix("/dev/video") || path.hasPrefix("/dev/v4l/")
        // A camera may be plugged in later.
        guard exists || isDevice else {
            // An address without its beginning may have a password.
            guard !path.contains("@") else {
                throw ConfigurationComplaint(
                    "names no file, and no address either; write rtsp:// or http:// before it.")
            }
            throw ConfigurationComplaint(
                "\(file.path) is not there; give an address, a device, a video file or a folder.")
        }
        let fitting: [Kind] = isFolder.boolValue ? [.folder] : [.file, .v4l2]
        guard kind.map(fitting.contains) ?? true else {
            throw ConfigurationComplaint(
                "is a \(isFolder.boolValue ? "folder" : "file"), and its kind is \(kind?.rawValue ?? ""); "
                    + "leave kind out, or give what fits it.")
        }
        self.init(
            name: name, source: file.path,
            kind: kind ?? (isDevice ? .v4l2 : isFolder.boolValue ? .folder : .file))
    }

    /// The source without its credentials and what follows `?`, where cameras take passwords too.
    package var publicSource: String {
        guard source.contains("://"), var parts = URLComponents(string: source) else {
            return source
        }
        parts.user = nil
        parts.password = nil
        parts.query = nil
        parts.fragment = nil
        return parts.string ?? "the address"
    }

    /// Texts that must not be told: the credentials, as written and decoded.
    var secrets: [String] {
        guard source.contains("://"), let parts = URLComponents(string: source) else { return [] }
        return [
            parts.percentEncodedUser, parts.user, parts.percentEncodedPassword, parts.password,
            parts.percentEncodedQuery, parts.query,
        ].compactMap(\.self).filter { !$0.isEmpty }
    }

    private static let schemes: Set<String> = ["rtsp", "rtsps", "http", "https", "rtmp", "rtmps"]
}
