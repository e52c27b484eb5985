"""Installs the wheel, the Debian package and the image in clean systems, and uses them there: roots that debootstrap makes,
with nothing but Python. The package's service runs under a systemd of its own (systemd-nspawn).

usage: clean_roots.py [--short] WHEEL DEB IMAGE

--short: Debian 12 only. Needs root. The roots are kept in .build-roots/, and copied for each test.
"""

import contextlib
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tarfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
ROOTS = ROOT / ".build-roots"
CAPTION = "four dogs on a yellow background"
PICTURE = ROOT / "Samples/four-dogs.png"
DEBIAN, UBUNTU = "http://deb.debian.org/debian", "http://archive.ubuntu.com/ubuntu"
SUITES = {
    "bookworm": ("Debian 12", "3.11", DEBIAN), "trixie": ("Debian 13", "3.13", DEBIAN),
    "noble": ("Ubuntu 24.04", "3.12", UBUNTU), "bullseye": ("Debian 11", "3.9", DEBIAN),
}


def main():
    words = sys.argv[1:]
    short = "--short" in words
    wheel, deb, image = (pathlib.Path(word).resolve() for word in words if word != "--short")
    if os.getuid() != 0:
        sys.exit("Roots of other systems need root: run this with sudo.")
    suites = ["bookworm"] if short else ["bookworm", "trixie", "noble"]
    for suite in suites:
        tried(suite, lambda root: wheel_works(suite, root, wheel))
    if not short:
        tried("bullseye", lambda root: old_system(root, wheel))
    tried("bookworm", lambda root: package_works(root, deb))
    image_works(image)
    print("installed and used" if not failed else f"{len(failed)} failed: {failed}")
    sys.exit(bool(failed))


# The wheel

def wheel_works(suite, root, wheel):
    name, python, _ = SUITES[suite]
    local_wheels(root, wheel, python)
    began = time.monotonic()
    # On a busy machine as many times as long as others take their turn.
    call(root, "python3 -m venv /opt/blip && /opt/blip/bin/pip install -q --no-index --find-links /wheels swift-blip")
    installed = time.monotonic()
    first = call(root, "/opt/blip/bin/swift-blip caption /photo.png")
    ended = time.monotonic()
    check(f"{name}: pip install to the first caption in {ended - began:.0f} s (the caption {ended - installed:.1f} s); "
          f"the wheel has {wheel.stat().st_size / 1e6:.1f} MB",
          first.stdout.strip() == CAPTION and ended - began < 60 * max(1, os.getloadavg()[0] / os.cpu_count()))
    check(f"{name}: pip check", call(root, "/opt/blip/bin/pip check").returncode == 0)
    figure = call(root, "/opt/blip/bin/blip caption /photo.png --annotate /figure.jpg && ls -l /figure.jpg")
    check(f"{name}: a figure with its words", figure.returncode == 0 and "No font" not in figure.stderr)
    formats = [path for path in sorted((ROOT / "Tests/BlipPicturesTests/Fixtures").rglob("*"))
               if path.suffix in (".jpg", ".png", ".webp", ".gif", ".tif", ".tiff")]
    kinds = {path.suffix: path for path in formats}
    for suffix, path in kinds.items():
        shutil.copy(path, root / f"tmp/picture{suffix}")
    seen = call(root, "cd /tmp && /opt/blip/bin/blip caption picture.* --json")
    read = [json.loads(line) for line in seen.stdout.splitlines()]
    check(f"{name}: reads {' '.join(sorted(kinds))}", len(kinds) >= 5 and len(read) == len(kinds)
          and all("caption" in line for line in read))
    script = "import swift_blip\nwith swift_blip.Model() as model: print(model.caption('/photo.png').text)"
    (root / "tmp/use.py").write_text(script)
    used = call(root, "/opt/blip/bin/python /tmp/use.py")
    works = used.stdout.strip() == CAPTION
    check(f"{name}: import swift_blip{'' if works else ': ' + used.stderr.strip()[-200:]}", works)
    if suite == "bookworm":
        wheel_says_what_is_wrong(root)


def wheel_says_what_is_wrong(root):
    packages = next((root / "opt/blip/lib").glob("python3.*/site-packages"))
    metadata = next(packages.glob("openvino-*.dist-info")) / "METADATA"
    text = metadata.read_text()
    metadata.write_text(re.sub(r"^Version: .*$", "Version: 2025.1.0", text, count=1, flags=re.M))
    said = call(root, "/opt/blip/bin/blip caption /photo.png")
    check(f"another openvino: {said.stderr.strip()}", said.returncode == 69 and "pip install openvino==" in said.stderr)
    metadata.write_text(text)
    processor = root / "tmp/cpuinfo"
    processor.write_text("flags\t\t: fpu sse sse2 ssse3 sse4_1 sse4_2 avx\n")
    run("mount", "--bind", processor, root / "proc/cpuinfo")
    said = call(root, "/opt/blip/bin/blip caption /photo.png")
    run("umount", root / "proc/cpuinfo")
    check(f"no AVX2: {said.stderr.strip()}", said.returncode == 69 and "AVX2" in said.stderr)


def old_system(root, wheel):
    (root / "wheels").mkdir()
    shutil.copy(wheel, root / "wheels")
    said = call(root, "pip3 install --no-index --find-links /wheels swift-blip")
    check("Debian 11: pip takes no wheel for a newer glibc", said.returncode != 0 and "No matching distribution" in said.stderr)
    said = call(root, "mkdir /opt/blip && python3 -m zipfile -e /wheels/*.whl /opt/blip && chmod 755 /opt/blip/swift_blip/bin/blip && "
                      "PYTHONPATH=/opt/blip python3 -m swift_blip caption /photo.png")
    check(f"Debian 11: unpacked by hand: {said.stderr.strip()[-300:]}", said.returncode == 69 and "glibc" in said.stderr)


def local_wheels(root, wheel, python):
    """Everything that pip would fetch, so that its time is not the network's."""
    folder = ROOT / ".build-wheels" / python
    requirement = re.search(rb"Requires-Dist: (openvino==\S+)", subprocess.run(
        ["unzip", "-p", wheel, "*/METADATA"], capture_output=True, check=True).stdout)[1].decode()
    if not list(folder.glob(f"openvino-{requirement.split('==')[1]}*")):
        folder.mkdir(parents=True, exist_ok=True)
        run(sys.executable, "-m", "pip", "download", "--quiet", "--only-binary", ":all:", "--python-version", python,
            "--dest", folder, requirement)
    shutil.copytree(folder, root / "wheels")
    shutil.copy(wheel, root / "wheels")


# The Debian package

def package_works(root, deb):
    said = subprocess.run(["lintian", "--fail-on", "error", deb],
                          capture_output=True, text=True)
    check(f"lintian finds no errors {said.stdout.strip()[-600:] if said.returncode else ''}", said.returncode == 0)
    shutil.copy(deb, root / "swift-blip.deb")
    shutil.copy("/etc/resolv.conf", root / "etc/resolv.conf")
    ready = call(root, "apt-get -qq update && apt-get -qq install --yes --no-install-recommends systemd dbus curl man-db >/dev/null "
                       "&& apt-get -qq install --yes --no-install-recommends /swift-blip.deb")
    check(f"apt-get install {ready.stderr.strip()[-300:] if ready.returncode else ''}", ready.returncode == 0)
    check("the package: a caption", call(root, "cd /tmp && blip caption /photo.png").stdout.strip() == CAPTION)
    check("the package: its files are whole", call(root, "dpkg --verify swift-blip").stdout == "")
    page = call(root, "man --warnings blip-caption 2>&1 | head -40").stdout
    check("the package: man blip-caption", "SYNOPSIS" in page and "warning" not in page)
    check("the package: bash completes", "caption" in call(
        root, "source /usr/share/bash-completion/completions/blip && COMP_WORDS=(blip capt) COMP_CWORD=1 COMP_LINE='blip capt' "
              "COMP_POINT=9 COMP_TYPE=9 && _blip blip capt blip; echo ${COMPREPLY[@]}").stdout)
    service_works(root)
    # What the test, as an administrator, put there.
    call(root, "rm -rf /etc/systemd/system/swift-blip.service.d /etc/swift-blip")
    call(root, "systemctl enable swift-blip; dpkg --purge swift-blip")
    left = call(root, "find / -xdev -name '*swift-blip*' -not -path '/proc/*' -not -name swift-blip.deb -not -path '/root/*'").stdout.split()
    check(f"the package: purged without a trace {left or ''}", not left)


# What runs under the root's own systemd.
SERVICE = r"""#!/bin/bash
exec >/test.log 2>&1
set -x
ask() { curl --silent --max-time 60 --form image=@/photo.png "$@" http://127.0.0.1:8080/v1/captions; echo; }
systemctl start swift-blip; echo "start=$?"
systemctl show swift-blip --property=ActiveState,StatusText,User,DynamicUser,WatchdogUSec
ask
systemctl reload swift-blip; echo "reload=$?"
pid=$(systemctl show swift-blip --property=MainPID --value)
echo "user=$(stat -c %u /proc/$pid) seccomp=$(sed -n 's/^Seccomp:\t//p' /proc/$pid/status)"
ls -d /var/cache/private/swift-blip /var/lib/private/swift-blip
kill -STOP "$pid"; sleep 14; kill -CONT "$pid" 2>/dev/null
for try in $(seq 60); do systemctl is-active --quiet swift-blip && break; sleep 1; done
echo "restarts=$(systemctl show swift-blip --property=NRestarts --value)"
mkdir -p /etc/systemd/system/swift-blip.service.d /etc/swift-blip
(umask 077; echo geheim >/etc/swift-blip/api-keys)
cp /usr/share/doc/swift-blip/examples/api-keys.conf /etc/systemd/system/swift-blip.service.d/
systemctl daemon-reload; systemctl restart swift-blip; echo "restart=$?"
echo "without=$(ask --output /dev/null --write-out '%{http_code}')"
echo "with=$(ask --output /dev/null --write-out '%{http_code}' --header 'Authorization: Bearer geheim')"
before=$(systemctl show swift-blip --property=MainPID --value)
echo '# mine' >>/etc/default/swift-blip
dpkg --install /swift-blip.deb; echo "upgrade=$?"
after=$(systemctl show swift-blip --property=MainPID --value)
[ "$before" != "$after" ] && [ "$after" != 0 ] && grep --quiet '^# mine' /etc/default/swift-blip; echo "upgraded=$?"
systemctl stop swift-blip; echo "stop=$?"
systemctl show swift-blip --property=Result
systemd-analyze security swift-blip
journalctl --unit=swift-blip --no-pager | tail -40
"""
TEST = """[Service]
Type=oneshot
ExecStart=/test.sh
ExecStopPost=/bin/systemctl --no-block poweroff
[Install]
WantedBy=multi-user.target
"""


def service_works(root):
    if not shutil.which("systemd-nspawn"):
        check("systemd-nspawn is not installed (systemd-container): the service was not tried", False)
        return
    (root / "test.sh").write_text(SERVICE)
    (root / "test.sh").chmod(0o755)
    (root / "etc/systemd/system/test.service").write_text(TEST)
    # Else a machine that hangs would be tried for two minutes.
    drop = root / "etc/systemd/system/swift-blip.service.d/watchdog.conf"
    drop.parent.mkdir()
    drop.write_text("[Service]\nWatchdogSec=10s\n")
    call(root, "systemctl enable test.service")
    run("umount", root / "proc")
    with open(root / "boot.log", "w") as log:
        with contextlib.suppress(subprocess.TimeoutExpired):
            # With a network of its own, so that no port is taken; it ends itself, on a busy machine after many minutes.
            subprocess.run(["systemd-nspawn", "--quiet", "--register=no", "--keep-unit", "--resolv-conf=off", "--private-network",
                            "--directory", root, "--boot"], stdout=log, stderr=log, stdin=subprocess.DEVNULL, timeout=3600)
    mount_proc(root)
    path = root / "test.log"
    if not path.exists() and "Welcome to" not in (root / "boot.log").read_text(errors="replace"):
        # In a container within a container, say. Whoever asks for all of it is told that this is missing.
        print((root / "boot.log").read_text(errors="replace"))
        print("NOT TRIED: the service, since systemd does not start in a root here")
        if "--short" not in sys.argv:
            failed.append("the service was not tried")
        return
    log = path.read_text(errors="replace") if path.exists() else (root / "boot.log").read_text(errors="replace")
    print(re.sub("^", "    ", log, flags=re.M))
    facts = {
        "starts, and tells systemd when it is ready": "start=0" in log and "ActiveState=active" in log and "StatusText=demo at" in log,
        "captions": CAPTION in log,
        "reloads": "reload=0" in log,
        "runs as a user made for it, confined": "DynamicUser=yes" in log and re.search(r"^user=6\d{4} seccomp=2$", log, re.M),
        "keeps its folders": "/var/lib/private/swift-blip" in log,
        "is started again where it hangs": "restarts=1" in log,
        "asks for the key of a credential": "without=401" in log and "with=200" in log,
        "goes on with the new program after an upgrade, and its settings stay": "upgrade=0" in log and "upgraded=0" in log,
        "stops": "stop=0" in log and "Result=success" in log,
    }
    for fact, holds in facts.items():
        check(f"the service {fact}", holds)


# The image

def image_works(image):
    tag = json.loads((image / "index.json").read_text())["manifests"][0]["annotations"]["org.opencontainers.image.ref.name"]
    for command in (["skopeo", "inspect", f"oci:{image}:{tag}"],
                    ["skopeo", "copy", "--quiet", f"oci:{image}:{tag}", f"oci:{ROOTS}/copied:{tag}"]):
        done = subprocess.run(command, capture_output=True, text=True)
        check(f"{' '.join(command[:2])} {done.stderr.strip()}", done.returncode == 0)
    shutil.rmtree(ROOTS / "copied", ignore_errors=True)
    blob = lambda descriptor: image / "blobs/sha256" / descriptor["digest"].removeprefix("sha256:")  # noqa: E731
    wrong = [path.name for path in (image / "blobs/sha256").iterdir()
             if hashlib.sha256(path.read_bytes()).hexdigest() != path.name]
    check(f"every blob has its digest {wrong or ''}", not wrong)
    manifests = json.loads((image / "index.json").read_text())["manifests"]
    manifest = json.loads(blob(manifests[0]).read_text())
    settings = json.loads(blob(manifest["config"]).read_text())["config"]
    root = ROOTS / "test-image"
    remove(root)
    root.mkdir(parents=True)
    try:
        for layer in manifest["layers"]:
            with tarfile.open(blob(layer)) as tar:
                tar.extractall(root, filter="fully_trusted") if sys.version_info >= (3, 12) else tar.extractall(root)
        shutil.copy(PICTURE, root / "photo.png")
        mount_proc(root)
        (root / "dev").mkdir(exist_ok=True)
        container(root, settings)
        bill = json.loads((root / "usr/local/share/doc/swift-blip/sbom.cdx.json").read_text())
        names = {part["name"] for part in bill["components"]}
        check(f"the image: its bill of materials has {len(names)} parts", {"libvips42", "openvino", "swift-nio"} <= names)
        check("the bill of materials is attached", json.loads(blob(manifests[1]).read_text())["subject"]["digest"]
              == manifests[0]["digest"])
        home_assistant(image, root, settings)
    finally:
        remove(root)


def container(root, settings):
    call_as = ["chroot", f"--userspec={settings['User']}", root, "/usr/bin/env", "-i", *settings["Env"]]
    entry = settings["Entrypoint"]
    done = subprocess.run([*call_as, *entry, "caption", "/photo.png"], capture_output=True, text=True)
    check(f"the image: a caption {done.stderr.strip()[-300:] if done.returncode else ''}", done.stdout.strip() == CAPTION)
    done = subprocess.run([*call_as, "/bin/bash", "-c", "touch /usr/local/bin/x /etc/x /x; touch $HOME/x && id -u"],
                          capture_output=True, text=True)
    check("the image: writes to its own folder only", done.stdout.strip() == settings["User"].split(":")[0]
          and done.stderr.count("denied") == 3)
    health = [*call_as, *settings["Healthcheck"]["Test"][1:]]
    check("the image: unhealthy before it runs", subprocess.run(health, capture_output=True).returncode != 0)
    server = subprocess.Popen([*call_as, *entry, *settings["Cmd"]], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        server.stdout.readline()
        check("the image: healthy", subprocess.run(health, capture_output=True).returncode == 0)
    finally:
        server.terminate()
    check("the image: ends when told", server.wait(60) == 0)


def home_assistant(image, root, settings):
    """The app's start script with its options, in the same root; Home Assistant itself is not here."""
    folder = image / "home-assistant/swift_blip"
    check("the app has its layers", (folder / "debian.tar.gz").exists() and (folder / "swift-blip.tar.gz").exists())
    shutil.copy(folder / "run.sh", root / "run.sh")
    (root / "data").mkdir()
    (root / "data/options.json").write_text('{"model": "demo-int8", "api_key": "geheim", "options": "--port 18391 --max-queue 8"}')
    environment = re.findall(r"\S+=\S+", re.search(r"^ENV (.*)$", (folder / "Dockerfile").read_text(), re.M)[1])
    server = subprocess.Popen(["chroot", root, "/usr/bin/env", "-i", settings["Env"][0], *environment, "/run.sh"],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        said = server.stdout.readline()
        asked = subprocess.run(["curl", "--silent", "--header", "Authorization: Bearer geheim", "http://127.0.0.1:18391/v1/models"],
                               capture_output=True, text=True).stdout
        refused = subprocess.run(["curl", "--silent", "http://127.0.0.1:18391/v1/models"], capture_output=True, text=True).stdout
        check("the app starts with its options", "18391" in said and "demo-int8" in asked and "demo-int8" not in refused)
    finally:
        server.terminate()
        server.wait(60)


# Roots

def tried(suite, test):
    """Tests in a copy of a clean root. A system whose archive is out of reach is one failure; the others are tried."""
    try:
        clean(suite)
    except SystemExit as problem:
        check(f"{SUITES[suite][0]}: there is no root of it: {problem}", False)
        return
    with copied(suite) as root:
        test(root)


@contextlib.contextmanager
def copied(suite):
    """A copy of a clean root, in which commands run; removed at the end."""
    root = ROOTS / f"test-{suite}"
    remove(root)
    run("cp", "--archive", "--reflink=auto", clean(suite), root)
    shutil.copy(PICTURE, root / "photo.png")
    mount_proc(root)
    try:
        yield root
    finally:
        remove(root)


def clean(suite):
    root, made = ROOTS / suite, ROOTS / f"{suite}.made"
    if made.exists():
        return root
    shutil.rmtree(root, ignore_errors=True)
    ROOTS.mkdir(exist_ok=True)
    mirror = SUITES[suite][2]
    options = ["--variant=minbase", "--include=python3,python3-pip,python3-venv,ca-certificates"]
    script = []
    if mirror == UBUNTU:
        options += ["--components=main,universe", f"--keyring={ubuntu_keys()}"]
        script = ["gutsy"]  # What all of its scripts are links to.
    print(f"making a root of {SUITES[suite][0]}", flush=True)
    run("debootstrap", *options, suite, root, mirror, *script)
    made.touch()
    return root


def ubuntu_keys():
    installed = pathlib.Path("/usr/share/keyrings/ubuntu-archive-keyring.gpg")
    if installed.exists():
        return installed
    package = ROOTS / "ubuntu-keyring.deb"
    run("curl", "--silent", "--fail", "--output", package,
        f"{UBUNTU}/pool/main/u/ubuntu-keyring/ubuntu-keyring_2023.11.28.1_all.deb")
    run("dpkg-deb", "--extract", package, ROOTS / "ubuntu-keyring")
    return ROOTS / "ubuntu-keyring/usr/share/keyrings/ubuntu-archive-keyring.gpg"


def mount_proc(root):
    (root / "proc").mkdir(exist_ok=True)
    run("mount", "-t", "proc", "proc", root / "proc")


def remove(root):
    if root.is_dir():
        subprocess.run(["umount", "--quiet", root / "proc/cpuinfo"], stderr=subprocess.DEVNULL)
        subprocess.run(["umount", "--quiet", root / "proc"], stderr=subprocess.DEVNULL)
        if os.path.ismount(root / "proc"):
            sys.exit(f"{root}/proc cannot be unmounted, so the root is left as it is.")
        run("rm", "--recursive", "--force", "--one-file-system", root)


def call(root, command):
    """Runs a shell's command in a root, as its administrator."""
    return subprocess.run(["chroot", root, "/usr/bin/env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LANG=C.UTF-8",
                           "DEBIAN_FRONTEND=noninteractive", "/bin/bash", "-c", command],
                          capture_output=True, text=True, errors="replace", stdin=subprocess.DEVNULL)


failed = []


def check(what, holds):
    print(("ok    " if holds else "FAILED"), what, flush=True)
    if not holds:
        failed.append(what)


def run(*command):
    done = subprocess.run([str(word) for word in command], stdout=subprocess.DEVNULL)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))} failed.")


main()
