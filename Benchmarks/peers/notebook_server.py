"""The notebook's pipeline behind FastAPI, one request after another: what `serve_load.py` compares with.

POST / takes a picture's bytes and answers {"caption": ...}; the address is printed once ready.
"""

import io
import socket
import threading

import protocol
import uvicorn
from fastapi import Body, FastAPI
from notebook import Pipeline


def arguments():
    parser = protocol.arguments(__doc__)
    parser.set_defaults(int8=False, calibrate=None, ir=None, precision="auto", cache=None)
    return parser.parse_args()


def main():
    given = arguments()
    pipeline, turn, app = Pipeline(given), threading.Lock(), FastAPI()
    command = {"task": "caption", "new_tokens": given.new_tokens}

    # Not async, and so on FastAPI's threads: sockets are read and written while the model runs.
    @app.post("/")
    def caption(picture: bytes = Body(media_type="image/jpeg")):
        with turn:
            _, text = pipeline.run({**command, "image": io.BytesIO(picture)}, protocol.Clock())
        return {"caption": text}

    listener = socket.create_server(("127.0.0.1", 0))
    print(f"http://127.0.0.1:{listener.getsockname()[1]}/", flush=True)
    uvicorn.Server(uvicorn.Config(app, log_level="error")).run(sockets=[listener])


main()
