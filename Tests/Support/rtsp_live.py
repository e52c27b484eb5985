"""A real RTSP server (GStreamer's) whose streams go on as cameras' do, and that tells when each change was in front of them.

Each stream shows a film's frames at its rate, over and over. When the first frame of a new state is handed on, a line of
JSON is printed: its stream, state, and the time by the wall clock.

usage: rtsp_live.py PORT STREAMS.json
  STREAMS.json: [{"name", "film" (H.264 with access unit delimiters), "rate", "states": [[first frame, state], ...]}, ...]
  (Debian's python3-gi and gir1.2-gst-rtsp-server-1.0)
"""

import json
import re
import sys
import threading
import time

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

LAUNCH = ("( appsrc name=source is-live=true format=time do-timestamp=true "
          "caps=video/x-h264,stream-format=byte-stream,alignment=au ! h264parse ! rtph264pay name=pay0 pt=96 "
          "config-interval=-1 )")
DELIMITER = re.compile(rb"\x00\x00\x00\x01\x09")
said = threading.Lock()


def frames(film):
    """The film's access units."""
    data = open(film, "rb").read()
    starts = [match.start() for match in DELIMITER.finditer(data)]
    return [data[start:end] for start, end in zip(starts, starts[1:] + [len(data)])]


class Stream:
    def __init__(self, name, film, rate, states):
        self.name, self.rate, self.frames = name, rate, frames(film)
        self.states = {frame: state for frame, state in states}
        assert self.states and max(self.states) < len(self.frames), (film, len(self.frames))

    def configure(self, _factory, media):
        source = media.get_element().get_by_name_recurse_up("source")
        threading.Thread(target=self.push, args=(source,), daemon=True).start()

    def push(self, source):
        start, number = time.monotonic(), 0
        while True:
            due = start + number / self.rate
            time.sleep(max(0, due - time.monotonic()))
            index = number % len(self.frames)
            state, now = self.states.get(index), time.time()
            if source.emit("push-buffer", Gst.Buffer.new_wrapped(self.frames[index])) != Gst.FlowReturn.OK:
                return
            if state is not None:
                with said:
                    print(json.dumps({"stream": self.name, "state": state, "time": now}), flush=True)
            number += 1


def main():
    port, description = sys.argv[1:]
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(port)
    for stream in (Stream(**fields) for fields in json.load(open(description))):
        factory = GstRtspServer.RTSPMediaFactory()
        factory.set_launch(LAUNCH)
        factory.set_shared(True)
        factory.connect("media-configure", stream.configure)
        server.get_mount_points().add_factory(f"/{stream.name}", factory)
    server.attach(None)
    print("ready", flush=True)
    GLib.MainLoop().run()


if __name__ == "__main__":
    main()
