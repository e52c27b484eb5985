import BLIP
import BlipDemoModel
import Foundation

let model = try BlipModel(folder: DemoModel.folder)
let image = try await model.encode(contentsOf: URL(filePath: CommandLine.arguments[1]))
print(try await model.caption(image).text)
print(try await model.answer("what color is the background?", about: image).text)
