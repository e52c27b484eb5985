"""Records what Pillow reads from every mode, storage and orientation that it writes.

    .venv/bin/python Tools/picture-reference/table.py
    .venv/bin/python Tools/picture-reference/table.py FOLDER TABLE

Without arguments it makes the pictures, each of 17 × 13 pixels, and writes
Tests/BlipPicturesTests/Fixtures/table.jsonl, which PillowTableTests reads. With arguments it records
all pictures of a folder instead, such as Pillow's own test pictures; the same test compares them:

    PICTURE_TABLE=TABLE swift test --filter PillowTableTests

The reference is ImageOps.exif_transpose(Image.open(file)).convert("RGB").
"""

import base64
import io
import json
import pathlib
import struct
import sys
import warnings
import zlib

import numpy as np
import tifffile
from PIL import Image, ImageCms, ImageOps
from PIL.PngImagePlugin import PngInfo

FIXTURES = pathlib.Path(__file__).parents[2] / "Tests/BlipPicturesTests/Fixtures"
SIGNATURES = [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"]
ORIENTATION = 0x0112
# libjpeg's and libwebp's versions may differ by one in a pixel, and upsampling doubles it.
LOSSY = 3
LAB = 12
XMP = b"http://ns.adobe.com/xap/1.0/\0"
rows = []


def add(name, data, tolerance=0, expected=None):
    """Notes a picture, and the pixels that it must be read as: Pillow's, if nothing else is said."""
    if expected is None:
        image = Image.open(io.BytesIO(data))
        expected = np.array(ImageOps.exif_transpose(image).convert("RGB"))
    height, width = expected.shape[:2]
    rows.append({
        "name": name, "width": width, "height": height, "tolerance": tolerance,
        "file": base64.b64encode(data).decode(),
        "rgb": base64.b64encode(expected.astype(np.uint8).tobytes()).decode(),
    })


def saved(image, kind, **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def save(name, image, kind, tolerance=0, expected=None, **options):
    add(f"{kind} {name}", saved(image, kind, **options), tolerance, expected)


def chunk(kind, body):
    checksum = zlib.crc32(kind + body)
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", checksum)


def exif(orientation, order="<", kind=3, count=1):
    """A TIFF structure with one entry; `kind` as TIFF numbers types: SHORT 3, LONG 4."""
    value = struct.pack(order + {3: "HH", 4: "L", 9: "l"}[kind], *[orientation, 0][:2 if kind == 3 else 1])
    head = b"II*\0" if order == "<" else b"MM\0*"
    entry = struct.pack(order + "HHL", ORIENTATION, kind, count) + value
    return head + struct.pack(order + "LH", 8, 1) + entry + bytes(4)


def profile(data):
    """EXIF as ImageMagick writes it into a PNG's texts."""
    lines = [data.hex()[start:start + 72] for start in range(0, 2 * len(data), 72)]
    return "\n".join(["", "exif", f"{len(data):8}", *lines, ""])


def xmp(orientation, form="attribute"):
    inside = {
        "attribute": f'<rdf:Description tiff:Orientation="{orientation}"/>',
        "element": f"<rdf:Description><tiff:Orientation>{orientation}</tiff:Orientation></rdf:Description>",
    }[form]
    return f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF>{inside}</rdf:RDF></x:xmpmeta>'.encode()


def png(image, before=(), after=()):
    """A PNG with further chunks before and after its pixels."""
    data = saved(image, "PNG")
    pixels = data.index(b"IDAT") - 4
    return (data[:pixels] + b"".join(before) + data[pixels:-12] + b"".join(after) + data[-12:])


def texts(key, value):
    """A text in each of PNG's four ways."""
    return {
        "tEXt": chunk(b"tEXt", key + b"\0" + value),
        "zTXt": chunk(b"zTXt", key + b"\0\0" + zlib.compress(value)),
        "iTXt": chunk(b"iTXt", key + b"\0\0\0\0\0" + value),
        "compressed iTXt": chunk(b"iTXt", key + b"\0\1\0\0\0" + zlib.compress(value)),
    }


def jpeg_with(image, *segments):
    """A JPEG with further APP1 segments."""
    jpeg = saved(image, "JPEG", quality=90)
    return jpeg[:2] + b"".join(
        b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body for body in segments) + jpeg[2:]


def record_orientations(rgb):
    """Wherever an orientation may stand."""
    key, raw = b"XML:com.adobe.xmp", b"Raw profile type exif"
    for number in range(1, 9):
        data = exif(number, "<>"[number % 2])
        packet = xmp(number, ["attribute", "element"][number % 2])
        named = Image.Exif()
        named[ORIENTATION] = number
        add(f"JPEG EXIF {number}", jpeg_with(rgb, b"Exif\0\0" + data), LOSSY)
        add(f"JPEG XMP {number}", jpeg_with(rgb, XMP + packet), LOSSY)
        add(f"PNG eXIf {number}", png(rgb, [chunk(b"eXIf", data)]))
        add(f"PNG eXIf after pixels {number}", png(rgb, after=[chunk(b"eXIf", data)]))
        for how, text in texts(raw, profile(b"Exif\0\0" + data).encode()).items():
            add(f"PNG profile {how} {number}", png(rgb, [text]))
        for how, text in texts(key, packet).items():
            add(f"PNG XMP {how} {number}", png(rgb, [text]))
        add(f"PNG profile after pixels {number}",
            png(rgb, after=[texts(raw, profile(data).encode())["zTXt"]]))
        add(f"PNG XMP after pixels {number}", png(rgb, after=[texts(key, packet)["iTXt"]]))
        save(f"EXIF {number}", rgb, "WEBP", lossless=True, exif=named)
        save(f"XMP {number}", rgb, "WEBP", lossless=True, xmp=packet)
        save(f"tag {number}", rgb, "TIFF", tiffinfo={ORIENTATION: number})
        save(f"XMP {number}", rgb, "TIFF", tiffinfo={700: packet})
        save(f"tag {number} LZW", rgb, "TIFF", tiffinfo={ORIENTATION: number}, compression="tiff_lzw")
        save(f"tag {number} big", rgb, "TIFF", tiffinfo={ORIENTATION: number}, big_tiff=True)
    # Which of two counts, and what is no orientation.
    for name, data in {
        "LONG": exif(6, kind=4), "SLONG": exif(6, ">", kind=9), "two values": exif(6, count=2),
        "0": exif(0), "9": exif(9), "none": b"II*\0\x08\0\0\0\0\0\0\0\0\0",
        "past the end": b"II*\0\xff\0\0\0", "twice Exif": b"Exif\0\0" + exif(6),
    }.items():
        both = b"Exif\0\0" + data
        with_xmp = [texts(key, xmp(3))["iTXt"]]
        add(f"JPEG EXIF {name}", jpeg_with(rgb, both), LOSSY)
        add(f"PNG eXIf {name} beside XMP 3", png(rgb, [chunk(b"eXIf", data), *with_xmp]))
        add(f"PNG eXIf {name} after XMP 3", png(rgb, with_xmp, [chunk(b"eXIf", data)]))
    add("PNG eXIf 1 and after pixels 6", png(rgb, [chunk(b"eXIf", exif(1))], [chunk(b"eXIf", exif(6))]))
    add("PNG profile 6 beside eXIf none", png(rgb, [
        texts(raw, profile(exif(6)).encode())["tEXt"], chunk(b"eXIf", b"II*\0\x08\0\0\0\0\0\0\0\0\0")]))
    add("PNG text exif", png(rgb, [chunk(b"tEXt", b"exif\0" + exif(6))]))
    for name, segments in {
        "EXIF twice": [b"Exif\0\0" + exif(6), b"Exif\0\0" + exif(3)],
        "XMP twice": [XMP + xmp(6), XMP + xmp(3)],
        "XMP extension": [b"http://ns.adobe.com/xmp/extension/\0" + bytes(40) + xmp(6)],
        "XMP before EXIF": [XMP + xmp(6), b"Exif\0\0" + exif(8)],
        "XMP of no number": [XMP + xmp("x") + xmp(6)], "XMP 66": [XMP + xmp(66)],
    }.items():
        add(f"JPEG {name}", jpeg_with(rgb, *segments), LOSSY)
    save("tag 1 beside XMP 6", rgb, "TIFF", tiffinfo={ORIENTATION: 1, 700: xmp(6)})


def record_jpeg(modes):
    for mode in ["1", "L", "RGB", "RGBX", "CMYK", "YCbCr"]:
        for name, options in {
            "": {}, " progressive": {"progressive": True}, " optimized": {"optimize": True},
            " restarts": {"restart_marker_blocks": 1},
        }.items():
            save(mode + name, modes[mode], "JPEG", LOSSY, quality=90, **options)
    for subsampling in ["4:4:4", "4:2:2", "4:2:0"]:
        save(f"RGB {subsampling}", modes["RGB"], "JPEG", LOSSY, quality=90, subsampling=subsampling)
    save("RGB kept", modes["RGB"], "JPEG", LOSSY, quality=90, keep_rgb=True)


def record_png(modes):
    rgb, grey = modes["RGB"], modes["L"]
    for mode in ["1", "L", "LA", "P", "RGB", "RGBA"]:
        save(mode, modes[mode], "PNG")
    for bits in [1, 2, 4, 8]:
        image = rgb.quantize(2 ** bits)
        save(f"P {bits} bits", image, "PNG", bits=bits)
        save(f"P {bits} bits, a transparent colour", image, "PNG", bits=bits, transparency=1)
        save(f"P {bits} bits, alphas", image, "PNG", bits=bits, transparency=bytes(range(2 ** bits)))
    save("1, transparent", modes["1"], "PNG", transparency=1)
    save("L, transparent", grey, "PNG", transparency=grey.getpixel((3, 3)))
    save("RGB, transparent", rgb, "PNG", transparency=rgb.getpixel((3, 3)))
    save("I;16", modes["I;16"], "PNG", expected=high_byte(modes["I;16"]))
    save("animated", rgb, "PNG", save_all=True, append_images=[ImageOps.mirror(rgb)])


def high_byte(image):
    """Pillow cuts 16-bit grey off at 255; the high byte is what the file shows."""
    return np.repeat((np.array(image) >> 8)[:, :, None], 3, 2)


def record_webp(modes):
    for mode in ["L", "LA", "P", "RGB", "RGBA"]:
        save(f"{mode} lossless", modes[mode], "WEBP", lossless=True)
        save(f"{mode} exact", modes[mode], "WEBP", lossless=True, exact=True)
        save(f"{mode} lossy", modes[mode], "WEBP", LOSSY, quality=80)
    save("animated", modes["RGB"], "WEBP", lossless=True, save_all=True,
         append_images=[ImageOps.mirror(modes["RGB"])])


def gif(frame, screen=(17, 13), at=(0, 0), transparency=None, local=False, table=True):
    """A GIF with its first frame anywhere on a screen of any size."""
    data = saved(frame, "GIF", optimize=False, interlace=False)
    flags = data[10]
    colours = data[13:13 + (3 << (flags & 7) + 1)]
    start = data.index(b",\0\0\0\0", 13 + len(colours))
    extension = b"" if transparency is None else b"!\xf9\4\1\0\0" + bytes([transparency, 0])
    place = struct.pack("<HHHH", *at, *frame.size)
    if not table:
        colours, flags, inner = b"", 0, 0
    else:
        inner = 0x80 | flags & 7 if local else 0
    head = b"GIF89a" + struct.pack("<HH", *screen) + bytes([0 if local else flags, 0, 0])
    return (head + (b"" if local else colours) + extension + b"," + place + bytes([inner])
            + (colours if local else b"") + data[start + 10:])


def record_gif(modes):
    for mode in ["1", "L", "LA", "P", "RGB", "RGBA"]:
        for interlace in [0, 1]:
            save(f"{mode}{' interlaced' * interlace}", modes[mode], "GIF", interlace=interlace)
    save("P transparent", modes["P"], "GIF", transparency=3)
    save("P animated", modes["P"], "GIF", save_all=True, transparency=3, disposal=2,
         append_images=[ImageOps.mirror(modes["P"])])
    small = modes["RGB"].resize((7, 5)).quantize(8)
    for name, options in {
        "small frame": {}, "small frame, moved": {"at": (4, 3)},
        "small frame, transparent": {"at": (4, 3), "transparency": 2},
        "small frame, its own colours": {"at": (4, 3), "local": True},
        "small frame, its own colours, transparent": {"at": (4, 3), "local": True, "transparency": 2},
        "past the screen": {"screen": (9, 6), "at": (5, 4)},
        "past the screen, transparent": {"screen": (9, 6), "at": (5, 4), "transparency": 1},
        "a screen that players mistrust": {"screen": (2049, 5)},
        "a screen of nothing": {"screen": (0, 0)},
        "transparent past the colours": {"at": (4, 3), "transparency": 200},
    }.items():
        add(f"GIF {name}", gif(small, **options))


def record_tiff(modes):
    lossless = [None, "tiff_lzw", "packbits", "tiff_adobe_deflate", "tiff_deflate"]
    for mode in ["1", "L", "LA", "P", "RGB", "RGBA", "RGBX", "CMYK", "YCbCr"]:
        for compression in lossless:
            save(f"{mode} {compression}", modes[mode], "TIFF", compression=compression)
        save(f"{mode} big", modes[mode], "TIFF", big_tiff=True)
        save(f"{mode} strips", modes[mode], "TIFF", strip_size=64, compression="packbits")
    for compression in ["tiff_ccitt", "group3", "group4"]:
        save(f"1 {compression}", modes["1"], "TIFF", compression=compression)
    for mode in ["L", "RGB", "CMYK", "YCbCr"]:
        save(f"{mode} jpeg", modes[mode], "TIFF", LOSSY, compression="jpeg", quality=90)
    for mode in ["1", "L"]:
        save(f"{mode}, white is 0", modes[mode], "TIFF", tiffinfo={262: 0})
    for compression in lossless:
        save(f"I;16 {compression}", modes["I;16"], "TIFF", expected=high_byte(modes["I;16"]),
             compression=compression)
    # Pillow converts Lab by a colour profile and libvips by the formulas.
    save("LAB", modes["LAB"], "TIFF", tolerance=LAB)

    rgb, alpha = np.array(modes["RGB"]), np.array(modes["RGBA"])
    wide = (rgb.astype(np.uint16) << 8) + np.arange(17, dtype=np.uint16)[:, None] * 15
    for name, pixels, options in [
        ("big-endian", rgb, {"byteorder": ">"}), ("tiles", rgb, {"tile": (16, 16)}),
        ("predictor", rgb, {"compression": "zlib", "predictor": True}),
        ("LZW, tiles, predictor", rgb, {"compression": "lzw", "predictor": True, "tile": (16, 16)}),
        ("associated alpha", alpha, {"extrasamples": ["assocalpha"]}),
        ("unassociated alpha", alpha, {"extrasamples": ["unassalpha"]}),
        ("no alpha", alpha, {"extrasamples": ["unspecified"]}),
    ]:
        add(f"TIFF {name}", tiff(pixels, **options))
    planes = np.moveaxis(rgb, -1, 0)
    add("TIFF planes", tiff(planes, planarconfig="separate"))
    add("TIFF planes, LZW", tiff(planes, planarconfig="separate", compression="lzw"))
    for order in "<>":
        add(f"TIFF 16 bits {order}", tiff(wide, byteorder=order))


def tiff(pixels, **options):
    file = io.BytesIO()
    tifffile.imwrite(file, pixels, photometric="rgb", metadata=None, software=None, **options)
    return file.getvalue()


def record_all():
    coffee = Image.open(FIXTURES / "coffee.jpg")
    rgb = coffee.resize((17, 13), Image.Resampling.LANCZOS)
    ramp = Image.linear_gradient("L").resize(rgb.size)
    modes = {mode: rgb.convert(mode) for mode in ["1", "L", "RGB", "RGBX", "CMYK", "YCbCr"]}
    modes["P"] = rgb.quantize(32)
    modes["LA"], modes["RGBA"] = modes["L"].copy(), rgb.copy()
    modes["LA"].putalpha(ramp)
    modes["RGBA"].putalpha(ramp)
    inks = list(modes["CMYK"].split())
    # Naive conversion leaves black at 0, which would hide a wrong formula: add some.
    inks[3] = ramp.point(lambda value: value // 2)
    modes["CMYK"] = Image.merge("CMYK", inks)
    wide = np.array(modes["L"]).astype(np.uint16) * 257 ^ 0x55
    modes["I;16"] = Image.fromarray(wide)
    profiles = [ImageCms.createProfile(space) for space in ["sRGB", "LAB"]]
    modes["LAB"] = ImageCms.profileToProfile(rgb, *profiles, outputMode="LAB")
    for record in [record_jpeg, record_png, record_webp, record_gif, record_tiff]:
        record(modes)
    record_orientations(rgb)


def record_folder(folder):
    """All pictures that Pillow reads, of the formats that the program reads."""
    for path in sorted(folder.rglob("*")):
        data = path.read_bytes() if path.is_file() else b""
        if not any(data.startswith(signature) for signature in SIGNATURES) and data[8:12] != b"WEBP":
            continue
        try:
            image = Image.open(io.BytesIO(data))
            lossy = image.format in ("JPEG", "MPO", "WEBP") or image.info.get("compression") == "jpeg"
            add(str(path.relative_to(folder)), data, LOSSY if lossy else 0)
        except Exception as error:  # Whatever Pillow refuses is no reference.
            print(f"{path}: Pillow says {error}", file=sys.stderr)


def main():
    warnings.simplefilter("ignore")
    table = FIXTURES / "table.jsonl"
    if len(sys.argv) == 3:
        record_folder(pathlib.Path(sys.argv[1]))
        table = pathlib.Path(sys.argv[2])
    else:
        record_all()
    table.write_text("".join(json.dumps(row) + "\n" for row in rows))


if __name__ == "__main__":
    main()
