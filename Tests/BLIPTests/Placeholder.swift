import Testing

@Suite struct BLIPPlaceholder {}
