import Foundation

/// What the system says of a file, as a sentence that fits it.
extension PictureError {
    static func opening(_ path: RawPath, _ code: CInt) -> PictureError {
        let name = path.lastComponent.description
        switch code {
        case ENOENT where path.isLink:
            return PictureError(
                .missingFile, "\(name) is a link to a file that is not there: mend or remove it.")
        case ENOENT, ENOTDIR:
            return PictureError(
                .missingFile, "There is no file or folder \(RawPath(path.url)): check the path.")
        case ENAMETOOLONG:
            return PictureError(
                .missingFile,
                "There is no file \(name): its name is longer than this system's can be.")
        case ELOOP:
            return PictureError(
                .missingFile, "\(name) is a link that leads back to itself: mend or remove it.")
        case ENXIO:
            return PictureError(
                .unreadableFile,
                "\(name) is a socket, or a device that is not there: name a picture's file.")
        default: return reading(name, code)
        }
    }

    static func reading(_ name: String, _ code: CInt) -> PictureError {
        switch code {
        case EISDIR:
            // Opening a folder for reading succeeds; reading it does not.
            PictureError(.isFolder, "\(name) is a folder, not a picture: name a file inside it.")
        case EACCES, EPERM:
            PictureError(
                .unreadableFile, "\(name) may not be read: give yourself permission to read it.")
        case EMFILE, ENFILE:
            PictureError(
                .unreadableFile,
                "\(name) cannot be opened, since too many files are: raise the limit (ulimit -n).")
        default:
            PictureError(
                .unreadableFile,
                "\(name) cannot be read (\(String(cString: strerror(code)))): check the file and "
                    + "its disk.")
        }
    }

    static func silence(_ name: String, _ idleTimeout: Duration) -> PictureError {
        PictureError(
            .unreadableFile,
            """
            \(name) is a pipe or device, and gave nothing for \(idleTimeout.components.seconds) \
            seconds, or no end for \((idleTimeout * FileBytes.longest).components.seconds): name a file.
            """)
    }

    static func tooManyBytes(_ name: String, limit: Int) -> PictureError {
        PictureError(
            .tooLarge, "\(name) has more than \(limit >> 20) MiB: save it smaller.")
    }
}
