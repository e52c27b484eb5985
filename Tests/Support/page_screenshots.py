"""Photographs the page of `blip serve` for docs/server.md: on a phone and at 400 % of a desktop, with an answer and
with an error.

usage: page_screenshots.py BLIP PICTURE FOLDER
"""

import io
import pathlib
import shutil
import signal
import subprocess
import sys

from PIL import Image
from playwright.sync_api import expect, sync_playwright

CAPTION = "four dogs on a yellow background"
# Width, height, and pixels a point: a small phone; a window of 1280 by 1024 in which one sees a quarter.
VIEWS = {"360": (360, 640, 2), "400-percent": (320, 256, 4)}
LARGEST = 60_000


def save(tab, file):
    image = Image.open(io.BytesIO(tab.screenshot()))
    image.convert("RGB").save(file, "WEBP", quality=60, method=6)
    assert file.stat().st_size < LARGEST, f"{file} has {file.stat().st_size} bytes"
    print(f"{file}: {image.width} x {image.height}, {file.stat().st_size} bytes")


def photograph(browser, base, picture, name, view, folder):
    width, height, scale = view
    context = browser.new_context(
        viewport={"width": width, "height": height}, device_scale_factor=scale, color_scheme="light")
    tab = context.new_page()
    tab.set_default_timeout(120_000)
    expect.set_options(timeout=120_000)
    tab.goto(base)
    tab.set_input_files("#file", picture)
    expect(tab.locator("#caption")).to_have_text(CAPTION)
    tab.fill("#question", "how many dogs are there?")
    tab.keyboard.press("Enter")
    answer = tab.locator("#answers li .answer").first
    expect(answer).to_have_text("4")
    expect(answer).to_be_in_viewport()
    save(tab, folder / f"page-{name}-answer.webp")
    # What the server says of a file that is no picture.
    tab.set_input_files("#file", files=[{"name": "notes.txt", "mimeType": "text/plain", "buffer": b"no picture"}])
    error = tab.locator("#error span")
    expect(error).to_contain_text("is text, not")
    expect(error).to_be_in_viewport()
    save(tab, folder / f"page-{name}-error.webp")
    context.close()


def main():
    program, picture, folder = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
    server = subprocess.Popen([program, "serve", "--port", "0", "--precision", "f32"], stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL, text=True)
    try:
        base = server.stdout.readline().strip()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            for name, view in VIEWS.items():
                photograph(browser, base, picture, name, view, folder)
            browser.close()
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=60)


main()
