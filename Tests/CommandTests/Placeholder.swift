import Testing

@Suite struct CommandPlaceholder {}
