"""The engines of a cluster, with faults: Ray, Spark, parts of `blip caption --shard`, and Slurm where it is.

    cluster_engines.py PROGRAM [--pictures N] [--only ray,spark,shards,slurm] [--parts N] [--kills N]

Draws pictures, captions them by two workers without faults, and then by each engine while workers and whole
processes of the engine are killed with SIGKILL. Every picture must be there once, with the same caption.
"""

from __future__ import annotations

import argparse
import contextlib
import functools
import http.server
import io
import itertools
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import threading
import time
from collections import Counter
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT / "Python"), str(ROOT / "Examples/cluster")]
RUNTIME = {"precision": "f32", "threads": 1}
WORKERS = 2


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("program", type=os.path.abspath)
    parser.add_argument("--pictures", type=int, default=300)
    parser.add_argument("--only", default="shards,slurm,ray,spark")
    parser.add_argument("--forms", default="folder,bytes,url,jpg", help="of the pictures that Ray and Spark are given")
    parser.add_argument("--parts", type=int, default=6, help="of shards")
    parser.add_argument("--kills", type=int, default=6, help="of each engine's processes, in each run")
    arguments = parser.parse_args()
    os.environ |= {
        "SWIFT_BLIP_PROGRAM": arguments.program, "BLIP_MODEL": "demo", "RAY_DEDUP_LOGS": "0",
        # Workers of the engines import the package from here.
        "PYTHONPATH": os.pathsep.join(sys.path[:2]), "PYSPARK_PYTHON": sys.executable,
        "RAY_TRAIN_V2_ENABLED": "0", "RAY_USAGE_STATS_ENABLED": "0",
        # Ray's workers make way for all others (15), and starve where a machine has much else to do.
        "RAY_worker_niceness": "0", "RAY_worker_register_timeout_seconds": "900",
    }
    with tempfile.TemporaryDirectory(prefix="blip-cluster-") as folder:
        os.environ["XDG_CACHE_HOME"] = f"{folder}/cache"
        data = Data(Path(folder), arguments)
        for name in arguments.only.split(","):
            {"ray": test_ray, "spark": test_spark, "shards": test_shards, "slurm": test_slurm}[name](data)


class Data:
    """The pictures in every form, and what one worker says of them."""

    def __init__(self, folder: Path, arguments: argparse.Namespace) -> None:
        import pyarrow
        import pyarrow.parquet
        from PIL import Image

        import swift_blip

        self.parts, self.kills = arguments.parts, arguments.kills
        self.forms = arguments.forms.split(",")
        self.folder = folder
        self.pictures = folder / "pictures"
        self.pictures.mkdir()
        samples = [Image.open(path).convert("RGB") for path in sorted((ROOT / "Samples").glob("*.png"))]
        draw = random.Random(18)
        for number in range(arguments.pictures):
            image = draw.choice(samples)
            margin = [draw.randrange(0, image.width // 6) for _ in range(4)]
            box = (margin[0], margin[1], image.width - margin[2], image.height - margin[3])
            image.crop(box).resize((112, 112)).save(self.pictures / f"{number:06}.jpg", quality=90)
        for number in range(3):
            (self.pictures / f"broken-{number}.jpg").write_bytes(b"no picture %d" % number)
        self.names = sorted(path.name for path in self.pictures.iterdir())
        # Compiles the model, which the engines find in the cache too.
        self._captions(self.names[:1])
        # As many workers as the engines have, each with its share.
        shares = [self.names[part::WORKERS] for part in range(WORKERS)]
        start = time.monotonic()
        with ThreadPoolExecutor(WORKERS) as pool:
            found = [*pool.map(self._captions, shares)]
        self.bare = time.monotonic() - start
        # What a process takes at the least, and a little of its work.
        self.start = 1 + self.bare / len(self.names)
        self.captions = {name: caption for captions in found for name, caption in captions.items()}
        assert sum(caption is None for caption in self.captions.values()) == 3
        assert len(set(self.captions.values())) > 4
        print(f"{WORKERS} workers without an engine: {len(self.names)} pictures in {self.bare:.1f} s", flush=True)
        contents = [(self.pictures / name).read_bytes() for name in self.names]
        table = pyarrow.table({"name": self.names, "bytes": contents})
        pyarrow.parquet.write_table(table, folder / "bytes.parquet", row_group_size=64)
        (folder / "tars").mkdir()
        for part in range(4):
            with tarfile.open(folder / f"tars/{part}.tar", "w") as tar:
                for name, content in list(zip(self.names, contents))[part::4]:
                    member = tarfile.TarInfo(name)
                    member.size = len(content)
                    tar.addfile(member, io.BytesIO(content))

    def _captions(self, names: list[str]) -> dict[str, str | None]:
        import swift_blip

        with swift_blip.Model("demo", **RUNTIME) as model:
            found = list(model.caption_all([self.pictures / name for name in names], errors="return"))
        texts = [element.text if isinstance(element, swift_blip.Caption) else None for element in found]
        return dict(zip(names, texts))

    def pause(self, kills: int) -> float:
        """Between two kills, so that they spread over a run."""
        return max(1.5, 0.8 * self.bare / max(1, kills))

    def check(self, what: str, rows: list[tuple[str, str | None]], seconds: float, killed: int) -> None:
        """Every picture once, with its caption."""
        twice = [name for name, count in Counter(name for name, _ in rows).items() if count > 1]
        assert not twice, f"{what}: twice {twice[:3]}"
        found = dict(rows)
        assert found.keys() == self.captions.keys(), (
            f"{what}: {len(found)} of {len(self.captions)} pictures, for example "
            f"{sorted(found.keys() ^ self.captions.keys())[:3]}"
        )
        wrong = [name for name in found if (found[name] or None) != self.captions[name]]
        assert not wrong, f"{what}: {wrong[:3]} {[found[n] for n in wrong[:3]]}"
        ratio = f", {seconds / self.bare:.2f} times the bare workers" if what.startswith(("ray", "spark")) else ""
        print(f"{what}: {len(rows)} pictures once each and equal, {killed} killed, {seconds:.1f} s{ratio}", flush=True)

    @contextlib.contextmanager
    def addresses(self):
        """The pictures by HTTP, and a parquet file of their addresses."""
        import pyarrow
        import pyarrow.parquet

        handler = functools.partial(QuietHandler, directory=self.pictures)
        with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            base = f"http://127.0.0.1:{server.server_port}/"
            path = self.folder / "urls.parquet"
            urls = [base + name for name in self.names]
            pyarrow.parquet.write_table(pyarrow.table({"name": self.names, "url": urls}), path)
            yield path
            server.shutdown()


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


class Killer:
    """Kills processes now and then, as long as it is entered: those below this one, or of the whole machine
    where the patterns are of this test alone."""

    def __init__(self, patterns: list[str], most: int, pause: float, everywhere: bool = False) -> None:
        self.killed = 0
        self._patterns, self._most, self._pause = patterns, most, pause
        self._everywhere = everywhere
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Killer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def _run(self) -> None:
        import psutil

        draw = random.Random(7)
        while self.killed < self._most and not self._end.wait(self._pause):
            victims = []
            found = psutil.process_iter() if self._everywhere else psutil.Process().children(recursive=True)
            for process in found:
                with contextlib.suppress(psutil.Error):
                    line = " ".join(process.cmdline())
                    if any(pattern in line for pattern in self._patterns):
                        victims.append(process)
            if victims:
                with contextlib.suppress(psutil.Error):
                    draw.choice(victims).send_signal(signal.SIGKILL)
                    self.killed += 1


def test_shards(data: Data) -> None:
    """Parts that are killed and started again have, together, the bytes of one run."""
    count = data.parts
    forms = [str(data.pictures), str(data.folder / "tars")]
    # One at a time: the others of a batch show in a score's last digit.
    options = ["--precision", "f32", "--batch", "1"]
    start = time.monotonic()
    whole, parts = data.folder / "whole", data.folder / "parts"
    assert run_part(0, 1, whole, forms, options)
    rows = (whole / "part-0-of-1.jsonl").read_bytes().splitlines(keepends=True)
    # A tar file belongs to one part as a whole.
    owners = [member_of(json.loads(row)["image"]) for row in rows]
    groups = [b"".join(row for row, _ in group) for _, group in itertools.groupby(zip(rows, owners), lambda pair: pair[1])]

    lock, draw, kills = threading.Lock(), random.Random(3), 0

    def make(index: int) -> None:
        nonlocal kills
        while True:
            with lock:
                # As many in all as are wanted, spread over the parts.
                wanted = kills * count < data.kills * (index + 1)
                seconds = draw.uniform(0.05, data.start) if wanted else None
            if run_part(index, count, parts, forms, options, seconds):
                return
            with lock:
                kills += 1

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(make, range(count)))
    for index in range(count):
        name = f"part-{index:0{len(str(count))}}-of-{count}.jsonl"
        assert (parts / name).read_bytes() == b"".join(groups[index::count]), name
    left = [path.name for path in parts.iterdir() if path.name.startswith(".")]
    assert not left, f"left by runs that were killed: {left}"
    found = [json.loads(line) for path in parts.glob("*.jsonl") for line in path.open()]
    for what, in_tar in (("shards of a folder", False), ("shards of tar files", True)):
        chosen = [row for row in found if (member_of(row["image"]) != row["image"]) == in_tar]
        rows_found = [(row["image"].rsplit("/", 1)[1], row.get("caption")) for row in chosen]
        data.check(f"{count} {what}", rows_found, time.monotonic() - start, kills)
    test_webdataset(data)


def member_of(image: str) -> str:
    """The tar file that a row is of, or its picture."""
    return image.partition(".tar/")[0]


def run_part(index: int, count: int, out: Path, inputs: list[str], options: list[str], seconds: float | None = None) -> bool:
    """Whether the part was finished before it was killed, after so many seconds."""
    command = [os.environ["SWIFT_BLIP_PROGRAM"], "caption", *inputs, "--shard", f"{index}/{count}", "--out", str(out)]
    try:
        done = subprocess.run([*command, *options], timeout=seconds, stderr=subprocess.PIPE, text=True)
    except subprocess.TimeoutExpired:
        return False
    assert done.returncode == 0, done.stderr
    return True


def test_webdataset(data: Data, count: int = 3) -> None:
    """Parts as WebDataset's own library reads them: each picture's bytes beside its caption."""
    import webdataset

    options = ["--precision", "f32", "--format", "webdataset"]
    out, killed = data.folder / "webdataset", data.folder / "webdataset-killed"
    start, kills = time.monotonic(), 0
    for index in range(count):
        assert run_part(index, count, out, [str(data.pictures)], options)
        kills += not run_part(index, count, killed, [str(data.pictures)], options, data.start)
        assert run_part(index, count, killed, [str(data.pictures)], options)
        name = f"part-{index}-of-{count}.tar"
        assert (out / name).read_bytes() == (killed / name).read_bytes(), name
    found = []
    for sample in webdataset.WebDataset([str(path) for path in sorted(out.glob("*.tar"))], shardshuffle=False):
        row = json.loads(sample["json"])
        name = row["image"].rsplit("/", 1)[1]
        found.append((name, row.get("caption")))
        if "error" in row:
            assert "jpg" not in sample and "txt" not in sample
        else:
            assert sample["jpg"] == (data.pictures / name).read_bytes()
            assert sample["txt"].decode() == row["caption"]
    data.check("shards as webdataset", found, time.monotonic() - start, kills)


def parquet_rows(folder: Path) -> list[tuple[str, str | None]]:
    import pyarrow.dataset

    rows = pyarrow.dataset.dataset(folder, format="parquet").to_table().to_pylist()
    found = []
    for row in rows:
        name = row.get("name") or row.get("path") or row["__key__"] + ".jpg"
        assert bool(row["error"]) != bool(row["caption"]), row
        found.append((name.rsplit("/", 1)[-1], row["caption"]))
    return found


def test_ray(data: Data) -> None:
    import ray
    import ray.data
    from ray.cluster_utils import Cluster
    from ray_captions import write_captions

    head = {"num_cpus": 1, "object_store_memory": 100 << 20}
    cluster = patiently(lambda: Cluster(initialize_head=True, head_node_args=head))
    nodes = [add_node(cluster) for _ in range(2)]
    try:
        ray.init(address=cluster.address, log_to_driver=False, logging_level="ERROR")
        context = ray.data.DataContext.get_current()
        context.enable_progress_bars = False
        # A process or node that is killed is no error of the data.
        context.max_errored_blocks = 0
        with data.addresses() as urls:
            forms = [
                ("folder", str(data.pictures), None), ("parquet", str(data.folder / "bytes.parquet"), "bytes"),
                ("parquet", str(urls), "url"), ("webdataset", str(data.folder / "tars/*.tar"), "jpg"),
            ]
            forms = [form for form in forms if (form[2] or form[0]) in data.forms]
            for number, (kind, source, column) in enumerate(forms):
                out = data.folder / f"ray-{kind}-{column}"
                start = time.monotonic()
                # Whole nodes too, in the first form: one for ten other processes.
                most = max(1, data.kills // 10) if data.kills and number == 0 else 0
                with (
                    Killer([" worker --model", "::MapWorker"], data.kills, data.pause(data.kills)) as killer,
                    ThreadPoolExecutor(1) as pool,
                ):
                    # Of a small model's pictures 64 take a fifth of a second, and Ray's own work for a batch counts.
                    job = pool.submit(
                        write_captions, kind, source, str(out), column, "demo", workers=WORKERS, runtime=RUNTIME,
                        batch_size=256,
                    )
                    # Ray starts nodes in the main thread only.
                    lost = lose_nodes(cluster, nodes, most, max(8, data.pause(most)), job)
                    job.result()
                seconds = time.monotonic() - start
                what = f"ray, {kind} {column or ''}".rstrip() + f", {lost} nodes lost"
                data.check(what, parquet_rows(out), seconds, killer.killed)
                # A short run may have ended before.
                assert lost == most or most < 2, f"{lost} of {most} nodes were lost: take more pictures"
    finally:
        ray.shutdown()
        cluster.shutdown()


def lose_nodes(cluster, nodes: list, most: int, pause: float, job: Future) -> int:
    """Loses nodes while the job runs, and adds others in their places; returns how many. Not in the first seconds:
    Ray ends a run where its reader of a parquet file's footer dies, before a picture is read."""
    for lost in range(most):
        if wait([job], timeout=pause).done:
            return lost
        cluster.remove_node(nodes.pop(0), allow_graceful=False)
        nodes.append(add_node(cluster))
    return most


def add_node(cluster):
    return patiently(lambda: cluster.add_node(num_cpus=2, object_store_memory=100 << 20))


def patiently(start):
    """Ray gives a node 30 seconds to start, which a busy machine may need more than once."""
    for attempt in range(5):
        try:
            return start()
        except Exception as error:
            if attempt == 4 or "timed out during startup" not in str(error):
                raise


def test_spark(data: Data) -> None:
    import pyspark
    from pyspark.sql import SparkSession
    from spark_captions import write_captions

    os.environ["SPARK_HOME"] = str(Path(pyspark.__file__).parent)
    spark = (
        SparkSession.builder.master("local-cluster[2,1,1024]")
        .config("spark.task.maxFailures", "50").config("spark.ui.enabled", "false")
        .config("spark.executor.maxNumFailures", "50").config("spark.excludeOnFailure.enabled", "false")
        .config("spark.executorEnv.PYTHONPATH", os.environ["PYTHONPATH"])
        .config("spark.executorEnv.SWIFT_BLIP_PROGRAM", os.environ["SWIFT_BLIP_PROGRAM"])
        .config("spark.executorEnv.XDG_CACHE_HOME", os.environ["XDG_CACHE_HOME"])
        .config("spark.local.dir", str(data.folder / "spark-local"))
        .config("spark.sql.execution.arrow.maxRecordsPerBatch", "64")
        .getOrCreate()
    )
    spark.sparkContext.setLogLevel("OFF")
    try:
        with data.addresses() as urls:
            forms = [
                ("folder", str(data.pictures), None), ("parquet", str(data.folder / "bytes.parquet"), "bytes"),
                ("parquet", str(urls), "url"), ("webdataset", str(data.folder / "tars"), "jpg"),
            ]
            for kind, source, column in forms:
                if (column or kind) not in data.forms:
                    continue
                out = data.folder / f"spark-{kind}-{column}"
                start = time.monotonic()
                patterns = [" worker --model", "pyspark/daemon", "pyspark.daemon"]
                if kind == "folder":
                    # Whole executors, too.
                    patterns.append("CoarseGrainedExecutorBackend")
                with Killer(patterns, data.kills, data.pause(data.kills)) as killer:
                    write_captions(spark, kind, source, str(out), column, "demo", parts=8, runtime=RUNTIME)
                data.check(f"spark, {kind} {column or ''}", parquet_rows(out), time.monotonic() - start, killer.killed)
    finally:
        spark.stop()


def test_slurm(data: Data) -> None:
    """The script of the examples on a Slurm of one node, with a part that is killed."""
    if shutil.which("slurmctld", path=os.environ["PATH"] + ":/usr/sbin") is None:
        print("slurm: not here (apt-get install slurm-wlm)", flush=True)
        return
    from slurm_of_one import slurm_of_one

    out = data.folder / "slurm"
    script = ROOT / "Examples/cluster/slurm.sh"
    with slurm_of_one(data.folder / "slurm-state") as environment:
        start = time.monotonic()

        def submit() -> None:
            command = ["sbatch", "--wait", "--array=0-3", "--cpus-per-task=1", f"--output={data.folder}/slurm-%a.log"]
            subprocess.run(
                [*command, script, data.pictures, out, "--precision", "f32"], check=False, timeout=600,
                env={**environment, "BLIP_PARTS": "4"}, stdout=subprocess.DEVNULL,
            )

        with Killer([f"--shard auto/4 --out {out}"], most=2, pause=1, everywhere=True) as killer:
            submit()
        # What was killed runs again; what is finished stays.
        submit()
    rows = [json.loads(line) for path in out.glob("*.jsonl") for line in path.open()]
    found = [(row["image"].rsplit("/", 1)[1], row.get("caption")) for row in rows]
    data.check("slurm", found, time.monotonic() - start, killer.killed)


if __name__ == "__main__":
    main()
