"""BLIP for Ray Data: a class for ``Dataset.map_batches``.

    import ray
    from swift_blip.ray import Blip

    pictures = ray.data.read_binary_files("photos/", include_paths=True)
    pictures.map_batches(
        Blip, fn_constructor_kwargs={"picture": "bytes", "model": "Salesforce/blip-vqa-base"},
        compute=ray.data.ActorPoolStrategy(
            size=4, max_concurrent_calls_per_actor=2, enable_true_multi_threading=True
        ),
        num_cpus=2, batch_size=64,
    ).drop_columns(["bytes"]).write_parquet("captions/")

Each actor drives one worker. With two calls at a time it has pictures while a batch's last captions are written; leave
the two options out where an older Ray does not know them. A worker that is killed is started anew and its batch
repeated; an actor that is killed is Ray's to start anew. Either way every picture has one row.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._columns import TableWorker, Task, TaskArguments, check_names, settings

if TYPE_CHECKING:
    from typing_extensions import Unpack


class Blip:
    """Adds what a model finds to batches in Ray's default format, ``{"column": array}``.

    Args:
        task: ``caption``, ``ask``, ``match`` or ``embed``; see the columns below.
        picture: the column with paths, files' bytes, or arrays of pixels.
        model: as :class:`swift_blip.Model` takes it.
        arguments: ``question`` and ``answers`` (a closed list) of ask, ``text`` of match, ``prompt`` of caption;
            ``options`` of captions and answers, as :class:`swift_blip.GenerationOptions` has them; ``runtime`` of
            the model: ``device``, ``precision``, ``threads``, ``program``, ``arguments``. Give as many ``threads``
            as ``num_cpus``.

    Columns:
        ``caption`` and ``score``; ``answer`` and ``score``; ``match_probability`` and ``similarity``; or
        ``embedding``. And ``error``, empty where there was none. Of a picture that failed texts are empty, numbers NaN
        and vectors zero.
    """

    def __init__(
        self,
        task: Task = "caption",
        picture: str = "path",
        model: str | None = None,
        **arguments: Unpack[TaskArguments],
    ) -> None:
        self._task = task
        self._picture = picture
        self._worker = TableWorker(settings(task, model, **arguments))

    def __call__(self, batch: dict[str, Any]) -> dict[str, Any]:
        import numpy as np

        if self._picture not in batch:
            raise KeyError(
                f"The batch has no column {self._picture!r}, only {', '.join(batch)}; name one as picture."
            )
        check_names(self._task, batch)
        found = self._worker.columns(list(batch[self._picture]))
        result = dict(batch)
        for name, values in found.items():
            if name == "embedding":
                result[name] = self._vectors(values)
            elif name in ("caption", "answer", "error"):
                # Of one type in every batch.
                result[name] = np.array([value or "" for value in values], dtype=object)
            else:
                numbers = [float("nan") if value is None else value for value in values]
                result[name] = np.array(numbers, dtype=np.float32)
        return result

    def __del__(self) -> None:
        worker = getattr(self, "_worker", None)
        if worker is not None:
            worker._forget()

    def _vectors(self, values: list[list[float] | None]) -> Any:
        """An array of vectors; those of pictures that failed are zero."""
        import numpy as np

        # Of one shape in every batch, one without any vector too.
        width = next((len(vector) for vector in values if vector), None)
        width = self._worker.width() if width is None else width
        rows = [vector or [0.0] * width for vector in values]
        return np.array(rows, dtype=np.float32).reshape(len(rows), width)
