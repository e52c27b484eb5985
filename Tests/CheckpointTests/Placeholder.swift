import Testing

@Suite struct CheckpointPlaceholder {}
