import Testing

@Suite struct PicturesPlaceholder {}
