"""Records what Pillow and transformers make of pictures, for Tests/BlipPicturesTests.

    python3 -m venv .venv && .venv/bin/pip install -r Tools/picture-reference/requirements.txt
    .venv/bin/python Tools/picture-reference/record.py

Writes Tests/BlipPicturesTests/Fixtures: a small picture of every kind beside the RGB bytes that Pillow
reads from it, and reference.json with hashes of resized and normalized noise.
"""

import json
import pathlib
import shutil
import struct
import zlib

import numpy as np
import skimage.data
import tifffile
from PIL import Image, ImageCms, ImageOps
from transformers.models.blip.image_processing_pil_blip import BlipImageProcessorPil

FIXTURES = pathlib.Path(__file__).parents[2] / "Tests/BlipPicturesTests/Fixtures"
FORMATS = FIXTURES / "formats"
SIZE = (48, 36)
pictures = []


def fnv(data):
    """FNV-1a, 64 bits: short to write in both languages."""
    value = 0xCBF29CE484222325
    for byte in data:
        value = ((value ^ byte) * 0x100000001B3) & 0xFFFFFFFFFFFFFFFF
    return f"{value:016x}"


def noise(width, height):
    """Pixels that the Swift test makes in the same way."""
    index = np.arange(width * height * 3, dtype=np.uint64)
    state = (index * np.uint64(2654435761) + np.uint64(12345)) & np.uint64(0xFFFFFFFF)
    state ^= state >> np.uint64(15)
    return ((state >> np.uint64(7)) & np.uint64(255)).astype(np.uint8).reshape(height, width, 3)


def add(name, tolerance=0, expected=None):
    """Notes a picture, and what it must be read as."""
    if expected is None:
        image = Image.open(FORMATS / name)
        expected = np.array(ImageOps.exif_transpose(image).convert("RGB"))
    (FORMATS / (name + ".rgb")).write_bytes(expected.astype(np.uint8).tobytes())
    height, width = expected.shape[:2]
    pictures.append({"file": name, "width": width, "height": height, "tolerance": tolerance})


def save(name, image, tolerance=0, **options):
    image.save(FORMATS / name, **options)
    add(name, tolerance)


def write_png(name, samples, colour_type, bits):
    """PNG kinds that Pillow does not write."""
    height, width = samples.shape[:2]
    raw = samples.astype(">u2").reshape(height, -1)
    rows = b"".join(b"\0" + row.tobytes() for row in raw)
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour_type, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows, 9)),
        (b"IEND", b""),
    ]
    data = b"\x89PNG\r\n\x1a\n"
    for kind, body in chunks:
        data += struct.pack(">I", len(body)) + kind + body
        data += struct.pack(">I", zlib.crc32(kind + body))
    (FORMATS / name).write_bytes(data)


def record_formats(rgb):
    grey = rgb.convert("L")
    ramp = Image.linear_gradient("L").resize(SIZE)
    rgba = rgb.copy()
    rgba.putalpha(ramp)
    grey_alpha = grey.copy()
    grey_alpha.putalpha(ramp)
    palette = rgb.quantize(32)
    cmyk = rgb.convert("CMYK")
    # Naive conversion leaves black at 0, which would hide a wrong formula: add some.
    channels = list(cmyk.split())
    channels[3] = ramp.point(lambda value: value // 2)
    cmyk = Image.merge("CMYK", channels)
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    second = rgb.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    wide = np.array(rgb).astype(np.uint16) * 257
    # Low bytes that differ from the high ones, so that rounding would show.
    wide = (wide & 0xFF00) | np.random.default_rng(1).integers(0, 256, wide.shape, np.uint16)

    # libjpeg's versions may differ by one in a pixel, and upsampling doubles it.
    save("rgb.jpg", rgb, 3, quality=90)
    save("444.jpg", rgb, 3, quality=90, subsampling=0)
    save("progressive.jpg", rgb, 3, quality=90, progressive=True)
    save("profile.jpg", rgb, 3, quality=90, icc_profile=profile)
    save("grey.jpg", grey, 3, quality=90)
    save("cmyk.jpg", cmyk, 3, quality=95)
    save("cmyk-profile.jpg", cmyk, 3, quality=95, icc_profile=profile)
    # CMYK without Adobe's marker: inverted all the same.
    data = (FORMATS / "cmyk.jpg").read_bytes()
    marker = data.index(b"\xff\xee")
    length = int.from_bytes(data[marker + 2:marker + 4], "big")
    (FORMATS / "cmyk-unmarked.jpg").write_bytes(data[:marker] + data[marker + 2 + length:])
    add("cmyk-unmarked.jpg", 3)
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x0112] = orientation
        save(f"orientation-{orientation}.jpg", rgb, 3, quality=80, exif=exif)
    exif = Image.Exif()
    exif[0x0112] = 6
    save("orientation-6.png", rgb, exif=exif)
    save("orientation-6.webp", rgb, lossless=True, exif=exif)

    save("rgb.png", rgb)
    save("rgba.png", rgba)
    save("grey.png", grey)
    save("grey-alpha.png", grey_alpha)
    save("palette.png", palette)
    save("palette-transparent.png", palette, transparency=3)
    save("palette-2bit.png", rgb.quantize(4), bits=2)
    save("1bit.png", grey.convert("1"))
    save("grey-transparent.png", grey, transparency=100)
    # Pillow reads these as it reads all 16-bit colour: by the high byte. (Its convert of mode I;16
    # has clipped at 255 in some versions; the high byte is what the file says.)
    write_png("16bit-rgb.png", wide, 2, 16)
    add("16bit-rgb.png")
    alpha = np.full(wide.shape[:2] + (1,), 30000, np.uint16)
    write_png("16bit-rgba.png", np.concatenate([wide, alpha], 2), 6, 16)
    add("16bit-rgba.png")
    high = np.repeat(wide[:, :, :1] >> 8, 3, 2)
    write_png("16bit-grey.png", wide[:, :, :1], 0, 16)
    add("16bit-grey.png", expected=high)
    write_png("16bit-grey-alpha.png", np.concatenate([wide[:, :, :1], alpha], 2), 4, 16)
    add("16bit-grey-alpha.png", expected=high)

    save("lossy.webp", rgb, 3, quality=85)
    save("lossless.webp", rgb, lossless=True)
    save("lossy-alpha.webp", rgba, 3, quality=80)
    save("alpha.webp", rgba, lossless=True, exact=True)
    save("animated.webp", rgb, save_all=True, append_images=[second], lossless=True)
    save("still.gif", palette)
    save("animated.gif", palette, save_all=True, append_images=[second.quantize(32)])
    save("transparent.gif", palette, transparency=3)

    save("lzw.tiff", rgb, compression="tiff_lzw")
    save("deflate.tiff", rgb, compression="tiff_adobe_deflate")
    save("jpeg.tiff", rgb, 3, compression="jpeg", quality=90)
    save("grey.tiff", grey)
    save("1bit-g4.tiff", grey.convert("1"), compression="group4")
    save("palette.tiff", palette)
    save("rgba.tiff", rgba)
    save("cmyk.tiff", cmyk)
    exif = Image.Exif()
    exif[0x0112] = 8
    save("orientation-8.tiff", rgb, exif=exif)
    options = {"metadata": None, "software": None}
    tifffile.imwrite(FORMATS / "16bit-rgb.tiff", wide, photometric="rgb", **options)
    add("16bit-rgb.tiff", expected=wide >> 8)
    tifffile.imwrite(FORMATS / "16bit-grey.tiff", wide[:, :, 0], photometric="minisblack", **options)
    add("16bit-grey.tiff", expected=high)
    tifffile.imwrite(
        FORMATS / "big-endian-tiled.tiff", np.array(rgb), photometric="rgb", byteorder=">",
        tile=(16, 16), **options)
    add("big-endian-tiled.tiff", expected=np.array(rgb))
    tifffile.imwrite(FORMATS / "big.tiff", np.array(rgb), photometric="rgb", bigtiff=True, **options)
    add("big.tiff", expected=np.array(rgb))
    planes = np.moveaxis(np.array(rgb), -1, 0)
    tifffile.imwrite(
        FORMATS / "planar.tiff", planes, photometric="rgb", planarconfig="separate", **options)
    add("planar.tiff")
    tifffile.imwrite(FORMATS / "inverted-grey.tiff", planes[0], photometric="miniswhite", **options)
    add("inverted-grey.tiff")
    # No reference: floats are refused.
    tifffile.imwrite(
        FORMATS / "float.tiff", np.zeros((8, 8), np.float32), photometric="minisblack", **options)


def record_resizing():
    cases = []
    sizes = [
        ((64, 48), (38, 38)), ((37, 23), (96, 96)), ((1, 1), (16, 16)), ((300, 3), (24, 24)),
        ((3, 300), (24, 24)), ((100, 75), (1, 1)), ((50, 40), (60, 9)), ((90, 90), (90, 20)),
        ((20, 70), (7, 70)), ((160, 120), (96, 96)),
    ]
    for source, target in sizes:
        image = Image.fromarray(noise(*source))
        for filter in range(6):
            data = image.resize(target, Image.Resampling(filter)).tobytes()
            cases.append({"from": source, "to": target, "filter": filter, "hash": fnv(data)})
    return cases


def record_preprocessing():
    cases = []
    configurations = [
        ((150, 100), {"size": {"height": 96, "width": 96}}),
        ((30, 80), {"size": 64, "resample": 2}),
        ((61, 40), {"size": {"height": 33, "width": 47}, "resample": 1, "do_normalize": False}),
        ((61, 40), {"do_resize": False, "do_rescale": False, "do_normalize": False}),
        ((61, 40), {"do_resize": False, "do_rescale": False, "image_mean": [127.5, 100, 90],
                    "image_std": [60, 59.5, 58]}),
        ((61, 40), {"do_resize": False, "do_center_crop": True, "crop_size": 31}),
        ((61, 40), {"do_resize": False, "do_center_crop": True,
                    "crop_size": {"height": 71, "width": 32}}),
        ((61, 40), {"size": {"height": 40, "width": 40}, "resample": 0, "rescale_factor": 0.01}),
    ]
    for size, configuration in configurations:
        processor = BlipImageProcessorPil(**configuration)
        values = processor(Image.fromarray(noise(*size)), return_tensors="np")["pixel_values"][0]
        values = np.ascontiguousarray(values, dtype="<f4")
        cases.append({
            "from": size, "configuration": json.dumps(configuration),
            "height": values.shape[1], "width": values.shape[2], "hash": fnv(values.tobytes()),
        })
    # BLIP's BlipImageProcessor squares every integer size; a shortest edge is checked here.
    processor = BlipImageProcessorPil(size={"shortest_edge": 50})
    for size in [(61, 40), (40, 67)]:
        values = processor(Image.fromarray(noise(*size)), return_tensors="np")["pixel_values"][0]
        values = np.ascontiguousarray(values, dtype="<f4")
        cases.append({
            "from": size, "configuration": json.dumps({"size": {"shortest_edge": 50}}),
            "height": values.shape[1], "width": values.shape[2], "hash": fnv(values.tobytes()),
        })
    return cases


def record_photos():
    """JPEG photos to BLIP's default input, sampled: every 997th value."""
    cases = []
    for name in ["coffee", "astronaut"]:
        image = Image.fromarray(getattr(skimage.data, name)())
        image.thumbnail((360, 360), Image.Resampling.LANCZOS)
        image.save(FIXTURES / f"{name}.jpg", quality=88)
        values = BlipImageProcessorPil()(
            Image.open(FIXTURES / f"{name}.jpg"), return_tensors="np")["pixel_values"]
        cases.append({"file": f"{name}.jpg", "step": 997,
                      "samples": [float(value) for value in values.ravel()[::997]]})
    return cases


def main():
    shutil.rmtree(FORMATS, ignore_errors=True)
    FORMATS.mkdir(parents=True)
    rgb = Image.fromarray(skimage.data.chelsea()).crop((100, 20, 420, 260))
    record_formats(rgb.resize(SIZE, Image.Resampling.LANCZOS))
    reference = {
        "formats": pictures, "resizing": record_resizing(),
        "preprocessing": record_preprocessing(), "photos": record_photos(),
    }
    text = json.dumps(reference, indent=1)
    (FIXTURES / "reference.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
