package import BLIP

extension WatchConfiguration {
    /// Checks what only the model knows: that it can answer, and that no question is too long for it.
    ///
    /// - Throws: ``ConfigurationProblems``.
    package func check(with model: BlipModel) throws(ConfigurationProblems) {
        var problems = ConfigurationProblems()
        for sensor in sensors {
            do throws(BlipError) {
                try model.validate(sensor.question)
            } catch {
                problems.add("sensors.\(sensor.name): \(error.message).")
            }
        }
        guard problems.sentences.isEmpty else { throw problems }
    }

    /// What the model is for.
    package var tasks: Set<BlipTask> {
        Set(sensors.compactMap { BlipModel.task(for: $0.question) })
    }
}
