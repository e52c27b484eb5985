import ArgumentParser
import BlipServer

/// How a server is run for long.
struct OperationArguments: ParsableArguments {
    @OptionGroup var log: LogArguments

    @Option(
        help: ArgumentHelp(
            "The address of a reverse proxy whose X-Forwarded-For names the client in the log; may "
                + "be given several times.", valueName: "address"))
    var trustedProxy: [String] = []

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Another port for /health and /metrics, with HTTP and without a key; 0 takes any free port.",
            valueName: "n"))
    var managementPort: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Seconds for running requests when the server is told to end.", valueName: "n")
    )
    var drainSeconds = 20

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Seconds after which a connection without a request is closed; behind a load balancer more "
                + "than its own.",
            valueName: "n"))
    var idleSeconds = 30

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Seconds that a request may take, waiting included; longer ones end with status 503.",
            valueName: "n"))
    var requestSeconds: Int?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Seconds after which the model's memory is freed if no request or camera asked it; the next "
                + "question loads it again.",
            valueName: "seconds"))
    var unloadAfter: Int?

    func validate() throws {
        if let managementPort, !(0...65_535).contains(managementPort) {
            throw ValidationError(
                "--management-port wants a number from 0 to 65535, not \(managementPort).")
        }
        let times = [
            ("--drain-seconds", drainSeconds, 0), ("--idle-seconds", idleSeconds, 1),
            ("--request-seconds", requestSeconds ?? 1, 1),
            ("--unload-after", unloadAfter ?? 1, 1),
        ]
        for (name, seconds, least) in times where !(least...86_400).contains(seconds) {
            throw ValidationError("\(name) wants a number from \(least) to 86400, not \(seconds).")
        }
    }

    func apply(to configuration: inout ServiceConfiguration) {
        configuration.trustedProxies = Set(trustedProxy)
        configuration.managementPort = managementPort
        configuration.drainTimeout = .seconds(drainSeconds)
        configuration.idleTimeout = .seconds(idleSeconds)
        configuration.unloadTime = unloadAfter.map { .seconds($0) }
        configuration.requestTimeout = requestSeconds.map { .seconds($0) }
    }
}
