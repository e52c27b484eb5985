public import Foundation

/// The small BLIP checkpoint that ships with this package, so that a first run needs no download.
///
/// It is an ordinary Hugging Face folder, trained from scratch on drawn scenes by
/// `Tools/demo-model`; it knows nothing of real photographs.
public enum DemoModel {
    /// The checkpoint's folder: `config.json`, `model.safetensors`, the tokenizer's and the
    /// picture processor's files.
    public static var folder: URL {
        Bundle.module.resourceURL?.appending(path: "demo") ?? URL(filePath: "demo")
    }
}
