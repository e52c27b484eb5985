"""BLIP for Spark: columns by ``DataFrame.mapInPandas``.

    from swift_blip.spark import with_captions

    pictures = spark.read.format("binaryFile").load("photos/")
    with_captions(pictures, picture="content", model="Salesforce/blip-vqa-base") \\
        .drop("content").write.parquet("captions/")

A Python process of Spark's drives one worker, which it keeps from task to task. A worker that is killed is
started anew and its batch repeated; a task that is killed is Spark's to start anew. Either way every picture has
one row. Set ``spark.task.cpus`` to the threads that a worker is to have.
"""

from __future__ import annotations

import atexit
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ._columns import (
    COLUMNS,
    Settings,
    TableWorker,
    Task,
    TaskArguments,
    check_names,
    settings,
)

if TYPE_CHECKING:
    import pandas
    from pyspark.sql import DataFrame
    from typing_extensions import Unpack

_workers: dict[Settings, TableWorker] = {}


def with_captions(
    frame: DataFrame,
    picture: str = "path",
    model: str | None = None,
    **arguments: Unpack[TaskArguments],
) -> DataFrame:
    """Adds ``caption``, ``score`` and ``error``; takes the arguments of :func:`with_blip`."""
    return with_blip(frame, "caption", picture, model, **arguments)


def with_blip(
    frame: DataFrame,
    task: Task = "caption",
    picture: str = "path",
    model: str | None = None,
    **arguments: Unpack[TaskArguments],
) -> DataFrame:
    """Adds what a model finds to a table; a picture that fails has ``error``, and nothing in the others.

    Args:
        frame: has a column of paths (as the executors see them; ``file:`` is taken off) or of files' bytes.
        task: ``caption``, ``ask``, ``match`` or ``embed``.
        picture: the column.
        model: as :class:`swift_blip.Model` takes it.
        arguments: as :class:`swift_blip.ray.Blip` takes them.
    """
    from pyspark.sql import types

    chosen = settings(task, model, **arguments)
    check_names(task, frame.columns)
    kinds = {
        "text": types.StringType(),
        "number": types.FloatType(),
        "numbers": types.ArrayType(types.FloatType()),
    }
    schema = types.StructType(list(frame.schema.fields))
    for name, kind in {**COLUMNS[task], "error": "text"}.items():
        schema = schema.add(name, kinds[kind])

    def add(batches: Iterator[pandas.DataFrame]) -> Iterator[pandas.DataFrame]:
        import pandas

        def pictures(batch: pandas.DataFrame) -> list[Any]:
            return [_local(value) for value in batch[picture]]

        for batch, found in _worker(chosen).stream(batches, pictures):
            added = {name: pandas.Series(v, dtype=object, index=batch.index) for name, v in found.items()}
            yield batch.assign(**added)

    return frame.mapInPandas(add, schema)


def _worker(chosen: Settings) -> TableWorker:
    """One a process, which Spark uses for one task after another."""
    worker = _workers.get(chosen)
    if worker is None:
        for other in _workers.values():
            other.close()
        _workers.clear()
        worker = _workers[chosen] = TableWorker(chosen)
    return worker


def _local(value: Any) -> Any:
    return value[len("file:") :] if isinstance(value, str) and value.startswith("file:") else value


@atexit.register
def _close() -> None:
    for worker in _workers.values():
        worker._forget()
