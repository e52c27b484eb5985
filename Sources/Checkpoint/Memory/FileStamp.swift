#if canImport(Darwin)
    internal import Darwin
#elseif canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#endif
public import Foundation

/// Tells one state of a file from another without reading it: its length, and when the system last
/// saw it changed.
///
/// The time of change (`ctime`), unlike that of modification, is not the writer's to choose: a file
/// put in another's place differs even where archives set all modification times alike.
public struct FileStamp: Sendable, Hashable, CustomStringConvertible {
    /// `length-seconds.nanoseconds`
    public let description: String

    /// - Throws: ``CheckpointError`` for a file that is not there.
    public init(of file: URL) throws(CheckpointError) {
        var status = stat()
        guard stat(file.path, &status) == 0 else {
            throw System.error(
                file.lastPathComponent, "cannot be examined", "check its path and permissions")
        }
        self.init(status)
    }

    /// Of what is no file.
    static var unknown: FileStamp { FileStamp(stat()) }

    init(_ status: stat) {
        #if canImport(Darwin)
            let changed = status.st_ctimespec
        #else
            let changed = status.st_ctim
        #endif
        description = "\(status.st_size)-\(changed.tv_sec).\(changed.tv_nsec)"
    }
}
