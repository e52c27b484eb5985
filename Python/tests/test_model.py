"""A model as users have it: every task, every form of a picture, and what goes wrong."""

import asyncio
import gc
import os
import signal
import subprocess
import threading
import time
from concurrent.futures import Future
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import PIL.Image
import pytest

import swift_blip
from swift_blip._worker import Worker

FOUR_DOGS = "four dogs on a yellow background"
MANY_DOGS = "how many dogs are there?"


def test_version_is_the_programs():
    version = Path(__file__).parents[2] / "Sources/BlipCommandSupport/Version.swift"
    assert f'"{swift_blip.__version__}"' in version.read_text()


def test_caption(model, dogs):
    caption = model.caption(dogs)
    assert str(caption) == caption.text == FOUR_DOGS
    assert caption.score < 0
    assert caption.token_ids and caption.timing.total > 0
    several = model.caption(dogs, beams=3, count=3, max_length=12)
    assert len(several.alternatives) == 2
    assert several.score >= several.alternatives[0].score
    assert model.caption(dogs, prompt="four").text.startswith("four")


def test_every_form_of_a_picture(model, dogs):
    image = PIL.Image.open(dogs)
    array = np.asarray(image.convert("RGB"))
    grey = np.asarray(image.convert("L"))
    forms = [str(dogs), dogs.read_bytes(), bytearray(dogs.read_bytes()), image, array]
    forms.append(np.asarray(image.convert("RGBA")))
    assert [model.caption(form).text for form in forms] == [FOUR_DOGS] * len(forms)
    assert model.caption(grey).text


def test_pil_images_are_upright(model, dogs, tmp_path):
    turned = PIL.Image.open(dogs).convert("RGB").rotate(90, expand=True)
    exif = turned.getexif()
    exif[0x0112] = 6
    path = tmp_path / "turned.png"
    turned.save(path, exif=exif)
    assert model.embed(path).values == model.embed(PIL.Image.open(path)).values


def test_ask(model, dogs):
    answer = model.ask(dogs, MANY_DOGS)
    assert (answer.question, answer.text) == (MANY_DOGS, "4")
    both = model.ask(dogs, [MANY_DOGS, "what color is the background?"])
    assert [answer.text for answer in both] == ["4", "yellow"]
    ranked = model.ask(dogs, MANY_DOGS, answers=["2", "4"])
    assert [rank.text for rank in ranked.ranking] == ["4", "2"]
    assert ranked.score is None
    with pytest.raises(swift_blip.RequestError, match="compat"):
        model.ask(dogs, MANY_DOGS, compat="mine")


def test_match_and_embed(model, dogs):
    fitting, other = model.match(dogs, [FOUR_DOGS, "two cats"])
    assert fitting.probability > other.probability
    text = model.embed_texts([FOUR_DOGS])[0]
    picture = model.embed(dogs)
    assert picture.cosine(text) == pytest.approx(fitting.similarity, abs=1e-5)
    assert np.linalg.norm(picture.numpy()) == pytest.approx(1, abs=1e-5)


def test_many_in_order(model, dogs, samples):
    paths = (samples * 40)[:150]
    alone = {path: model.caption(path).text for path in samples}
    assert [c.text for c in model.caption_all(paths)] == [alone[path] for path in paths]
    answers = model.ask_all(samples, MANY_DOGS)
    assert [a.text for a in answers] == [model.ask(path, MANY_DOGS).text for path in samples]
    assert all(isinstance(found, list) for found in model.match_all(samples, [FOUR_DOGS]))
    assert len(list(model.embed_all(samples))) == len(samples)


def test_many_are_bounded(model, dogs):
    taken = 0

    def endless():
        nonlocal taken
        while True:
            taken += 1
            yield dogs

    captions = model.caption_all(endless())
    for _ in range(3):
        next(captions)
    assert taken <= 2 * model.queue + 3
    captions.close()


def test_bad_pictures(model, dogs, tmp_path):
    text = tmp_path / "notes.png"
    text.write_text("no picture")
    for picture, code in [(tmp_path / "none.png", "missingFile"), (text, "unknownFormat"), (b"", "empty")]:
        with pytest.raises(swift_blip.PictureError) as caught:
            model.caption(picture)
        assert caught.value.code == code
    found = list(model.caption_all([dogs, text, 7, dogs], errors="return"))
    assert [type(element) for element in found] == [
        swift_blip.Caption, swift_blip.PictureError, swift_blip.RequestError, swift_blip.Caption,
    ]
    captions = model.caption_all([dogs, text, dogs])
    assert next(captions).text == FOUR_DOGS
    with pytest.raises(swift_blip.PictureError, match="notes.png"):
        next(captions)
    for array in [np.zeros((4, 4, 3), np.float32), np.zeros((4, 4, 5), np.uint8)]:
        with pytest.raises(TypeError, match="array"):
            model.caption(array)
    with pytest.raises(swift_blip.RequestError, match="beams"):
        model.caption(dogs, beams=-1)
    assert model.caption(dogs).text == FOUR_DOGS


def test_names_that_are_not_utf8(model, dogs, tmp_path):
    path = os.fsencode(tmp_path) + b"/caf\xe9.png"
    with open(path, "wb") as file:
        file.write(dogs.read_bytes())
    assert model.caption(os.fsdecode(path)).text == FOUR_DOGS


def test_threads(model, samples):
    alone = {path: model.caption(path).text for path in samples}
    wrong = []

    def work():
        for path in samples:
            if model.caption(path).text != alone[path]:
                wrong.append(path)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_close_ends_the_process(dogs):
    model = swift_blip.Model("demo")
    pid = model._worker.process_id
    with model:
        assert model.tasks == {"caption", "ask", "match", "embed"}
        assert model.name == "demo"
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    with pytest.raises(swift_blip.WorkerError, match="closed"):
        model.caption(dogs)


def test_a_killed_worker(dogs):
    model = swift_blip.Model("demo")
    os.kill(model._worker.process_id, signal.SIGKILL)
    with pytest.raises(swift_blip.WorkerError, match="signal 9"):
        for _ in range(100):
            model.caption(dogs)
    model.close()


def test_the_worker_ends_with_its_driver(dogs):
    script = (
        "import os, signal, swift_blip\n"
        "model = swift_blip.Model('demo')\n"
        "print(model._worker.process_id, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    driver = subprocess.run(["python3", "-c", script], stdout=subprocess.PIPE, env=_environment())
    _wait_for_end_of(int(driver.stdout))


def _wait_for_end_of(pid):
    for _ in range(600):
        if _state_of(pid) in (None, "Z"):
            return
        threading.Event().wait(0.1)
    pytest.fail("the worker runs on")


def _state_of(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")")[-1].split()[0]
    except FileNotFoundError:
        return None


@pytest.fixture
def interrupted(dogs):
    """Runs a script with a model, and interrupts its process group as terminals and notebooks do."""
    drivers = []

    def run(script):
        begin = (
            "import signal, swift_blip\n"
            # A shell may have it ignored.
            "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
            "model = swift_blip.Model('demo', precision='f32')\n"
            "print(model._worker.process_id, flush=True)\n"
            f"dogs = {str(dogs)!r}\n"
        )
        driver = subprocess.Popen(
            ["python3", "-c", begin + script], stdout=subprocess.PIPE, env=_environment(), text=True,
            start_new_session=True,
        )
        drivers.append(driver)
        pid = int(driver.stdout.readline())
        assert driver.stdout.readline() == "ready\n"
        os.killpg(driver.pid, signal.SIGINT)
        return driver, pid

    yield run
    for driver in drivers:
        driver.kill()
        driver.wait()
        driver.stdout.close()


def test_an_interrupt_leaves_the_worker(interrupted):
    driver, pid = interrupted(
        "import time\n"
        "try:\n"
        "    print('ready', flush=True)\n"
        "    while True:\n"
        "        time.sleep(0.1)\n"
        "except KeyboardInterrupt:\n"
        "    print(model.caption(dogs).text, flush=True)\n"
        "model.close()\n"
    )
    assert driver.communicate(timeout=120)[0] == FOUR_DOGS + "\n"
    assert driver.returncode == 0
    _wait_for_end_of(pid)


def test_an_interrupted_script_leaves_no_worker(interrupted):
    driver, pid = interrupted(
        "import itertools\n"
        "for number, _ in enumerate(model.caption_all(itertools.repeat(dogs))):\n"
        "    if number == 3:\n"
        "        print('ready', flush=True)\n"
    )
    driver.communicate(timeout=120)
    assert driver.returncode == -signal.SIGINT
    _wait_for_end_of(pid)


def _environment():
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}


def test_what_cannot_begin(monkeypatch, tmp_path):
    with pytest.raises(swift_blip.WorkerError, match="no-such-model"):
        swift_blip.Model("/no-such-model")
    with pytest.raises(swift_blip.WorkerError, match="cannot be started"):
        swift_blip.Model(program=str(tmp_path / "nothing"))
    monkeypatch.setenv("SWIFT_BLIP_PROGRAM", "/nowhere/blip")
    with pytest.raises(swift_blip.ProgramNotFoundError, match="/nowhere/blip"):
        swift_blip.Model("demo")
    monkeypatch.delenv("SWIFT_BLIP_PROGRAM")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(swift_blip.ProgramNotFoundError, match="PATH"):
        swift_blip.Model("demo")


def test_async(dogs, tmp_path):
    async def run():
        async with swift_blip.AsyncModel("demo", precision="f32") as model:
            captions = await asyncio.gather(*(model.caption(dogs) for _ in range(20)))
            assert {caption.text for caption in captions} == {FOUR_DOGS}
            assert (await model.ask(dogs, MANY_DOGS)).text == "4"
            assert (await model.match(dogs, FOUR_DOGS)).probability > 0.5
            vectors = await asyncio.gather(model.embed(dogs), model.embed_texts([FOUR_DOGS]))
            assert len(vectors[0]) == len(vectors[1][0])
            found = [
                type(element)
                async for element in model.caption_all([dogs, tmp_path / "none"], errors="return")
            ]
            assert found == [swift_blip.Caption, swift_blip.PictureError]

    asyncio.run(run())


def test_errors_cross_processes():
    import pickle

    error = pickle.loads(pickle.dumps(swift_blip.PictureError("a sentence", "damaged")))
    assert (type(error), str(error), error.code) == (
        swift_blip.PictureError, "a sentence", "damaged",
    )


def test_what_no_frame_can_hold_is_one_requests_error(model, dogs, monkeypatch):
    monkeypatch.setitem(model._worker.hello, "max_payload_bytes", 100_000)
    for ask, words in [
        (lambda: model.caption(np.zeros((400, 400, 3), np.uint8)), "480000 bytes of the picture"),
        (lambda: model.match(dogs, ["dog " * 300_000]), "texts and options"),
        (lambda: model.caption(dogs, temperature=float("nan")), "finite"),
        (lambda: model.caption(dogs, beams=np.int64(3)), "cannot be sent"),
        (lambda: model.caption(dogs, prompt="\udc80"), "cannot be sent"),
    ]:
        with pytest.raises(swift_blip.RequestError, match=words):
            ask()
    with pytest.raises(TypeError, match="no option beam;"):
        model.caption(dogs, beam=3)
    # The file's bytes, every second of a buffer's.
    spread = bytes(byte for byte in dogs.read_bytes() for _ in range(2))
    assert model.caption(memoryview(spread)[::2]).text == FOUR_DOGS


def test_pil_images_whose_files_are_cut_off(model, dogs, tmp_path):
    path = tmp_path / "cut.png"
    path.write_bytes(dogs.read_bytes()[:2_000])
    found = list(model.caption_all([PIL.Image.open(path), dogs], errors="return"))
    assert [type(element) for element in found] == [swift_blip.PictureError, swift_blip.Caption]
    assert "cut.png" in str(found[0])


def test_a_fork_takes_no_answers(model, dogs):
    child = os.fork()
    if child == 0:
        status = 1
        try:
            model.caption(dogs)
        except swift_blip.WorkerError as error:
            status = 0 if "forked" in str(error) else 2
        finally:
            model._worker.close()
            os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    assert model.caption(dogs).text == FOUR_DOGS


def test_a_fork_keeps_no_worker_alive():
    model = swift_blip.Model("demo", precision="f32")
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(writing)
        os.read(reading, 1)
        os._exit(0)
    try:
        model.close()
        # Ended by itself, and not killed since it saw no end.
        assert model._worker._process.returncode == 0
    finally:
        os.close(writing)
        os.close(reading)
        os.waitpid(child, 0)


def test_a_frame_that_is_interrupted_ends_the_worker(dogs, monkeypatch):
    def interrupted(stream, text, payload=b""):
        stream.write(b"\0\0")
        raise KeyboardInterrupt

    with swift_blip.Model("demo", precision="f32") as model:
        with monkeypatch.context() as patch:
            patch.setattr("swift_blip._worker.write_frame", interrupted)
            with pytest.raises(KeyboardInterrupt):
                model.caption(dogs)
        with pytest.raises(swift_blip.WorkerError, match="interrupted while it was sent"):
            model.caption(dogs)


def test_what_nobody_waits_for_holds_no_end_up(dogs):
    def some():
        yield from [dogs] * 5
        raise LookupError

    model = swift_blip.Model("demo", precision="f32")
    model.caption(dogs)
    os.kill(model._worker.process_id, signal.SIGSTOP)
    with pytest.raises(LookupError):
        list(model.caption_all(some()))
    start = time.monotonic()
    model.close()
    assert time.monotonic() - start < 30
    assert model._worker._process.returncode == -signal.SIGKILL


def test_async_models_after_their_end(dogs):
    async def run():
        async with swift_blip.AsyncModel("demo", precision="f32") as model:
            await model.caption(dogs)
            await model.close()
            with pytest.raises(swift_blip.WorkerError, match="closed"):
                await model.caption(dogs)
        unopened = swift_blip.AsyncModel("demo")
        await unopened.close()
        with pytest.raises(swift_blip.WorkerError, match="closed"):
            await unopened.open()

    asyncio.run(run())


def test_async_errors_are_elements_too(dogs, tmp_path):
    told = []

    async def run():
        asyncio.get_running_loop().set_exception_handler(lambda _, context: told.append(context))
        async with swift_blip.AsyncModel("demo", precision="f32") as model:
            found = [
                type(element) async for element in model.caption_all([dogs, 7, None], errors="return")
            ]
            assert found == [swift_blip.Caption, swift_blip.RequestError, swift_blip.RequestError]
            with pytest.raises(swift_blip.PictureError):
                async for _ in model.caption_all([tmp_path / "none", tmp_path / "none"]):
                    pass
            with pytest.raises(ValueError, match="errors"):
                await anext(model.caption_all([dogs], errors="ignore"))
        gc.collect()

    asyncio.run(run())
    assert not told


def test_a_request_that_is_left_while_it_is_sent(monkeypatch):
    sending, goes_on = threading.Event(), threading.Event()
    future, abandoned = Future(), set()

    class SlowModel:
        _worker = SimpleNamespace(abandon=abandoned.update)

        def __init__(self, **arguments):
            pass

        def _submit(self, request):
            sending.set()
            goes_on.wait()
            return future

        def close(self):
            pass

    async def run():
        model = swift_blip.AsyncModel("demo")
        task = asyncio.create_task(model.caption("none.png"))
        await asyncio.to_thread(sending.wait)
        task.cancel()
        await asyncio.wait([task])
        goes_on.set()
        await model.close()

    monkeypatch.setattr("swift_blip._async.Model", SlowModel)
    asyncio.run(run())
    assert abandoned == {future}


def test_async_forms_of_all(model, dogs):
    question, texts = "how many dogs are there?", ["four dogs", "a cat"]

    async def pictures():
        yield dogs
        yield None
        yield dogs

    async def run():
        async with swift_blip.AsyncModel("demo", precision="f32") as other:
            assert (await other.ask(dogs, [question]))[0].text == model.ask(dogs, question).text
            assert [m.text for m in await other.match(dogs, texts)] == texts
            for found, expected in (
                (other.caption_all(pictures(), errors="return"), model.caption(dogs)),
                (other.ask_all(pictures(), question, errors="return"), model.ask(dogs, question)),
                (other.ask_all(pictures(), [question], errors="return"), model.ask(dogs, [question])),
                (other.match_all(pictures(), texts, errors="return"), model.match(dogs, texts)),
                (other.match_all(pictures(), texts[0], errors="return"), model.match(dogs, texts[0])),
            ):
                elements = [element async for element in found]
                assert isinstance(elements[1], swift_blip.RequestError)
                assert texts_of(elements[0]) == texts_of(elements[2]) == texts_of(expected)
            vectors = [vector async for vector in other.embed_all([dogs, dogs])]
            assert vectors[0].cosine(model.embed(dogs)) > 0.9999

    def texts_of(found):
        return [element.text for element in (found if isinstance(found, list) else [found])]

    asyncio.run(run())


def test_async_models_that_are_opened_twice_at_once():
    async def run():
        model = swift_blip.AsyncModel("demo", precision="f32")
        first, second = await asyncio.gather(model.open(), model.open())
        assert first is second
        await model.close()

    asyncio.run(run())


def test_pil_images_of_more_than_eight_bits_are_refused(model):
    for mode in ["I;16", "I", "F"]:
        with pytest.raises(swift_blip.PictureError, match="mode " + mode):
            model.caption(PIL.Image.new(mode, (8, 8)))


#: More bytes than a pipe holds.
LARGE = np.zeros((1_000, 1_000, 3), np.uint8)


def _stop(worker):
    os.kill(worker.process_id, signal.SIGSTOP)
    while _state_of(worker.process_id) != "T":
        time.sleep(0.01)


def test_close_behind_a_worker_that_takes_nothing(dogs, monkeypatch):
    monkeypatch.setattr(Worker, "PATIENCE", 1)
    model = swift_blip.Model("demo", precision="f32")
    worker = model._worker
    _stop(worker)
    failed = []

    def send():
        try:
            model.caption(LARGE)
        except swift_blip.WorkerError as error:
            failed.append(error)

    sender = threading.Thread(target=send)
    sender.start()
    while not worker._writing.locked():
        time.sleep(0.01)
    model.close()
    sender.join()
    assert worker._process.returncode == -signal.SIGKILL
    assert len(failed) == 1


@pytest.mark.parametrize("is_cancelled", [False, True])
def test_async_close_behind_a_worker_that_takes_nothing(dogs, monkeypatch, is_cancelled):
    if not is_cancelled:
        monkeypatch.setattr(Worker, "PATIENCE", 1)

    async def run():
        model = swift_blip.AsyncModel("demo", precision="f32")
        await model.caption(dogs)
        worker = model._worker
        _stop(worker)
        sending = asyncio.create_task(model.caption(LARGE))
        while not worker._writing.locked():
            await asyncio.sleep(0.01)
        if is_cancelled:
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(model.close(), 0.1)
        else:
            await model.close()
        with pytest.raises(swift_blip.WorkerError):
            await sending
        return worker._process

    assert asyncio.run(run()).wait(timeout=120) == -signal.SIGKILL


def test_async_close_behind_an_opening_that_hangs(monkeypatch, tmp_path):
    monkeypatch.setattr(Worker, "PATIENCE", 1)
    program = tmp_path / "blip"
    program.write_text("#!/bin/sh\nexec sleep 1000\n")
    program.chmod(0o755)

    async def run():
        model = swift_blip.AsyncModel("demo", program=str(program))
        opening = asyncio.create_task(model.open())
        while model._worker is None and not opening.done():
            await asyncio.sleep(0.01)
        await model.close()
        with pytest.raises(swift_blip.WorkerError, match="signal 9"):
            await opening

    asyncio.run(run())
