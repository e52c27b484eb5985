/// Tells one state of a file from another without reading it: its length, and when the system last
/// saw it changed.
///
/// The time of change (`ctime`), unlike that of modification, is not the writer's to choose: a file
/// put in another's place differs even where archives set all modification times alike.
package struct FileStamp: Sendable, Hashable, CustomStringConvertible {
    let length: Int
    let seconds: Int
    let nanoseconds: Int

    package var description: String { "\(length)-\(seconds).\(nanoseconds)" }
}
