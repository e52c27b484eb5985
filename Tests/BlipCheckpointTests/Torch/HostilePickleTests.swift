import Foundation
import Testing

@testable import BlipCheckpoint

@Suite struct HostilePickleTests {
    @Test(arguments: HostilePickle.all)
    func isRefusedByName(pickle: HostilePickle) {
        let limits = Unpickler.Limits(bytes: 1 << 20, values: 2_000, items: 4_000, marks: 256)
        let error = checkpointError { try unpickle(pickle.bytes, limits: limits) }
        #expect(error?.code == pickle.code)
        #expect(error?.description.contains(pickle.named) == true, "\(error?.description ?? "-")")
    }

    @Test func standardLimitsHold() {
        let bomb = [UInt8](repeating: PickleOpcode.none.rawValue, count: 300_000)
        #expect(checkpointError { try unpickle(bomb) }?.code == .pickleTooLarge)
        let short = Unpickler.Limits(bytes: 100)
        let long = Assemble.pickle([UInt8](repeating: PickleOpcode.mark.rawValue, count: 150))
        #expect(checkpointError { try unpickle(long, limits: short) }?.code == .pickleTooLarge)
    }

    @Test func isRefusedInFilesToo() throws {
        #expect(HostilePickle.all.count >= 100)
        let folder = try TemporaryFolder()
        let canary = folder.url.appendingPathComponent("canary")
        let attack = Assemble.pickle(
            Assemble.call("os", "system", [Assemble.text("touch \(canary.path)")]))
        let legacy = Assemble.op(.proto, [2])
        for (name, bytes) in [
            ("archive.bin", ZipBuilder(pickle: attack).bytes()), ("legacy.bin", legacy + attack),
        ] {
            let file = try folder.write(bytes, name)
            let error = checkpointError { _ = try Checkpoint(at: file) }
            #expect(error?.code == .pickleForbiddenName)
            #expect(
                error?.description
                    == "\(name): its pickle asks for os.system, which is not among the few names"
                    + " that a dictionary of tensors needs; do not trust this file, and get it from"
                    + " its authors.")
        }
        #expect(!FileManager.default.fileExists(atPath: canary.path))
    }

    @Test func opcodesHaveTheirPythonNames() {
        #expect(PickleOpcode.newObjEx.name == "NEWOBJ_EX")
        #expect(PickleOpcode.binPersID.name == "BINPERSID")
        #expect(PickleOpcode.readOnlyBuffer.name == "READONLY_BUFFER")
        #expect(PickleOpcode.setItems.name == "SETITEMS")
    }
}
