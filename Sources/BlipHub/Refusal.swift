import Foundation
import NIOHTTP1

/// What a refusal means, by `X-Error-Code` and `X-Error-Message`, as the hub uses them.
///
/// The headers' own words are read but not repeated: they may hold what was sent.
struct Refusal {
    /// What was asked for, for messages.
    let subject: String
    let name: RepositoryName
    let endpoint: URL
    let token: AccessToken?
    /// Who answered, which may be a host that files are stored on.
    let host: String
    let isHub: Bool

    private var page: String { endpoint.appending(path: "\(name)").publicText }
    private var tokensPage: String { endpoint.appending(path: "settings/tokens").publicText }

    func error(status: Int, headers: HTTPHeaders) -> HubError {
        let code = headers.first(name: "x-error-code")
        let message = headers.first(name: "x-error-message") ?? ""
        // An endpoint may redirect to the hub itself.
        guard isHub || code != nil || !message.isEmpty else { return elsewhere(status) }
        switch (code, status) {
        case ("RevisionNotFound", _):
            return HubError(
                .notFound, "\(name) has no such revision; its page lists them: \(page)/tree/main")
        case ("EntryNotFound", _):
            return HubError(.notFound, "\(subject): the hub does not have this file; pull again")
        case ("GatedRepo", _): return gated
        case (_, 401) where message.hasPrefix("Invalid credentials"):
            return HubError(
                .unauthorized,
                "\(token?.source ?? "HF_TOKEN") holds a token that \(host) refuses: it is out of date "
                    + "or mistyped; make another one on \(tokensPage), or remove it: public models need none"
            )
        case (_, 403) where message.contains("is disabled"):
            return HubError(
                .unauthorized,
                "\(name) is disabled by the hub, for everybody; its page may say why: \(page)")
        case (nil, 404):
            return HubError(
                .notFound,
                "\(subject): \(host) answers 404; check the name, the revision and HF_ENDPOINT")
        case ("RepoNotFound", _), (_, 404):
            return HubError(.notFound, "\(subject): \(host) does not have it; \(unseen)")
        case (_, 401), (_, 403):
            return HubError(
                .unauthorized,
                "\(subject): \(host) answers \(status): it is not there, or not for everybody, or a "
                    + "firewall blocks that host; \(unseen); its page tells whether a licence is to "
                    + "be accepted: \(page)")
        default:
            return HubError(
                .unavailable,
                "\(subject): \(host) answers \(status); check HF_ENDPOINT, or try later")
        }
    }

    /// A private repository looks as if it were not there.
    private var unseen: String {
        guard let token else { return "check the name; where it is private, set HF_TOKEN" }
        return "check the name, and that the account of \(token) may read it"
    }

    private var gated: HubError {
        guard let token else {
            return HubError(
                .unauthorized,
                "\(name) is open only to those who accept its licence; do so on \(page), make a token on "
                    + "\(tokensPage), and set HF_TOKEN")
        }
        return HubError(
            .unauthorized,
            "\(name) is open only to those who accept its licence, and the account of \(token) did not, "
                + "or waits for an answer; visit \(page)")
    }

    private func elsewhere(_ status: Int) -> HubError {
        HubError(
            status == 403 || status == 401 ? .unauthorized : .unavailable,
            "\(subject): \(host), where the hub stores it, answers \(status); a firewall may block "
                + "that host: ask for it to be allowed, or pull through another network")
    }
}
