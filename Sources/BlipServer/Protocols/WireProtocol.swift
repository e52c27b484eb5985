import Hummingbird

/// Whose form an error is put in; told by the path.
enum WireProtocol {
    case own, openAI, ollama, openInference

    init(path: String) {
        if path.hasPrefix("/api/") {
            self = .ollama
        } else if path.hasPrefix("/v2/") || path == "/v2" {
            self = .openInference
        } else if path.hasPrefix("/v1/chat/") || path.hasPrefix("/v1/models") {
            self = .openAI
        } else {
            self = .own
        }
    }

    func response(_ error: ServiceError) throws -> Response {
        var response = try jsonResponse(body(of: error), status: error.status)
        if let seconds = error.retryAfter { response.headers[.retryAfter] = "\(seconds)" }
        if let methods = error.allow { response.headers[.allow] = methods }
        if error.status == .unauthorized {
            // Makes a browser ask for the key.
            response.headers[.wwwAuthenticate] =
                #"Basic realm="blip: any name, an API key as password""#
        }
        return response
    }

    /// The error as a JSON object.
    func body(of error: ServiceError) -> any Encodable & Sendable {
        switch self {
        case .own: OwnError(error: .init(code: error.code, message: error.message))
        case .openAI:
            OpenAIError(
                error: .init(
                    message: error.message,
                    type: error.status.code >= 500 ? "server_error" : "invalid_request_error",
                    code: error.code))
        case .ollama, .openInference: PlainError(error: error.message)
        }
    }
}

private struct OwnError: Encodable {
    struct Details: Encodable {
        let code: String
        let message: String
    }
    let error: Details
}

private struct OpenAIError: Encodable {
    struct Details: Encodable {
        let message: String
        let type: String
        let code: String
    }
    let error: Details
}

private struct PlainError: Encodable {
    let error: String
}
