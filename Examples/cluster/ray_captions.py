"""Captions by Ray Data, from a folder, a parquet file or WebDataset's tar files, into parquet.

    python ray_captions.py folder photos/ captions/
    python ray_captions.py parquet pictures.parquet captions/ --column url
    python ray_captions.py webdataset 'shards/*.tar' captions/ --column jpg
"""

from __future__ import annotations

import argparse
import glob
import http.client
import os
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import ray
import ray.data

from swift_blip.ray import Blip

ENDINGS = {".jpg", ".jpeg", ".png", ".webp", ".gif", ".tif", ".tiff"}


def pictures(kind: str, source: str, column: str | None) -> tuple[ray.data.Dataset, str]:
    """The pictures, and the column that has them."""
    if kind == "folder":
        # Paths alone: each worker reads its own, so all nodes must see the folder.
        paths = sorted(str(p) for p in Path(source).rglob("*") if p.suffix.lower() in ENDINGS)
        return ray.data.from_items([{"path": path} for path in paths], override_num_blocks=blocks(len(paths))), "path"
    if kind == "parquet":
        data = ray.data.read_parquet(source)
        if column == "url":
            return data.map_batches(fetch, batch_size=64), "bytes"
        return data, column or "bytes"
    data = ray.data.read_webdataset(sorted(glob.glob(source)), decoder=None)
    return data, column or "jpg"


def blocks(rows: int) -> int:
    """What is done again where a node is lost is a block, so that they are not to be large."""
    return max(1, min(10_000, rows // 64))


def fetch(batch: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Replaces addresses by what is there; what cannot be had has no bytes, and becomes an error."""

    def get(url: str) -> bytes:
        try:
            with urllib.request.urlopen(url, timeout=30) as response:
                return response.read()
        # An empty or malformed address, and an answer that is cut off, among them.
        except (OSError, ValueError, AttributeError, http.client.HTTPException):
            return b""

    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(get, batch["url"]))
    return {**batch, "bytes": np.array(found, dtype=object)}


def write_captions(
    kind: str, source: str, out: str, column: str | None = None, model: str | None = None,
    workers: int = 2, threads: int = 1, runtime: dict | None = None, batch_size: int = 64,
) -> None:
    """Captions all pictures, as many workers as there are; Ray writes the parquet."""
    data, picture = pictures(kind, source, column)
    captions = data.map_batches(
        Blip,
        fn_constructor_kwargs={
            "picture": picture, "model": model, "runtime": {"threads": threads, **(runtime or {})},
        },
        # Two batches at a time: between two of one the worker would wait.
        compute=ray.data.ActorPoolStrategy(
            size=workers, max_concurrent_calls_per_actor=2, enable_true_multi_threading=True
        ),
        num_cpus=threads,
        batch_size=batch_size,
    )
    if picture != "path":
        captions = captions.drop_columns([picture])
    captions.write_parquet(os.path.abspath(out))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kind", choices=["folder", "parquet", "webdataset"])
    parser.add_argument("source")
    parser.add_argument("out")
    parser.add_argument("--column", help="url, or the column with the files' bytes")
    parser.add_argument("--model")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--threads", type=int, default=1)
    write_captions(**vars(parser.parse_args()))
