import BlipWireFormats

/// Writes results one after another, in the order that was asked for.
actor ResultWriter {
    private let output: FrameOutput
    private let order: ResultOrder
    private let window: WorkerWindow
    private var finished: [Int: Frame] = [:]
    /// Of those that are written as they finish.
    private var finishedFirst: [Int] = []
    private var next = 0
    private var isWriting = false
    private var failure: (any Error)?

    init(_ output: FrameOutput, order: ResultOrder, window: WorkerWindow) {
        self.output = output
        self.order = order
        self.window = window
    }

    /// Writes a result now, or as soon as those before it are written.
    ///
    /// - Parameter place: which of the requests it answers.
    /// - Throws: ``Failure`` where results can no longer be written.
    func add(_ frame: Frame, at place: Int) async throws {
        if let failure { throw failure }
        finished[place] = frame
        finishedFirst.append(place)
        guard !isWriting else { return }
        isWriting = true
        defer { isWriting = false }
        while let frame = popNext() {
            do {
                try await output.write(frame)
            } catch {
                failure = error
                await window.close()
                throw error
            }
            await window.leave()
        }
    }

    private func popNext() -> Frame? {
        switch order {
        case .input:
            guard let frame = finished.removeValue(forKey: next) else { return nil }
            next += 1
            return frame
        case .finish:
            return finishedFirst.isEmpty
                ? nil : finished.removeValue(forKey: finishedFirst.removeFirst())
        }
    }
}
