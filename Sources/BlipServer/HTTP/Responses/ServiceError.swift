import BLIP
import Hummingbird
import NIOCore
import BlipPictures
import BlipWireFormats

/// Why a request is refused or failed, before it is put in its protocol's form.
struct ServiceError: Error {
    let status: HTTPResponse.Status
    /// For programs; stable between releases.
    let code: String
    /// One sentence: what is wrong with what, and what to do.
    let message: String
    /// Seconds after which it may go better.
    var retryAfter: Int?
    /// The methods that the path has, where another was used.
    var allow: String?

    init(
        _ status: HTTPResponse.Status, _ code: String, _ message: String, retryAfter: Int? = nil,
        allow: String? = nil
    ) {
        self.status = status
        self.code = code
        self.message = message
        self.retryAfter = retryAfter
        self.allow = allow
    }

    static func invalid(_ message: String) -> ServiceError {
        ServiceError(.badRequest, "invalid_request", message)
    }

    /// Puts any error in the service's terms. What is no fault of the client's becomes one sentence
    /// that tells nothing of the machine.
    init(_ error: any Error) {
        switch error {
        case let error as ServiceError: self = error
        case let error as BlipError: self.init(error)
        case let error as PictureError: self.init(error)
        case let error as WireFormatError: self = .invalid(error.message)
        case is NIOTooManyBytesError: self = .bodyTooLarge
        case let error as HTTPError where error.status == .notFound:
            self.init(.notFound, "not_found", "There is nothing at this path; see the page at /")
        case let error as any HTTPResponseError:
            self.init(
                error.status, "invalid_request",
                "The request cannot be understood; see /openapi.json")
        case is CancellationError: self = .clientGone
        default:
            self.init(
                .internalServerError, "internal",
                "The server failed; its log tells more under "
                    + "this request's x-request-id")
        }
    }

    /// Nobody reads it; logs and metrics tell of it, under the status that proxies gave the case.
    static let clientGone = ServiceError(
        .init(code: 499, reasonPhrase: "Client Closed Request"), "client_gone",
        "The connection was closed before the answer was ready")

    static let bodyTooLarge = ServiceError(
        .contentTooLarge, "body_too_large",
        "A request may have \(Limits.bodyBytes >> 20) MiB; send a smaller picture")

    private init(_ error: BlipError) {
        switch error.code {
        case .invalidOption: self = .invalid(error.message)
        case .textTooLong: self.init(.badRequest, "text_too_long", error.message)
        case .taskUnavailable: self.init(.badRequest, "task_unavailable", error.message)
        default: self.init(.internalServerError, "internal", "The model failed")
        }
    }

    private init(_ error: PictureError) {
        switch error.code {
        case .tooLarge:
            self.init(
                .contentTooLarge, "picture_too_large",
                "A picture may have \(Limits.pixels / 1_000_000) megapixels; send a smaller one")
        // Only pictures of a library are files; where they lie is nobody's business.
        case .missingFile, .isFolder, .unreadableFile:
            self.init(
                .notFound, "not_found",
                "The picture's file is no longer there or cannot be read; index the library again")
        case .unknownFormat: self.init(.unsupportedMediaType, "unknown_format", error.message)
        // The last is of a picture too narrow to be resized.
        case .empty, .damaged, .truncated, .unsupportedPixels, .invalidPreprocessing:
            self.init(.unprocessableContent, "damaged_picture", error.message)
        default: self.init(.internalServerError, "internal", "The picture could not be read")
        }
    }
}
