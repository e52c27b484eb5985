"""How often the values of structures are right, on held-out scenes of the demo model.

usage: structure_scenes.py BASE [COUNT]     (a running `blip serve --precision f32`; 50 scenes)
"""

import base64
import collections
import io
import json
import pathlib
import sys
import urllib.request

from PIL import Image

sys.path.insert(0, str(pathlib.Path(__file__).parents[2] / "Tools/demo-model"))
import scenes  # noqa: E402

SCHEMA = {"type": "object", "properties": {
    "object_count": {"type": "integer"},
    "background_color": {"enum": scenes.COLOR_NAMES},
    "named": {"type": "integer", "description": ""},
    "has_named": {"type": "boolean"}, "has_other": {"type": "boolean"},
    "objects": {"type": "array", "items": {"type": "string"}},
    "kinds": {"type": "array", "items": {"enum": scenes.NAMES}}}}
SCHEMA["required"] = list(SCHEMA["properties"])


def ask(base, scene):
    picture = io.BytesIO()
    Image.fromarray(scene.render(448)).save(picture, "PNG")
    name, other = scene.names[0], next(n for n in scenes.NAMES[scene.seed % 40:] if n not in scene.names)
    properties = SCHEMA["properties"]
    plural = scenes.plural(name)
    properties["named"]["description"] = f"number of {plural}"
    many = scene.relation is None and scene.count > 1
    properties["has_named"]["description"] = (
        f"Are there {plural}?" if many else f"Is there {scenes.article(name)}?")
    properties["has_other"]["description"] = f"Is there {scenes.article(other)}?"
    body = {"images": [base64.b64encode(picture.getvalue()).decode()], "prompt": "", "stream": False,
            "format": SCHEMA}
    request = urllib.request.Request(
        base.rstrip("/") + "/api/generate", json.dumps(body).encode(),
        {"Content-Type": "application/json"})
    return json.loads(json.load(urllib.request.urlopen(request))["response"])


def main():
    base, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 50
    right = collections.Counter()
    for seed in range(count):
        scene = scenes.make_scene(seed)
        found = ask(base, scene)
        named = scene.count if scene.relation is None else 1
        checks = {
            "object_count": found["object_count"] == scene.count,
            "background_color": found["background_color"] == scene.color,
            "named": found["named"] == named,
            "has_named": found["has_named"], "has_other": not found["has_other"],
            "objects (all, first)": set(scene.names) == set(found["objects"][:len(scene.names)]),
            "objects (exact)": set(scene.names) == {n for n in found["objects"] if n in scenes.NAMES},
            "kinds (exact)": set(scene.names) == set(found["kinds"])}
        for key, is_right in checks.items():
            right[key] += bool(is_right)
            if not is_right:
                print(f"  scene {seed}: {key}: {found}", file=sys.stderr)
    for key, number in right.items():
        print(f"{key:22} {number} of {count}  {100 * number / count:.0f} %")


main()
