package import BLIP
package import Foundation

/// Where and for whom a ``BlipService`` serves.
public struct ServiceConfiguration: Sendable {
    /// The address that it listens on; loopback unless told otherwise.
    public var host: String
    /// The port; 0 for any that is free.
    public var port: Int
    /// Who may use it; `nil` for everybody who reaches it.
    public var apiKeys: APIKeys?
    /// Serves by HTTPS with it; by HTTP where `nil`.
    public var certificate: ServerCertificate?
    /// Origins whose pages may use it, such as `https://example.org`; `*` for all.
    public var origins: Set<String> = []
    /// Names that the server answers to besides those of this machine, where it listens on loopback and
    /// asks for no key; such as those by which a reverse proxy passes requests on.
    public var names: Set<String> = []
    /// Addresses of reverse proxies whose `X-Forwarded-For` names the client, for the log.
    package var trustedProxies: Set<String> = []
    /// Hosts that pictures are fetched from where a request gives a URL, with a port where it is not
    /// the scheme's own; from no other.
    public var imageHosts: Set<String> {
        get { fetcher.hosts }
        set { fetcher = PictureFetcher(hosts: Set(newValue.map { $0.lowercased() })) }
    }
    /// What becomes of a chat's question that is longer than the model reads.
    package var longPrompts = LongPrompts.caption
    /// Whether pictures may be HEIC, AVIF, JPEG XL, BMP and raw photos, too; their decoders see less scrutiny
    /// than those of the formats that are always read.
    package var acceptsMoreFormats = false
    /// Words that pictures are labelled with.
    package var labelWords = LabelWords.standard
    /// Photographs that can be searched; `nil` for none.
    package var library: (any PhotoSearch)?
    /// Where thumbnails of the library are kept; `nil` for nowhere.
    package var thumbnailFolder: URL?
    /// The most connections; over it those without a request make room, and more wait.
    package var maximumConnections: Int = 512
    /// The most requests that run or wait; more are refused with status 429.
    public var maximumQueue: Int
    /// For running requests, when the server ends.
    public var drainTimeout: Duration = .seconds(20)
    /// For a connection between two requests, and for a request's head. Load balancers that keep
    /// connections want it longer than theirs, such as 75 s.
    package var idleTimeout: Duration {
        get { .init(timeouts.idle) }
        set { timeouts.idle = .nanoseconds(newValue.nanoseconds) }
    }
    /// For a request whose body is there, waiting included, until its answer is whole; `nil` for as long
    /// as it takes.
    package var requestTimeout: Duration?
    /// Without a question to the model, after which its memory is let go; the next request or camera loads it
    /// again. `nil` keeps it for ever.
    package var unloadTime: Duration?
    /// A port of its own for health and metrics, by HTTP and without a key; 0 for any that is free.
    package var managementPort: Int?
    /// The most rows of a batch: pictures, questions, or their beams; `nil` for as many as suit the machine,
    /// and 16 at least where memory holds them.
    public var batchRows: Int?
    /// Sizes of pictures, as `RuntimeOptions.imageSize`, that requests may choose besides the model's own. Each is a
    /// vision model of its own, and should be prepared.
    package var imageSizes: Set<Int> = []
    /// Memory for pictures that were encoded a moment ago, in bytes; at least one is kept.
    public var cacheBytes: Int
    /// Cameras that are watched meanwhile, for the page at `/cameras`.
    package var cameras: (any CameraMonitor)?
    /// What is counted into, and told at `/metrics`.
    package let metrics = Metrics()
    var fetcher = PictureFetcher(hosts: [])
    var timeouts = ConnectionTimeouts()
    /// Without a request, after which freed memory is given back to the system.
    var quietTime = Duration.seconds(30)

    /// Whether only this machine reaches it.
    package var isLoopback: Bool { ["::1", "localhost"].contains(host) || host.hasPrefix("127.") }

    /// - Parameters:
    ///   - host: the address that it listens on.
    ///   - port: the port; 0 for any that is free.
    ///   - apiKeys: who may use it; `nil` for everybody who reaches it.
    ///   - maximumQueue: the most requests that run or wait.
    ///   - batchRows: the most rows of a batch; `nil` for as many as suit the machine.
    ///   - cacheBytes: memory for encoded pictures.
    public init(
        host: String = "127.0.0.1", port: Int = 8080, apiKeys: APIKeys? = nil,
        maximumQueue: Int = 64, batchRows: Int? = nil, cacheBytes: Int = 512 << 20
    ) {
        self.host = host
        self.port = port
        self.apiKeys = apiKeys
        self.maximumQueue = maximumQueue
        self.batchRows = batchRows
        self.cacheBytes = cacheBytes
    }
}

extension ServiceConfiguration {
    /// Where memory leaves the choice, no fewer than 16: requests come in bursts.
    func rows(for model: BlipModel) -> Int {
        if let batchRows { return batchRows }
        return model.batchSize < 8 ? model.batchSize : max(16, model.batchSize)
    }
}
