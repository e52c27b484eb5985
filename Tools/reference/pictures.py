"""Photos as pixels, and the same pixels as a decoder or resampler that is not Pillow's might give them."""

from pathlib import Path

import numpy as np
import torch
from PIL import Image
from transformers.models.blip.image_processing_pil_blip import BlipImageProcessorPil

ENDINGS = (".jpg", ".png")


def photos(folder: Path) -> dict[str, Image.Image]:
    paths = sorted(path for path in folder.iterdir() if path.suffix in ENDINGS)
    return {path.name: Image.open(path).convert("RGB") for path in paths}


def pixels(processor: BlipImageProcessorPil, photo: Image.Image) -> torch.Tensor:
    return processor(photo, return_tensors="pt").pixel_values


def disturbed(processor: BlipImageProcessorPil, photo: Image.Image) -> torch.Tensor:
    """Four variants of the same pixels: 1/255 away on average (noise, another resampling), or evenly by 0.1/255."""
    exact = pixels(processor, photo)
    side = processor.size["height"]
    std = torch.tensor(processor.image_std).view(1, 3, 1, 1)
    source = torch.Generator().manual_seed(1)
    # The mean absolute value of a normal distribution is 0.8 standard deviations.
    changes = [torch.randn(exact.shape, generator=source) / 0.8 for _ in range(2)]
    boxed = photo.resize((side, side), Image.Resampling.BICUBIC, reducing_gap=1.0)
    plain = photo.resize((side, side), Image.Resampling.BICUBIC)
    edges = np.asarray(boxed, np.float32) - np.asarray(plain, np.float32)
    edges = torch.from_numpy(edges).permute(2, 0, 1)[None]
    changes.append(edges / edges.abs().mean().clamp(min=0.1))
    changes.append(torch.full(exact.shape, 0.1))
    return torch.cat([exact + change / 255 / std for change in changes])
