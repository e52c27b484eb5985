// Placeholder, replaced by the library's first file.
