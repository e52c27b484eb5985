import Testing

@Suite struct ModelGraphPlaceholder {}
