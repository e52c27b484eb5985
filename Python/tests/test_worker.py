"""`blip worker` without this package: the driver in C, and streams that are no frames."""

import json
import os
import shutil
import subprocess

import pytest

from swift_blip import WorkerError
from swift_blip._program import environment, find_program
from swift_blip._worker import Worker

from conftest import ROOT


@pytest.mark.skipif(shutil.which("cc") is None, reason="there is no C compiler")
def test_the_driver_in_c(samples, tmp_path):
    driver = tmp_path / "caption"
    source = ROOT / "Examples/worker/caption.c"
    subprocess.run(["cc", "-Wall", "-Wextra", "-Werror", "-std=gnu11", "-o", driver, source], check=True)
    odd = tmp_path / 'a "b\\\n.png'
    shutil.copy(samples[0], odd)
    paths = [*samples, tmp_path / "none.png", odd]
    done = subprocess.run(
        [driver, find_program(), *paths], stdout=subprocess.PIPE, env=environment(), check=True
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == list(range(1, len(paths) + 1))
    assert answers[-2]["code"] == "missingFile"
    assert answers[-1]["captions"][0]["caption"] == answers[0]["captions"][0]["caption"]


@pytest.mark.parametrize(
    ("stream", "words"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", b"bytes of JSON"),
        (b"\0\0\0\2\xff\xff\xff\xff{}", b"4294967295 bytes behind its JSON"),
        (b"\0\0\0\2\0\0\0\0{", b"in the middle of one"),
    ],
)
def test_streams_that_are_no_frames(stream, words):
    done = subprocess.run(
        [find_program(), "worker"], input=stream, capture_output=True, env=environment(), timeout=120
    )
    assert done.returncode == 64
    # As a frame, and as a line.
    assert words in done.stdout and words in done.stderr


def test_nobody_reads():
    reading, writing = os.pipe()
    worker = subprocess.Popen(
        [find_program(), "worker"], stdin=subprocess.PIPE, stdout=writing, stderr=subprocess.PIPE,
        env=environment(),
    )
    os.close(writing)
    os.close(reading)
    # Its input stays open.
    assert worker.wait(timeout=120) == 73
    assert b"Standard output cannot be written to" in worker.stderr.read()
    worker.stdin.close()


def test_another_program():
    with pytest.raises(WorkerError, match="no blip worker"):
        Worker(["cat"])
    for text in ("xx", "[]"):
        with pytest.raises(WorkerError, match="no blip worker"):
            Worker(["sh", "-c", rf"printf '\0\0\0\2\0\0\0\0{text}'; cat >/dev/null"])
