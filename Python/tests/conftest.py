"""What the tests share: the program as it was built, and pictures."""

import os
from pathlib import Path

import pytest

import swift_blip

ROOT = Path(__file__).parents[2]
os.environ.setdefault("BLIP_MODEL", "demo")


@pytest.fixture(scope="session")
def model():
    with swift_blip.Model("demo", precision="f32") as model:
        yield model


@pytest.fixture(scope="session")
def dogs() -> Path:
    return ROOT / "Samples" / "four-dogs.png"


@pytest.fixture(scope="session")
def samples() -> list[Path]:
    return sorted((ROOT / "Samples").glob("*.png"))
