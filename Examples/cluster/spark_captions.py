"""Captions by Spark, from a folder, a parquet file or WebDataset's tar files, into parquet.

    spark-submit spark_captions.py folder photos/ captions/
    spark-submit spark_captions.py parquet pictures.parquet captions/ --column url
    spark-submit spark_captions.py webdataset shards/ captions/ --column jpg
"""

from __future__ import annotations

import argparse
import http.client
import io
import tarfile
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pandas
from pyspark.sql import DataFrame, SparkSession

from swift_blip.spark import with_captions

ENDINGS = {".jpg", ".jpeg", ".png", ".webp", ".gif", ".tif", ".tiff"}


def pictures(
    spark: SparkSession, kind: str, source: str, column: str | None
) -> tuple[DataFrame, str]:
    """The pictures, and the column that has them."""
    if kind == "folder":
        # Paths alone: each worker reads its own, so all executors must see the folder. Absolute ones, since executors
        # have other working directories.
        files = Path(source).absolute().rglob("*")
        paths = sorted(str(path) for path in files if path.suffix.lower() in ENDINGS)
        if not paths:
            raise SystemExit(f"{source} has no pictures; give a folder that this machine sees.")
        return spark.createDataFrame(pandas.DataFrame({"path": paths}, dtype=str), "path string"), "path"
    if kind == "parquet":
        data = spark.read.parquet(source)
        if column == "url":
            schema = ", ".join(f"`{f.name}` {f.dataType.simpleString()}" for f in data.schema)
            return data.mapInPandas(fetch, f"{schema}, bytes binary"), "bytes"
        return data, column or "bytes"
    tars = spark.read.format("binaryFile").option("pathGlobFilter", "*.tar").load(source)
    members = tars.select("content").rdd.flatMap(lambda row: samples(row.content, column or "jpg"))
    return spark.createDataFrame(members, "__key__ string, bytes binary"), "bytes"


def fetch(batches: Iterator[pandas.DataFrame]) -> Iterator[pandas.DataFrame]:
    """Replaces addresses by what is there; what cannot be had has no bytes, and becomes an error."""

    def get(url: str) -> bytes:
        try:
            with urllib.request.urlopen(url, timeout=30) as response:
                return response.read()
        # An empty or malformed address, and an answer that is cut off, among them.
        except (OSError, ValueError, AttributeError, http.client.HTTPException):
            return b""

    with ThreadPoolExecutor(16) as pool:
        for batch in batches:
            yield batch.assign(bytes=list(pool.map(get, batch["url"])))


def samples(archive: bytes, ending: str) -> Iterator[tuple[str, bytes]]:
    """The pictures of a tar file, by the names before their endings."""
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        for member in tar:
            # As WebDataset does; `tar -C FOLDER .` writes "./" before names.
            folder, slash, name = member.name.rpartition("/")
            key, _, kind = name.partition(".")
            if member.isfile() and kind == ending:
                yield folder + slash + key, tar.extractfile(member).read()


def write_captions(
    spark: SparkSession, kind: str, source: str, out: str, column: str | None = None,
    model: str | None = None, parts: int | None = None, runtime: dict | None = None,
) -> None:
    """Captions all pictures; Spark writes the parquet."""
    data, picture = pictures(spark, kind, source, column)
    if parts:
        data = data.repartition(parts)
    captions = with_captions(data, picture, model=model, runtime=runtime)
    if picture != "path":
        captions = captions.drop(picture)
    captions.write.mode("overwrite").parquet(out)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kind", choices=["folder", "parquet", "webdataset"])
    parser.add_argument("source")
    parser.add_argument("out")
    parser.add_argument("--column", help="url, or the column with the files' bytes")
    parser.add_argument("--model")
    parser.add_argument("--parts", type=int, help="tasks that the pictures are divided into")
    write_captions(SparkSession.builder.getOrCreate(), **vars(parser.parse_args()))
