"""What schemathesis sends as pictures: real ones, damaged ones, none, and addresses."""

import base64
import os
import pathlib

import schemathesis
from hypothesis import strategies

WHOLE = pathlib.Path(os.environ["BLIP_PICTURE"]).read_bytes()
DAMAGED = [WHOLE[:len(WHOLE) // 2], WHOLE[:40], WHOLE[:2000] + bytes(500) + WHOLE[2500:], b"GIF89a", b""]
FILES = strategies.one_of(
    strategies.just(WHOLE), strategies.sampled_from(DAMAGED), strategies.binary(max_size=64))


def as_text(file):
    return strategies.sampled_from(["", "data:image/png;base64,", "data:,", "x"]).map(
        lambda start: start + base64.b64encode(file).decode())


schemathesis.openapi.format("picture", strategies.one_of(
    strategies.just("data:image/png;base64," + base64.b64encode(WHOLE).decode()),
    FILES.flatmap(as_text),
    strategies.sampled_from(["https://example.org/a.png", "file:///etc/passwd", "http://[::1]/"])))
for kind in ["image/png", "image/jpeg", "application/octet-stream"]:
    schemathesis.openapi.media_type(kind, FILES)
