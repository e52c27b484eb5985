public import BLIP
public import BlipHub
import Foundation

extension BlipModel {
    /// Loads a checkpoint by its name on the hub, which is fetched at the first time.
    ///
    /// ```swift
    /// let model = try await BlipModel(pretrained: "Salesforce/blip-vqa-base")
    /// print(try await model.caption(contentsOf: photo).text)
    /// ```
    ///
    /// Checkpoints lie in the cache that `huggingface_hub` shares. What is there already is used without a
    /// hub, too.
    ///
    /// So do models that LoRA adapters change: where an adapter is named, the model that it changes is looked for
    /// there.
    ///
    /// - Parameters:
    ///   - name: an owner and a repository, `Salesforce/blip-vqa-base`.
    ///   - revision: a branch, a tag or a commit.
    ///   - options: where and how the model runs; where they name no `modelCache`, the hub's
    ///     cache is it.
    ///   - hub: where the hub and its cache are; `nil` for what the environment says.
    ///   - progress: called as bytes arrive.
    /// - Throws: `HubError` where the checkpoint cannot be had, what `BlipModel.init(folder:options:)`
    ///   throws, and `CancellationError`.
    public init(
        pretrained name: String, revision: String = "main",
        options: RuntimeOptions = RuntimeOptions(cacheDirectory: RuntimeOptions.userCacheDirectory),
        hub: HubConfiguration? = nil,
        progress: @escaping @Sendable (Hub.Progress) -> Void = { _ in }
    ) async throws {
        let hub = Hub(try hub ?? HubConfiguration())
        var options = options
        options.modelCache = options.modelCache ?? hub.configuration.cache
        let pulled = try await hub.pull(
            RepositoryName(name), revision: revision, progress: progress)
        try self.init(folder: pulled.snapshot, options: options)
    }
}

extension HubError: BlipFailure {}
