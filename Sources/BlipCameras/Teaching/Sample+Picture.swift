import BLIP
import BlipPictures

extension TaughtSensor.Sample {
    /// - Parameters:
    ///   - frame: a whole frame of the sensor's camera, of which its region counts.
    ///   - name: of the picture; the same again corrects it.
    init(
        _ frame: Picture, name: String, state: String, sensor: SensorConfiguration, model: BlipModel
    ) async throws {
        let image = try await model.encode(sensor.region?.crop(frame) ?? frame)
        self.init(
            name: name, state: state, vector: try await LookVector.vector(of: image, by: model))
    }
}
