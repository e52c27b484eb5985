import ArgumentParser
import BLIP
import BlipCheckpoint
import BlipCommandSupport
import BlipEvaluation
import BlipHub
import BlipPictures
import BlipServer
import BlipTokenizer
import Foundation
import OpenVINO
import PhotoLibrary

extension Failure {
    /// Puts an error of the libraries in the program's terms.
    init(_ error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case let error as BlipError
        where error.code == .invalidOption || error.code == .textTooLong:
            self.init(.usage, error.message)
        case let error as BlipError where error.code == .unknownDevice:
            self.init(.missingRuntime, error.message)
        case let error as BlipError where error.code == .unwritable:
            self.init(.cannotWrite, error.message)
        case let error as LibraryError where error.code == .unwritable || error.code == .locked:
            self.init(.cannotWrite, error.message)
        case let error as LibraryError where error.code == .failed:
            self.init(.unforeseen, error.message)
        case let error as LibraryError: self.init(.usage, error.message)
        case is BlipError, is CheckpointError, is TokenizerError:
            self.init(.missingModel, "\(error)")
        case let error as HubError where error.code == .invalidName:
            self.init(.usage, error.message)
        case let error as HubError where error.code == .cacheFailed:
            self.init(.cannotWrite, error.message)
        case let error as HubError: self.init(.missingModel, error.message)
        case let error as EvaluationError: self.init(.usage, error.message)
        case let error as ServiceFileError: self.init(.usage, error.description)
        case let error as ServiceAddressError: self.init(.missingRuntime, error.description)
        case let error as PictureError where error.code == .unknownExtension:
            self.init(.usage, error.message)
        case let error as PictureError where error.code == .unwritableFile:
            self.init(.cannotWrite, error.message)
        case let error as PictureError: self.init(.someFailed, error.message)
        case let error as OpenVINOError
        where error.description.contains(String(cString: strerror(EAGAIN))):
            self.init(.missingRuntime, ThreadLimit.sentence("No more threads may run here"))
        case is OpenVINOError: self.init(.missingRuntime, "\(error)")
        case is CocoaError, is any LocalizedError:
            self.init(.unforeseen, error.localizedDescription)
        // Foundation's words for other libraries' errors tell nothing.
        default: self.init(.unforeseen, "\(error)")
        }
    }
}

/// Runs a command's body; an error becomes one sentence on standard error and the exit status.
///
/// - Parameter keepsFreedMemory: for many inferences of one model, not for one after another of
///   several.
func reportingFailures(
    keepsFreedMemory: Bool = true, _ body: () async throws -> Void
) async throws {
    if keepsFreedMemory { ProcessMemory.keepFreed() }
    // OpenVINO would log to standard output, which belongs to the results.
    OpenVINO.Log.redirect { Terminal.note($0.trimmingCharacters(in: .newlines)) }
    do {
        try ThreadLimit.adapt()
        try await body()
    } catch let code as ExitCode {
        throw code
    } catch is CancellationError {
        throw ExitCode(130)
    } catch {
        let failure = Failure(error)
        if !failure.isToldOf { Terminal.complain(failure.description) }
        throw ExitCode(failure.status.rawValue)
    }
}
