extension CheckpointError.Code {
    // Finding and mapping files.

    /// Neither the folder nor the file holds weights of a known format.
    public static let noWeights = Self("noWeights")
    /// The system cannot open or map the file.
    public static let unreadable = Self("unreadable")
    /// The file is something else: a Git LFS pointer, a web page, an unknown format.
    public static let notACheckpoint = Self("notACheckpoint")
    /// The region's arena has no room for more bytes.
    public static let arenaFull = Self("arenaFull")

    // Asking for a tensor.

    /// No tensor has this name.
    public static let unknownTensor = Self("unknownTensor")
    /// The tensor's elements cannot be converted as asked.
    public static let unsupportedDataType = Self("unsupportedDataType")

    // JSON, in a safetensors header or an index.

    /// Not the JSON that is expected at this place.
    public static let invalidJSON = Self("invalidJSON")
    /// A string is not UTF-8.
    public static let invalidUTF8 = Self("invalidUTF8")
    /// A name occurs twice.
    public static let duplicateName = Self("duplicateName")
    /// Objects and arrays are nested deeper than any checkpoint needs.
    public static let nestingTooDeep = Self("nestingTooDeep")
    /// A member that must be there is not.
    public static let missingField = Self("missingField")

    // Safetensors.

    /// The file ends before the eight bytes of the header's length.
    public static let fileTooShort = Self("fileTooShort")
    /// The header's length is more than the format allows (100 MB).
    public static let headerTooLarge = Self("headerTooLarge")
    /// The header ends past the file.
    public static let headerPastEnd = Self("headerPastEnd")
    /// A data type that the format does not know.
    public static let unknownDataType = Self("unknownDataType")
    /// A shape has more elements than can be counted.
    public static let shapeOverflow = Self("shapeOverflow")
    /// A tensor ends before it begins.
    public static let offsetsReversed = Self("offsetsReversed")
    /// Two tensors share bytes.
    public static let offsetsOverlap = Self("offsetsOverlap")
    /// There are bytes between two tensors.
    public static let offsetsGap = Self("offsetsGap")
    /// A tensor's bytes are not as many as its shape and data type need.
    public static let sizeMismatch = Self("sizeMismatch")
    /// The file ends before its last tensor does.
    public static let truncated = Self("truncated")
    /// The file goes on after its last tensor.
    public static let trailingBytes = Self("trailingBytes")

    // Sharded checkpoints.

    /// The index names a shard outside its folder.
    public static let unsafeShardName = Self("unsafeShardName")
    /// A shard that the index names is not there.
    public static let missingShard = Self("missingShard")
    /// A tensor is not in the shard that the index names for it.
    public static let tensorNotInShard = Self("tensorNotInShard")
}

extension CheckpointError.Code {
    // Zip archives, as torch.save writes them.

    /// A zip archive without its directory: most often a download that broke off.
    public static let zipDirectoryMissing = Self("zipDirectoryMissing")
    /// A zip directory that contradicts itself or the file.
    public static let zipDirectoryInvalid = Self("zipDirectoryInvalid")
    /// A compressed entry, which cannot be mapped.
    public static let zipEntryCompressed = Self("zipEntryCompressed")
    /// An encrypted entry.
    public static let zipEntryEncrypted = Self("zipEntryEncrypted")
    /// An entry that ends past its place in the file.
    public static let zipEntryPastEnd = Self("zipEntryPastEnd")
    /// Two entries share bytes.
    public static let zipEntriesOverlap = Self("zipEntriesOverlap")
    /// An entry that must be there is not.
    public static let zipEntryMissing = Self("zipEntryMissing")

    // Pickles.

    /// The pickle goes on past its end.
    public static let pickleTruncated = Self("pickleTruncated")
    /// The pickle asks for a name that is not allowed.
    public static let pickleForbiddenName = Self("pickleForbiddenName")
    /// The pickle uses an instruction that is not allowed.
    public static let pickleForbiddenOpcode = Self("pickleForbiddenOpcode")
    /// The pickle makes no sense.
    public static let pickleInvalid = Self("pickleInvalid")
    /// The pickle needs more than any checkpoint does.
    public static let pickleTooLarge = Self("pickleTooLarge")
    /// A storage's size in the pickle is not its size in the file.
    public static let storageSizeMismatch = Self("storageSizeMismatch")
    /// A tensor's offset, shape or strides lead outside its storage.
    public static let tensorOutsideStorage = Self("tensorOutsideStorage")
    /// A tensor repeats elements, or overlaps others so that copies outgrow the file.
    public static let tensorExpanded = Self("tensorExpanded")
}
