import OpenVINO

extension BlipModel {
    /// Runs something again on the processor if another device fails at it, which is told once: one that was unplugged,
    /// or whose driver began anew. All later calls run on the processor.
    func recovering<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch {
            guard error is OpenVINOError, let device = parts.fallBack() else { throw error }
            BlipLog.notice(
                "\(device) failed, and the processor goes on in its place (\(error)).")
            return try body()
        }
    }
}
