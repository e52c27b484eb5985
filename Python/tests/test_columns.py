"""Columns, as Ray and Spark have them: workers that are killed, and a picture that ends them."""

import os
import signal

import numpy as np
import pytest

import swift_blip
from swift_blip._columns import StartError, TableWorker, settings
from swift_blip.ray import Blip

RUNTIME = {"precision": "f32"}


def chosen(task="caption", model="demo", **arguments):
    return settings(task, model, **{"runtime": RUNTIME, **arguments})


def kill(model: swift_blip.Model) -> None:
    os.kill(model._worker.process_id, signal.SIGKILL)


class FragileModel(swift_blip.Model):
    """Its process is killed when it is given a picture of a certain name."""

    def _submit(self, request):
        future = super()._submit(request)
        if request.message.get("path", "").endswith("poison.png"):
            kill(self)
        return future


def test_a_worker_that_is_killed_between_batches(samples):
    worker = TableWorker(chosen())
    before = worker.columns(samples)
    kill(worker._model)
    assert worker.columns(samples) == before
    assert all(before["caption"]) and not any(before["error"])
    worker.close()


def test_a_picture_that_ends_workers(samples, tmp_path):
    poison = tmp_path / "poison.png"
    poison.write_bytes(samples[0].read_bytes())
    worker = TableWorker(chosen(), lambda: FragileModel("demo", **RUNTIME))
    found = worker.columns([samples[0], poison, samples[1]])
    assert found["caption"][0] and found["caption"][2]
    assert found["caption"][1] is None
    assert "The worker ended while it had this picture" in found["error"][1]
    worker.close()


def test_a_picture_that_ends_the_worker_of_other_batches_too(samples, tmp_path):
    poison = tmp_path / "poison.png"
    poison.write_bytes(samples[0].read_bytes())
    worker = TableWorker(chosen(), lambda: FragileModel("demo", **RUNTIME))
    batches = [[samples[0], poison], samples, samples, [poison], samples]
    found = [columns for _, columns in worker.stream(batches, lambda batch: batch)]
    assert len(found) == len(batches)
    for batch, columns in zip(batches, found):
        assert [caption is None for caption in columns["caption"]] == [picture is poison for picture in batch]
        assert [error is not None for error in columns["error"]] == [picture is poison for picture in batch]
    worker.close()


@pytest.mark.parametrize(("rows", "ahead"), [(1, 2), (TableWorker.SMALL + 1, 1)])
def test_one_small_batch_ahead_and_no_large_one(samples, rows, ahead):
    taken = []

    def batches():
        for number in range(4):
            taken.append(number)
            yield number

    worker = TableWorker(chosen())
    found = []
    for batch, columns in worker.stream(batches(), lambda _: [None] * rows):
        found.append(batch)
        assert len(columns["error"]) == rows
        assert len(taken) <= len(found) - 1 + ahead
    assert found == [0, 1, 2, 3]
    worker.close()


def test_workers_that_are_killed_again_and_again(samples):
    deaths = iter(range(TableWorker.ATTEMPTS + 1))

    class MortalModel(swift_blip.Model):
        def _submit(self, request):
            future = super()._submit(request)
            if next(deaths, None) is not None:
                kill(self)
            return future

    worker = TableWorker(chosen(), lambda: MortalModel("demo", **RUNTIME))
    found = worker.columns(samples[:1])
    assert found["caption"][0] and found["error"] == [None]
    worker.close()


def test_what_cannot_begin_is_no_pictures_fault(samples):
    with pytest.raises(StartError, match="no-such-model"):
        TableWorker(chosen(model="/no-such-model")).columns(samples)


def test_every_task_in_rays_batches(samples, tmp_path):
    paths = np.array([*map(str, samples), str(tmp_path / "none.png")], dtype=object)
    batch = {"path": paths, "row": np.arange(len(paths))}
    question = "how many dogs are there?"
    for arguments, names in [
        ({}, ["caption", "score"]),
        ({"task": "ask", "question": question}, ["answer", "score"]),
        ({"task": "ask", "question": question, "answers": ["2", "4"]}, ["answer", "score"]),
        ({"task": "match", "text": "two cats"}, ["match_probability", "similarity"]),
        ({"task": "embed"}, ["embedding"]),
    ]:
        blip = Blip(model="demo", runtime=RUNTIME, **arguments)
        found = blip(batch)
        assert list(found) == ["path", "row", *names, "error"]
        assert all(len(column) == len(paths) for column in found.values())
        assert not any(found["error"][:-1]) and "none.png" in found["error"][-1]
        del blip
    with pytest.raises(KeyError, match="no column 'bytes'"):
        Blip(picture="bytes", model="demo")(batch)
    with pytest.raises(ValueError, match="needs a question"):
        Blip(task="ask")


def test_batches_without_a_vector_have_the_others_shape(samples, tmp_path):
    blip = Blip(task="embed", model="demo", runtime=RUNTIME)
    found, none, empty = (
        blip({"path": np.array(paths, dtype=object)})["embedding"]
        for paths in ([str(samples[0])], [str(tmp_path / "none.png"), None], [])
    )
    assert len(none) == 2 and not none.any() and len(empty) == 0
    assert found.shape[1:] == none.shape[1:] == empty.shape[1:] and found.shape[1] > 0


def test_columns_that_are_there_already():
    batch = {"path": np.array([], dtype=object), "Score": np.array([])}
    with pytest.raises(ValueError, match="column 'Score' already"):
        Blip(model="demo")(batch)
    assert Blip(task="embed", model="demo", runtime=RUNTIME)(batch)["Score"] is batch["Score"]


def test_answers_that_are_no_list():
    with pytest.raises(TypeError, match="no argument prompts; those of a task are question"):
        chosen(prompts="a picture of")
    with pytest.raises(TypeError, match="list of texts"):
        chosen("ask", question="is it day?", answers="yes")
    with pytest.raises(ValueError, match="empty"):
        chosen("ask", question="is it day?", answers=[])
