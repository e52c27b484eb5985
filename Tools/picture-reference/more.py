"""Writes Tests/BlipPicturesTests/Fixtures/more: BMP, HEIC, AVIF, JPEG XL and raw photos, and what Pillow reads.

    python -m venv /tmp/more && /tmp/more/bin/pip install -r Tools/picture-reference/requirements-more.txt
    /tmp/more/bin/python Tools/picture-reference/more.py Tests/BLIPTests/Fixtures/photos/coffee.png
"""

import io
import pathlib
import struct
import sys

import numpy as np
import pillow_heif
import pillow_jxl  # noqa: F401: registers itself
from PIL import Image, ImageOps

pillow_heif.register_heif_opener()
OUT = pathlib.Path(__file__).resolve().parents[2] / "Tests/BlipPicturesTests/Fixtures/more"
PHOTO = Image.open(sys.argv[1]).convert("RGB")
SMALL = PHOTO.resize((21, 13))
PIXELS = np.array(SMALL)
HEIGHT, WIDTH, _ = PIXELS.shape


def bmp(name, bits, compression, data, extra=b"", height=HEIGHT, colors=0):
    start = 54 + len(extra)
    (OUT / name).write_bytes(
        b"BM" + struct.pack("<IHHI", start + len(data), 0, 0, start)
        + struct.pack("<IiiHHIIiiII", 40, WIDTH, height, 1, bits, compression, len(data), 0, 0, colors, 0)
        + extra + data)


def padded(rows):
    return np.pad(rows, ((0, 0), (0, -rows.shape[1] % 4))).tobytes()


def packed(widths, shifts):
    value = sum(
        (PIXELS[..., i] >> (8 - width)).astype("<u2") << shift
        for i, (width, shift) in enumerate(zip(widths, shifts)))
    return padded(value[::-1].astype("<u2").view(np.uint8).reshape(HEIGHT, -1))


def palette(image, count):
    values = image.getpalette()[:3 * count]
    return b"".join(bytes([*values[3 * i:3 * i + 3][::-1], 0]) for i in range(count))


def runs(indices, bits):
    """Runs of three and more; what lies between them one by one."""
    out = bytearray()
    for row in indices[::-1].tolist():
        i = 0
        while i < len(row):
            j = i
            while j < len(row) and row[j] == row[i]:
                j += 1
            if j - i >= 3 or len(row) - i < 3:
                out += bytes([j - i, row[i] if bits == 8 else row[i] << 4 | row[i]])
                i = j
                continue
            few = row[i:i + 7]
            if len(few) < 3:
                out += bytes([1, row[i]])
                i += 1
                continue
            even = few + [0] * (len(few) % 2)
            data = bytes(few) if bits == 8 else bytes(
                a << 4 | b for a, b in zip(even[0::2], even[1::2]))
            out += bytes([0, len(few)]) + data + b"\0" * (len(data) % 2)
            i += len(few)
        out += b"\0\0"
    return bytes(out) + b"\0\1"


def bitmaps():
    for name, mode in [("rgb", "RGB"), ("grey", "L"), ("1bit", "1"), ("rgba", "RGBA")]:
        SMALL.convert(mode).save(OUT / f"{name}.bmp")
    many, few = SMALL.quantize(64), SMALL.quantize(16)
    many.save(OUT / "palette.bmp")
    bmp("555.bmp", 16, 0, packed((5, 5, 5), (10, 5, 0)))
    bmp("565.bmp", 16, 3, packed((5, 6, 5), (11, 5, 0)), struct.pack("<III", 0xF800, 0x7E0, 0x1F))
    bmp("topdown.bmp", 24, 0, padded(PIXELS[..., ::-1].reshape(HEIGHT, -1)), height=-HEIGHT)
    full = np.dstack([PIXELS[..., ::-1], np.full((HEIGHT, WIDTH), 255, np.uint8)])
    bmp("masks.bmp", 32, 3, full[::-1].tobytes(), struct.pack("<III", 0xFF0000, 0xFF00, 0xFF))
    wide = np.pad(np.array(few), ((0, 0), (0, WIDTH % 2)))
    bmp("4bit.bmp", 4, 0, padded((wide[:, 0::2] << 4 | wide[:, 1::2])[::-1].astype(np.uint8)),
        palette(few, 16), colors=16)
    striped = np.array(many)
    striped[4:8] = 3
    bmp("rle8.bmp", 8, 1, runs(striped, 8), palette(many, 64), colors=64)
    bmp("rle4.bmp", 4, 2, runs(np.array(few), 4), palette(few, 16), colors=16)


def modern():
    photo = PHOTO.resize((48, 36))
    photo.save(OUT / "plain.heic", quality=90)
    photo.convert("RGBA").save(OUT / "alpha.heic", quality=90)
    deep = np.array(photo).astype(np.uint16) << 8 | 128
    pillow_heif.from_bytes("RGB;16", photo.size, deep.tobytes()).save(OUT / "10bit.heic", quality=95)
    photo.save(OUT / "plain.avif", quality=90)
    photo.save(OUT / "lossy.jxl")
    photo.save(OUT / "lossless.jxl", lossless=True)
    exif = Image.Exif()
    exif[0x112] = 6
    photo.save(OUT / "turned.heic", exif=exif.tobytes(), quality=90)
    photo.save(OUT / "turned.avif", exif=exif.tobytes(), quality=90)


def raw():
    """A raw photo as cameras lay it out: a TIFF with a thumbnail, CFA pixels in a directory of its own, and two JPEGs."""
    def jpeg(size):
        file = io.BytesIO()
        PHOTO.resize(size).save(file, "JPEG", quality=90)
        return file.getvalue()

    thumbnail, preview = jpeg((24, 18)), jpeg((64, 48))
    rng = np.random.default_rng(1)
    cfa = rng.integers(0, 256, 600, dtype=np.uint8).tobytes()
    entries = lambda items: struct.pack("<H", len(items)) + b"".join(  # noqa: E731
        struct.pack("<HHII", tag, kind, count, value) for tag, kind, count, value in items) + bytes(4)
    first = 8
    second = first + 2 + 12 * 5 + 4
    data = second + 2 + 12 * 6 + 4
    for name, version in [("camera.nef", []), ("camera.dng", [(50706, 1, 4, 0x401)])]:
        shift = 12 * len(version)
        second_at, at = second + shift, data + shift
        ifd0 = [(254, 4, 1, 1), (274, 3, 1, 6), (330, 4, 1, second_at), (513, 4, 1, at),
                (514, 4, 1, len(thumbnail)), *version]
        sub = [(256, 4, 1, 30), (257, 4, 1, 20), (258, 3, 1, 8), (262, 3, 1, 32803),
               (273, 4, 1, at + len(thumbnail) + len(preview)), (279, 4, 1, len(cfa))]
        (OUT / name).write_bytes(
            struct.pack("<2sHI", b"II", 42, first) + entries(ifd0) + entries(sub)
            + thumbnail + preview + cfa)
    shown = np.array(Image.open(io.BytesIO(preview)).convert("RGB"))
    for name in ["camera.nef", "camera.dng"]:
        (OUT / f"{name}.rgb").write_bytes(np.rot90(shown, 3).tobytes())


OUT.mkdir(exist_ok=True)
bitmaps()
modern()
raw()
for file in sorted(OUT.iterdir()):
    if file.suffix in (".bmp", ".heic", ".avif", ".jxl"):
        picture = ImageOps.exif_transpose(Image.open(file)).convert("RGB")
        file.with_name(file.name + ".rgb").write_bytes(picture.tobytes())
        print(file.name, picture.size)
