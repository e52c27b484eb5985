extension CheckpointError.Code {
    // Finding and mapping files.

    /// Neither the folder nor the file holds weights of a known format.
    package static let noWeights = Self(rawValue: "noWeights")
    /// The system cannot open or map the file.
    package static let unreadable = Self(rawValue: "unreadable")
    /// The file is something else: a Git LFS pointer, a web page, an unknown format.
    package static let notACheckpoint = Self(rawValue: "notACheckpoint")
    /// The region's arena has no room for more bytes.
    package static let arenaFull = Self(rawValue: "arenaFull")

    // Asking for a tensor.

    /// No tensor has this name.
    package static let unknownTensor = Self(rawValue: "unknownTensor")
    /// The tensor's elements cannot be converted as asked.
    package static let unsupportedDataType = Self(rawValue: "unsupportedDataType")

    // JSON, in a safetensors header or an index.

    /// Not the JSON that is expected at this place.
    package static let invalidJSON = Self(rawValue: "invalidJSON")
    /// A string is not UTF-8.
    package static let invalidUTF8 = Self(rawValue: "invalidUTF8")
    /// A name occurs twice.
    package static let duplicateName = Self(rawValue: "duplicateName")
    /// Objects and arrays are nested deeper than any checkpoint needs.
    package static let nestingTooDeep = Self(rawValue: "nestingTooDeep")
    /// A member that must be there is not.
    package static let missingField = Self(rawValue: "missingField")

    // Safetensors.

    /// The file ends before the eight bytes of the header's length.
    package static let fileTooShort = Self(rawValue: "fileTooShort")
    /// The header's length is more than the format allows (100 MB).
    package static let headerTooLarge = Self(rawValue: "headerTooLarge")
    /// The header ends past the file.
    package static let headerPastEnd = Self(rawValue: "headerPastEnd")
    /// A data type that the format does not know.
    package static let unknownDataType = Self(rawValue: "unknownDataType")
    /// A shape has more elements than can be counted.
    package static let shapeOverflow = Self(rawValue: "shapeOverflow")
    /// A tensor ends before it begins.
    package static let offsetsReversed = Self(rawValue: "offsetsReversed")
    /// Two tensors share bytes.
    package static let offsetsOverlap = Self(rawValue: "offsetsOverlap")
    /// There are bytes between two tensors.
    package static let offsetsGap = Self(rawValue: "offsetsGap")
    /// A tensor's bytes are not as many as its shape and data type need.
    package static let sizeMismatch = Self(rawValue: "sizeMismatch")
    /// The file ends before its last tensor does.
    package static let truncated = Self(rawValue: "truncated")
    /// The file goes on after its last tensor.
    package static let trailingBytes = Self(rawValue: "trailingBytes")

    // Sharded checkpoints.

    /// The index names a shard outside its folder.
    package static let unsafeShardName = Self(rawValue: "unsafeShardName")
    /// A shard that the index names is not there.
    package static let missingShard = Self(rawValue: "missingShard")
    /// A tensor is not in the shard that the index names for it.
    package static let tensorNotInShard = Self(rawValue: "tensorNotInShard")
}

extension CheckpointError.Code {
    // Zip archives, as torch.save writes them.

    /// A zip archive without its directory: most often a download that broke off.
    package static let zipDirectoryMissing = Self(rawValue: "zipDirectoryMissing")
    /// A zip directory that contradicts itself or the file.
    package static let zipDirectoryInvalid = Self(rawValue: "zipDirectoryInvalid")
    /// A compressed entry, which cannot be mapped.
    package static let zipEntryCompressed = Self(rawValue: "zipEntryCompressed")
    /// An encrypted entry.
    package static let zipEntryEncrypted = Self(rawValue: "zipEntryEncrypted")
    /// An entry that ends past its place in the file.
    package static let zipEntryPastEnd = Self(rawValue: "zipEntryPastEnd")
    /// Two entries share bytes.
    package static let zipEntriesOverlap = Self(rawValue: "zipEntriesOverlap")
    /// An entry that must be there is not.
    package static let zipEntryMissing = Self(rawValue: "zipEntryMissing")

    // Pickles.

    /// The pickle goes on past its end.
    package static let pickleTruncated = Self(rawValue: "pickleTruncated")
    /// The pickle asks for a name that is not allowed.
    package static let pickleForbiddenName = Self(rawValue: "pickleForbiddenName")
    /// The pickle uses an instruction that is not allowed.
    package static let pickleForbiddenOpcode = Self(rawValue: "pickleForbiddenOpcode")
    /// The pickle makes no sense.
    package static let pickleInvalid = Self(rawValue: "pickleInvalid")
    /// The pickle needs more than any checkpoint does.
    package static let pickleTooLarge = Self(rawValue: "pickleTooLarge")
    /// A storage's size in the pickle is not its size in the file.
    package static let storageSizeMismatch = Self(rawValue: "storageSizeMismatch")
    /// A tensor's offset, shape or strides lead outside its storage.
    package static let tensorOutsideStorage = Self(rawValue: "tensorOutsideStorage")
    /// A tensor repeats elements, or overlaps others so that copies outgrow the file.
    package static let tensorExpanded = Self(rawValue: "tensorExpanded")
}
