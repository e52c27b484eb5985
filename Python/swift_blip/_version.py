"""The program's version; `make test-python` checks that they agree."""

version = "0.1.0"
