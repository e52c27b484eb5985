"""A Slurm of one node on this machine, without root's configuration, for a test's time."""

from __future__ import annotations

import contextlib
import os
import secrets
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def slurm_of_one(folder: Path) -> Iterator[dict[str, str]]:
    """Starts munged, slurmctld and slurmd; gives the environment in which sbatch finds them."""
    folder.mkdir()
    folder.chmod(0o755)
    # munged wants folders that nobody else may write in.
    munge = Path(f"/run/blip-munge-{secrets.token_hex(4)}")
    munge.mkdir(mode=0o755)
    key = munge / "key"
    key.write_bytes(secrets.token_bytes(1024))
    key.chmod(0o400)
    host = socket.gethostname().split(".")[0]
    configuration = folder / "slurm.conf"
    configuration.write_text(
        f"""ClusterName=one
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={_free_port()}
SlurmdPort={_free_port()}
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket={munge}/socket
CryptoType=crypto/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
MpiDefault=none
ReturnToService=2
NodeName={host} NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=all Nodes={host} Default=YES MaxTime=INFINITE State=UP
"""
    )
    (folder / "state").mkdir()
    (folder / "spool").mkdir()
    environment = {**os.environ, "SLURM_CONF": str(configuration), "PATH": f"{os.environ['PATH']}:/usr/sbin"}
    daemons: list[subprocess.Popen[bytes]] = []

    def start(*command: str) -> None:
        log = open(folder / f"{command[0]}.out", "wb")
        daemons.append(subprocess.Popen(command, env=environment, stdout=log, stderr=log))

    try:
        start(
            "munged", "--foreground", f"--socket={munge}/socket", f"--key-file={key}",
            f"--pid-file={munge}/pid", f"--log-file={munge}/log", f"--seed-file={munge}/seed",
        )
        _wait(lambda: (munge / "socket").exists(), "munged", folder)
        start("slurmctld", "-D")
        start("slurmd", "-D")
        _wait(lambda: "idle" in _output(["sinfo", "-h", "-o", "%T"], environment), "a node", folder)
        yield environment
    finally:
        for daemon in reversed(daemons):
            daemon.terminate()
        for daemon in daemons:
            try:
                daemon.wait(timeout=20)
            except subprocess.TimeoutExpired:
                daemon.kill()
        for path in munge.iterdir():
            path.unlink()
        munge.rmdir()


def _output(command: list[str], environment: dict[str, str]) -> str:
    return subprocess.run(command, env=environment, capture_output=True, text=True).stdout


def _wait(is_there, what: str, folder: Path) -> None:
    for _ in range(600):
        if is_there():
            return
        time.sleep(0.1)
    logs = "\n".join(path.read_text(errors="replace")[-1500:] for path in folder.glob("*.out"))
    raise RuntimeError(f"Slurm's test has no {what}: {logs}")
