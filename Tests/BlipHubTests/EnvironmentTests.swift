import Foundation
import NIOSSL
import Testing

@testable import BlipHub

@Suite("Environment variables of a pull")
struct EnvironmentTests {
    @Test func whereTheHubIs() throws {
        let configuration = try HubConfiguration(environment: [
            "HF_HOME": "/somewhere", "HF_TOKEN": "t", "HF_ENDPOINT": "http://localhost:1/x",
            "HF_HUB_OFFLINE": "1", "HF_HUB_DOWNLOAD_TIMEOUT": "7",
        ])
        #expect(configuration.cache.path == "/somewhere/hub")
        #expect(configuration.token == AccessToken("t", from: "HF_TOKEN"))
        #expect(configuration.endpoint.absoluteString == "http://localhost:1/x")
        #expect(configuration.isOffline)
        #expect(configuration.idleTimeout == .seconds(7))
        for address in ["not an address", "localhost:80", "127.0.0.1:80", "ftp://x", "https://"] {
            #expect(throws: HubError.self, "\(address)") {
                try HubConfiguration(environment: ["HF_ENDPOINT": address])
            }
        }
        for address in ["me:secret@mirror", "me:secret/secret@mirror"] {
            let error = #expect(throws: HubError.self) {
                try HubConfiguration(environment: ["HF_ENDPOINT": address])
            }
            #expect(error?.message.contains("secret") == false)
        }
        let trimmed = try HubConfiguration(environment: ["HF_ENDPOINT": "https://mirror\r\n"])
        #expect(trimmed.endpoint.absoluteString == "https://mirror")
    }

    @Test(
        arguments: [
            (["HF_HUB_CACHE": "/c"], "/c"), (["HUGGINGFACE_HUB_CACHE": "/o"], "/o"),
            (["HF_HUB_CACHE": "/c", "HUGGINGFACE_HUB_CACHE": "/o"], "/c"),
            (["XDG_CACHE_HOME": "/x"], "/x/huggingface/hub"), ([:], "/h/.cache/huggingface/hub"),
            (["HF_HOME": ""], "/h/.cache/huggingface/hub"), (["HF_HOME": "~/x"], "/h/x/hub"),
            (["HF_HOME": "~"], "/h/hub"), (["HF_HOME": "$HOME/x"], "/h/x/hub"),
            (["HF_HOME": "${HOME}/x"], "/h/x/hub"), (["HF_HOME": "/a/$NONE/x"], "/a/$NONE/x/hub"),
            (["HF_HUB_CACHE": "$DATA/hub", "DATA": "/d"], "/d/hub"),
            (["HF_HOME": "/a~b"], "/a~b/hub"),
        ] as [([String: String], String)])
    func whereTheCacheIs(variables: [String: String], path: String) throws {
        let own = variables.merging(["HOME": "/h"]) { $1 }
        #expect(try HubConfiguration(environment: own).cache.path == path)
    }

    @Test(
        arguments: [
            (["HF_HUB_OFFLINE": "1"], true), (["HF_HUB_OFFLINE": "On"], true),
            (["HF_HUB_OFFLINE": "0"], false), (["TRANSFORMERS_OFFLINE": "true"], true),
            (["HF_HUB_OFFLINE": "", "TRANSFORMERS_OFFLINE": "1"], true),
            (["HF_HUB_OFFLINE": "0", "TRANSFORMERS_OFFLINE": "1"], false), ([:], false),
        ] as [([String: String], Bool)])
    func offline(variables: [String: String], isOffline: Bool) throws {
        #expect(try HubConfiguration(environment: variables).isOffline == isOffline)
    }

    @Test func tokens() throws {
        let token = { (variables: [String: String]) in
            try HubConfiguration(environment: variables.merging(["HF_HOME": "/none"]) { $1 }).token
        }
        #expect(try token(["HF_TOKEN": "t\r\n"]) == AccessToken("t", from: "HF_TOKEN"))
        #expect(try token(["HF_TOKEN": "\n"]) == nil)
        #expect(try token(["HUGGING_FACE_HUB_TOKEN": "o", "HF_TOKEN": "t"])?.source == "HF_TOKEN")
        #expect(try token(["HUGGING_FACE_HUB_TOKEN": "o"])?.value == "o")
        #expect(try token(["HF_TOKEN": "t", "HF_HUB_DISABLE_IMPLICIT_TOKEN": "1"]) == nil)
        #expect(try token([:]) == nil)
    }

    @Test(
        arguments: [
            (["HTTPS_PROXY": "http://p:1"], "https://hub", "p:1 of HTTPS_PROXY"),
            (["https_proxy": "p:1", "HTTPS_PROXY": "q:2"], "https://hub", "p:1 of https_proxy"),
            (["https_proxy": "", "HTTPS_PROXY": "q:2"], "https://hub", nil),
            (["HTTP_PROXY": "p"], "http://hub", "p:80 of HTTP_PROXY"),
            (["HTTP_PROXY": "http://p:1/\r\n"], "http://hub", "p:1 of HTTP_PROXY"),
            (["HTTP_PROXY": "p"], "https://hub", nil),
            (["ALL_PROXY": "socks5h://p"], "https://hub", "p:1080 of ALL_PROXY"),
            (["all_proxy": "p:1", "http_proxy": "q:2"], "http://hub", "q:2 of http_proxy"),
            (["HTTPS_PROXY": "http://[::1]:3"], "https://hub", "::1:3 of HTTPS_PROXY"),
            (["HTTPS_PROXY": "p:1", "NO_PROXY": "hub"], "https://hub", nil),
            (["HTTPS_PROXY": "p:1", "NO_PROXY": "HUB"], "https://cdn.hub", nil),
        ] as [([String: String], String, String?)])
    func proxies(variables: [String: String], address: String, name: String?) throws {
        let url = try #require(URL(string: address))
        let proxy = try ProxyEnvironment(variables).proxy(for: url)
        #expect(proxy?.name == name.map { "the proxy \($0)" })
    }

    @Test func proxiesWithPasswords() throws {
        let proxy = try Proxy("http://me:p%40s%3As@host:1", variable: "X")
        #expect(proxy.route.authorization == .basic(username: "me", password: "p@s:s"))
        #expect(!proxy.name.contains("p@s"))
        for value in [
            "https://me:secret@p:1", "socks5://me:secret@p", "socks4://p", "http://", "//",
            "http://me:1#secret@p:1", "http://me:1/secret@p:1", "http://me:1?secret@p:1",
        ] {
            let error = #expect(throws: HubError.self, "\(value)") {
                try Proxy(value, variable: "HTTPS_PROXY")
            }
            #expect(error?.message.hasPrefix("HTTPS_PROXY names") == true)
            #expect(error?.message.contains("secret") == false)
        }
    }

    @Test(
        arguments: [
            (
                "example.org", ["example.org", "a.example.org", "EXAMPLE.org"],
                ["notexample.org", "org"]
            ),
            (".example.org, other", ["a.example.org", "example.org", "other"], ["example.com"]),
            ("*.example.org", ["a.example.org"], ["b.org"]), ("*", ["any", "10.0.0.1"], []),
            (
                "10.0.0.0/8 192.168.1.7", ["10.255.3.4", "192.168.1.7"],
                ["11.0.0.1", "192.168.1.70"]
            ),
            ("172.16.0.0/12", ["172.31.0.1"], ["172.32.0.1"]), ("0.0.0.0/0", ["9.9.9.9"], ["::1"]),
            ("fe80::/10,[::1]", ["fe80::1", "::1"], ["fc00::1"]),
            ("hub:443,cdn:80", ["hub"], ["cdn"]), ("https://hub", ["hub"], ["cdn"]),
            ("10.0.0.0/99,/8,:,", [], ["10.0.0.1", "hub"]), ("3.4", [], ["1.2.3.4"]),
        ] as [(String, [String], [String])])
    func exceptions(list: String, direct: [String], others: [String]) {
        let exceptions = ProxyExceptions(list)
        for host in direct { #expect(exceptions.contains(host, port: 443), "\(host)") }
        for host in others { #expect(!exceptions.contains(host, port: 443), "\(host)") }
    }

    @Test func aSystemWithoutCertificates() async throws {
        let nothing = TrustRoots([:], systemFiles: ["/none"], systemFolders: ["/none"])
        let error = #expect(throws: HubError.self) { try nothing.load() }
        #expect(error?.message.contains("install the package ca-certificates") == true)
        let file = HubServer.fixtures.appending(path: "localhost.pem").path
        let certificate = try NIOSSLCertificate.fromPEMFile(file)
        for variable in ["SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"] {
            let named = TrustRoots([variable: file], systemFiles: [], systemFolders: [])
            #expect(try named.load() == .certificates(certificate))
            let wrong = #expect(throws: HubError.self) {
                try TrustRoots([variable: "/none"]).load()
            }
            #expect(wrong?.message.hasPrefix("\(variable) names /none") == true)
        }
        let found = try await HubServer.withCertificates { folder in
            try TrustRoots(
                ["SSL_CERT_DIR": "/none:\(folder.path)"], systemFiles: [], systemFolders: []
            ).load()
        }
        #expect(found == .certificates(certificate))
    }
}
