"""schemathesis against `blip serve`: whatever its OpenAPI document allows, and what it does not.

usage: server_fuzz.py BLIP PICTURE [EXAMPLES [SEED [SECONDS]]]   (of each operation; 20 by default; at most so long)

A 5xx but 503, an answer that the document does not know, a crash and a hang are failures.
"""

import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import urllib.request

CHECKS = ("not_a_server_error,status_code_conformance,content_type_conformance,"
          "response_headers_conformance,response_schema_conformance,unsupported_method,"
          "allow_header_conformance")


def main():
    program, picture = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
    examples, seed = (sys.argv[3:] + ["20", "1"][len(sys.argv) - 3:])[:2]
    limit = ["--max-time", sys.argv[5]] if len(sys.argv) > 5 else []
    here = pathlib.Path(__file__).resolve().parent
    log = tempfile.TemporaryFile("w+")
    server = subprocess.Popen(
        [program, "serve", "--port", "0", "--precision", "f32"], stdout=subprocess.PIPE,
        stderr=log, text=True)
    try:
        base = server.stdout.readline().strip()
        status = subprocess.run(
            [pathlib.Path(sys.executable).with_name("st"), "run", base + "openapi.json",
             "--checks", CHECKS, "--max-examples", examples, "--workers", "1", "--seed", seed,
             "--phases", "examples,coverage,fuzzing", "--request-timeout", "30",
             "--continue-on-failure", "--no-shrink", "--suppress-health-check", "all",
             "--warnings", "off", *limit],
            env={**os.environ, "PYTHONPATH": str(here), "SCHEMATHESIS_HOOKS": "schemathesis_hooks",
                 "BLIP_PICTURE": str(picture)}).returncode
        with urllib.request.urlopen(base + "health/ready", timeout=10) as reply:
            assert reply.status == 200
        # The model still says what it said.
        request = urllib.request.Request(base + "v1/captions", picture.read_bytes(),
                                         {"Content-Type": "image/png"})
        with urllib.request.urlopen(request, timeout=30) as reply:
            assert b"four dogs on a yellow background" in reply.read()
    finally:
        server.send_signal(signal.SIGTERM)
        ended = server.wait(timeout=30)
    log.seek(0)
    lines = log.read().splitlines()
    print(sum(" request" in line for line in lines), "requests")
    failed = [line for line in lines if " status=5" in line and " status=503" not in line]
    print("\n".join(failed[:20]))
    sys.exit(1 if status or ended or failed else 0)


main()
