import ArgumentParser
import BlipCommandSupport
import OpenVINO

struct Devices: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List the devices that OpenVINO sees.",
        discussion: """
            EXAMPLES
              blip devices
              blip devices --json
            """)

    @Flag(help: "Print one JSON object a line, and nothing else, on standard output.")
    var json = false

    func run() async throws {
        try await reportingFailures {
            let core = try Core.shared
            for device in try core.devices() {
                let record = DeviceRecord(
                    device: device, name: try core.fullDeviceName(device),
                    capabilities: try core.capabilities(of: device))
                try Terminal.print(
                    json
                        ? try jsonLine(record)
                        : "\(record.device)  \(record.name)  "
                            + record.capabilities.joined(separator: " "))
            }
        }
    }
}

private struct DeviceRecord: Encodable {
    let device: String
    let name: String
    let capabilities: [String]
}
