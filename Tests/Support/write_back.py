"""`blip write` over JPEGs with metadata of many kinds: the words are there, and nothing else has changed.

usage: write_back.py BLIP [COUNT]     (100 by default; 10000 is the goal's)

Compares all that exiftool tells, decoded pixels, times and rights before and after; reads the words back by
exiftool, Pillow and libvips.
"""

import csv
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

import pyvips
from PIL import Image, IptcImagePlugin

OURS = {"XMP-dc:Description", "XMP-iptcCore:AltTextAccessibility", "XMP-tiff:ImageDescription",
        "IPTC:Caption-Abstract", "IFD0:ImageDescription"}
# What EXIF, IPTC and XMP must have besides where they were not there, and what follows from the words.
MANDATORY = {"IFD0:XResolution", "IFD0:YResolution", "IFD0:ResolutionUnit", "IFD0:YCbCrPositioning",
             "IPTC:CodedCharacterSet", "IPTC:EnvelopeRecordVersion", "IPTC:ApplicationRecordVersion",
             "XMP-x:XMPToolkit", "ExifIFD:ExifVersion", "ExifIFD:ComponentsConfiguration",
             "ExifIFD:FlashpixVersion", "ExifIFD:ColorSpace"}
DERIVED = {"File:CurrentIPTCDigest", "Photoshop:IPTCDigest", "File:ExifByteOrder", "SourceFile"}
KINDS = [
    [],
    ["-IFD0:Make=Canon", "-IFD0:Model=EOS 5D", "-GPSLatitude=48.1", "-GPSLatitudeRef=N", "-Orientation#=6"],
    ["-DateTimeOriginal=2001:02:03 04:05:06", "-SubSecTimeOriginal=78", "-XMP-dc:Subject=dog", "-XMP-xmp:Rating=3"],
    ["-IPTC:Keywords=dog", "-IPTC:City=Rome", "-Photoshop:IPTCDigest=new"],
    ["-XMP-x:XMPToolkit=Adobe XMP Core 5.6", "-XMP-dc:Title=A title", "-Comment=by hand"],
    ["-XMP-crs:Exposure2012=0.5", "-XMP-lr:HierarchicalSubject=animals|dog", "-XMP-xmpMM:DocumentID=xmp.did:1"],
    ["-IPTC:CodedCharacterSet=UTF8", "-IPTC:Keywords=H\u00fcgel", "-XMP-dc:Creator=Ann"],
    ["-XMP-mwg-rs:RegionInfo={AppliedToDimensions={W=64,H=48,Unit=pixel}}", "-IFD0:Artist=Ann", "-IFD0:Copyright=Ann"],
]


def make(folder, count):
    """Files whose metadata was written by exiftool and by Pillow."""
    random.seed(1)
    files = []
    for index in range(count):
        file = folder / f"{index % 100:02}" / f"photo {index}.jpg"
        file.parent.mkdir(exist_ok=True)
        image = Image.effect_noise((64 + index % 7, 48), 60).convert("RGB" if index % 5 else "L")
        image.save(file, quality=random.choice([60, 80, 95]), progressive=index % 3 == 0)
        files.append(file)
    for kind, tags in enumerate(KINDS):
        chosen = [str(file) for index, file in enumerate(files) if index % len(KINDS) == kind]
        if tags and chosen:
            subprocess.run(["exiftool", "-q", "-overwrite_original", "-m", *tags, "-@", "-"],
                           input="\n".join(chosen), text=True, check=True)
    for index, file in enumerate(files):
        os.chmod(file, 0o640)
        os.utime(file, ns=(10**18 + index, 10**18 + index * 1001))
    return files


def metadata(folder):
    output = subprocess.run(
        ["exiftool", "-q", "-r", "-j", "-G1", "-a", "-struct", "-x", "System:all", "-x", "ExifTool:all", str(folder)],
        capture_output=True, check=True).stdout
    return {entry["SourceFile"]: entry for entry in json.loads(output)}


def compare(file, words, before, after, pixels):
    for tag, value in before.items():
        if tag not in DERIVED:
            assert after.get(tag) == value, (file, tag, value, after.get(tag))
    added = set(after) - set(before) - OURS - DERIVED
    assert added <= MANDATORY, (file, added)
    for tag in OURS:
        assert after.get(tag) == words, (file, tag, after.get(tag))
    with Image.open(file) as image:
        assert image.tobytes() == pixels, file
        assert image.getexif()[270] == words, file
        caption = IptcImagePlugin.getiptcinfo(image)[(2, 120)].decode()
        assert caption == words, file
        description = image.getxmp()["xmpmeta"]["RDF"]["Description"]
        assert words in json.dumps(description, ensure_ascii=False), file
    image = pyvips.Image.new_from_file(str(file))
    assert image.get("exif-ifd0-ImageDescription").startswith(words), file
    assert words.encode() in image.get("xmp-data"), file
    status = file.stat()
    return status.st_mode & 0o777 == 0o640


def main():
    program = str(pathlib.Path(sys.argv[1]).resolve())
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 100
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        files = make(folder, count)
        words = {file: f"{index} dogs on a beach" for index, file in enumerate(files)}
        table = folder / "captions.csv"
        with table.open("w", newline="") as out:
            csv.writer(out).writerows([("image", "caption"), *((str(file), words[file]) for file in files)])
        before = metadata(folder)
        pixels = {file: Image.open(file).tobytes() for file in files}
        times = {file: file.stat().st_mtime_ns for file in files}
        command = [program, "write", "--captions", str(table), "--to", "embed"]
        dry = subprocess.run([*command, "--dry-run"], capture_output=True, text=True, check=True)
        assert dry.stdout.count("would write") == count, dry.stdout[-500:]
        assert metadata(folder) == before, "a dry run wrote"
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert done.stdout.count(": wrote") == count, done.stdout[-500:]
        after = metadata(folder)
        for file in files:
            assert compare(file, words[file], before[str(file)], after[str(file)], pixels[file]), file
            assert file.stat().st_mtime_ns == times[file], file
        again = subprocess.run(command, capture_output=True, text=True, check=True)
        assert again.stdout.count("has these words already") == count, again.stdout[-500:]
        left = [path for path in folder.rglob("*") if path.is_file() and path not in words and path != table]
        assert not left, left
    print(f"{count} JPEGs: words written and read back by exiftool, Pillow and libvips; nothing else changed")


main()
