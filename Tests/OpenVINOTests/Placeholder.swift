import Testing

@Suite struct OpenVINOPlaceholder {}
