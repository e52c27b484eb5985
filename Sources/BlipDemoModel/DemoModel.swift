internal import BlipResources
public import Foundation

/// The small BLIP checkpoint that ships with this package, so that a first run needs no download.
///
/// It is an ordinary Hugging Face folder, trained from scratch on drawn scenes by
/// `Tools/demo-model`; it knows nothing of real photographs.
public enum DemoModel {
    /// The checkpoint's folder: `config.json`, `model.safetensors`, the tokenizer's and the
    /// picture processor's files. It lies in `swift-blip_BlipDemoModel.resources` beside the program: ship that
    /// folder with it.
    public static var folder: URL { resource("demo") }

    /// The same model with 8-bit activations and 7-bit weights: a folder as `blip convert` writes it,
    /// made by `make demo-int8`.
    public static var int8Folder: URL { resource("demo-int8") }

    private static func resource(_ name: String) -> URL {
        ResourceFolder.url(of: "BlipDemoModel").appending(path: name)
    }
}
