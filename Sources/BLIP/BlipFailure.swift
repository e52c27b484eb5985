import BlipCheckpoint
public import BlipErrors
public import BlipPictures
import BlipTokenizer
public import OpenVINO

/// Every error that a model's calls throw, beside `CancellationError`: ``BlipError``, and those of the
/// libraries below.
///
/// ```swift
/// do {
///     print(try await model.caption(contentsOf: photo).text)
/// } catch let failure as any BlipFailure {
///     print(failure)  // One sentence: what is wrong with what, and what to do.
/// }
/// ```
public protocol BlipFailure: DescribedError {}

extension BlipError: BlipFailure {}
extension CheckpointError: BlipFailure {}
extension OpenVINOError: BlipFailure {}
extension PictureError: BlipFailure {}
extension TokenizerError: BlipFailure {}
