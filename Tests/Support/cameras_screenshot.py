"""Photographs the cameras' page of `blip serve --watch` for docs/cameras-home-assistant.md, and checks that nothing on it runs
out of its frame: at a desktop's width, and at a phone's.

usage: cameras_screenshot.py BLIP FILE.webp
"""

import io
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile

from PIL import Image
from playwright.sync_api import expect, sync_playwright

SAMPLES = pathlib.Path(__file__).parents[2] / "Samples"
# What is in front of the camera, and what the sensors must say of it.
STATES = {"dogs": "four-dogs.png", "pigs": "three-pigs.png", "car": "car-above-star.png"}
SHOWN = {"Dogs": "yes", "What there is": "dogs", "How many": "4", "In words": "four dogs on a yellow background"}
SECONDS, ROUNDS = 12, 4
HOUSE = """
cameras:
  yard: {source: film.mp4, title: The yard}
sensors:
  dogs: {camera: yard, ask: are there dogs?, REGION, title: Dogs}
  thing: {camera: yard, ask: what is in the picture?, answers: [dogs, pigs, car], REGION, title: What there is}
  count: {camera: yard, ask: how many dogs are there?, REGION, title: How many}
  words: {camera: yard, type: caption, REGION, title: In words}
""".replace("REGION", "on_motion: true, region: [0.02, 0.02, 0.96, 0.96]")
# Elements whose text or box is wider than the screen, or than what they stand in.
RUNS_OUT = """() => [...document.querySelectorAll("body, main *, .events *")].filter((element) => {
  if (element.closest(".strip, .live, svg, input") || !element.checkVisibility()) return false;
  const own = element.getBoundingClientRect(), frame = element.parentElement.getBoundingClientRect();
  return own.right > innerWidth + 1 || own.right > frame.right + 1 || element.scrollWidth > element.clientWidth + 1
    && getComputedStyle(element).display !== "inline";
}).map((element) => `${element.tagName} ${element.className} ${element.textContent.slice(0, 40)}`)"""


def film(file):
    pictures = [SAMPLES / name for name in STATES.values()] * ROUNDS
    listing = file.with_suffix(".txt")
    listing.write_text("".join(f"file '{picture}'\nduration {SECONDS}\n" for picture in pictures))
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-f", "concat", "-safe", "0", "-i", listing, "-vf",
                    "fps=5,scale=640:640,format=yuv420p", "-c:v", "libx264", "-preset", "ultrafast", file], check=True)


def check(tab, what):
    out = tab.evaluate(RUNS_OUT)
    assert not out, f"{what}: {out}"


def state(tab, title):
    return tab.locator(f'.sensor:has(h3:text-is("{title}")) .state')


def photograph(tab, base, file):
    tab.set_default_timeout(60_000)
    expect.set_options(timeout=60_000)
    tab.goto(f"{base}/cameras")
    # Some history first; then the moment at which all sensors have told what the frame shows.
    expect(tab.locator(".strip button")).to_have_count(4)
    expect(state(tab, "What there is")).to_have_text("car")
    for title, words in SHOWN.items():
        expect(state(tab, title)).to_have_text(words)
    tab.fill(".camera input", "how many dogs are there?")
    tab.locator(".camera form button").click()
    expect(tab.locator("p.state")).to_have_text("4")
    tab.get_by_role("button", name="Keep this frame").click()
    tab.locator(".strip button").first.click()
    # The states still fit the frame.
    for title, words in SHOWN.items():
        assert state(tab, title).inner_text() == words, title
    image = Image.open(io.BytesIO(tab.screenshot()))
    check(tab, "desktop")
    image.convert("RGB").save(file, "WEBP", quality=70, method=6)
    print(f"{file}: {image.width} x {image.height}, {file.stat().st_size} bytes")
    for width in (768, 360):
        tab.set_viewport_size({"width": width, "height": 800})
        check(tab, f"{width} pixels")


def main():
    program, file = str(pathlib.Path(sys.argv[1]).resolve()), pathlib.Path(sys.argv[2])
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        film(folder / "film.mp4")
        (folder / "house.yaml").write_text(HOUSE)
        with open(folder / "log", "w") as log:
            server = subprocess.Popen([program, "serve", "--port", "0", "--watch", folder / "house.yaml"], text=True,
                                      stdout=subprocess.PIPE, stderr=log, env={**os.environ, "BLIP_MODEL": "demo"})
        try:
            base = server.stdout.readline().strip()
            assert base, (folder / "log").read_text()
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
                photograph(browser.new_page(viewport={"width": 1200, "height": 1130}, color_scheme="light"), base, file)
                browser.close()
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=60)


main()
