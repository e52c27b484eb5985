"""Emoji scenes: a picture, its one true caption, questions with answers, true and false sentences.

Everything about a scene follows from its seed, so a seed range is a data set:

    held out    0 ... 99,999      never used while training or choosing a model
    validation  500,000 ...       watched while training
    training    1,000,000 ...

    python scenes.py --count 500 --out held-out

writes the first 500 held-out scenes as 448x448 PNGs and one annotations.json.
"""

import argparse
import functools
import json
import math
import random
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

FONT = "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf"
FONT_SIZE = 109  # the only size of the bitmaps in the font

HELD_OUT_SEED = 0
VALIDATION_SEED = 500_000
TRAINING_SEED = 1_000_000

# name -> (emoji, plural)
KINDS = {
    "dog": ("🐶", "dogs"), "cat": ("🐱", "cats"), "rabbit": ("🐰", "rabbits"), "bear": ("🐻", "bears"),
    "panda": ("🐼", "pandas"), "lion": ("🦁", "lions"), "cow": ("🐮", "cows"), "pig": ("🐷", "pigs"),
    "frog": ("🐸", "frogs"), "monkey": ("🐵", "monkeys"), "penguin": ("🐧", "penguins"),
    "elephant": ("🐘", "elephants"), "turtle": ("🐢", "turtles"), "octopus": ("🐙", "octopuses"),
    "butterfly": ("🦋", "butterflies"), "crab": ("🦀", "crabs"), "whale": ("🐳", "whales"),
    "apple": ("🍎", "apples"), "banana": ("🍌", "bananas"), "strawberry": ("🍓", "strawberries"),
    "pineapple": ("🍍", "pineapples"), "pizza": ("🍕", "pizzas"), "hamburger": ("🍔", "hamburgers"),
    "donut": ("🍩", "donuts"), "carrot": ("🥕", "carrots"), "mushroom": ("🍄", "mushrooms"),
    "car": ("🚗", "cars"), "bus": ("🚌", "buses"), "bicycle": ("🚲", "bicycles"),
    "helicopter": ("🚁", "helicopters"), "rocket": ("🚀", "rockets"), "sailboat": ("⛵", "sailboats"),
    "tractor": ("🚜", "tractors"), "airplane": ("✈️", "airplanes"),
    "star": ("⭐", "stars"), "soccer ball": ("⚽", "soccer balls"), "balloon": ("🎈", "balloons"),
    "tree": ("🌳", "trees"), "sunflower": ("🌻", "sunflowers"), "umbrella": ("☂️", "umbrellas"),
    "key": ("🔑", "keys"), "guitar": ("🎸", "guitars"), "house": ("🏠", "houses"), "crown": ("👑", "crowns"),
}
NAMES = list(KINDS)

COLORS = {
    "red": (214, 52, 48), "orange": (247, 148, 40), "yellow": (250, 226, 90), "green": (88, 176, 90),
    "blue": (64, 122, 220), "purple": (134, 78, 178), "pink": (250, 172, 202), "gray": (150, 152, 156),
}
COLOR_NAMES = list(COLORS)

COUNTS = ("one", "two", "three", "four")
RELATIONS = ("left of", "above")
OPPOSITE = {"left of": "right of", "right of": "left of", "above": "below", "below": "above"}
PLACES = {"left of": ("on the left", "on the right"), "above": ("at the top", "at the bottom")}

# Side of a sprite, as a part of the picture's side, by the number of objects.
SIZES = {1: (0.28, 0.50), 2: (0.25, 0.40), 3: (0.23, 0.34), 4: (0.22, 0.30)}


def plural(name):
    return KINDS[name][1]


def article(name):
    return ("an " if name[0] in "aeiou" else "a ") + name


def counted(name, count):
    return article(name) if count == 1 else f"{COUNTS[count - 1]} {plural(name)}"


@dataclass
class Thing:
    name: str
    x: float  # centre and sides, as parts of the picture's side
    y: float
    width: float
    height: float


@dataclass
class Scene:
    seed: int
    color: str
    relation: str | None  # None: all things are of one kind
    things: list = field(default_factory=list)
    backdrop: dict = field(default_factory=dict)

    @property
    def kind(self):
        return "count" if self.relation is None else self.relation

    @property
    def names(self):
        """The kinds in the picture; in a scene with a relation the left or upper one first."""
        return list(dict.fromkeys(t.name for t in self.things))

    @property
    def count(self):
        return len(self.things)

    # --- What is true of it ---

    def caption(self, prefix=""):
        return f"{prefix}{self._subject()} on {article(self.color)} background"

    def _subject(self):
        if self.relation is None:
            return counted(self.names[0], self.count)
        first, second = self.names
        return f"{article(first)} {self.relation} {article(second)}"

    def absent(self, rng):
        return rng.choice([n for n in NAMES if n not in self.names])

    def question(self, kind, rng):
        """One question of a kind ("what", "where", "how many", "color", "yes/no") and its answer, or None."""
        return getattr(self, "_ask_" + kind.replace("/", "_").replace(" ", "_"))(rng)

    def _ask_what(self, rng):
        if self.relation is None:
            name = self.names[0] if self.count == 1 else plural(self.names[0])
            return "what is in the picture?", name
        first, second = self.names
        options = [("what is in the picture?", f"{article(first)} and {article(second)}")]
        for place, name in zip(PLACES[self.relation], self.names):
            options += [(f"what is {place}?", name)] * 2
        options += [(f"what is {self.relation} the {second}?", first)] * 2
        options += [(f"what is {OPPOSITE[self.relation]} the {first}?", second)] * 2
        return rng.choice(options)

    def _ask_where(self, rng):
        if self.relation is None:
            return None
        i = rng.randrange(2)
        return f"where is the {self.names[i]}?", PLACES[self.relation][i]

    def _ask_how_many(self, rng):
        roll = rng.random()
        if roll < 0.15:
            return f"how many {plural(self.absent(rng))} are there?", "0"
        if roll < 0.35:
            return "how many objects are there?", str(self.count)
        if self.relation is None:
            return f"how many {plural(self.names[0])} are there?", str(self.count)
        return f"how many {plural(rng.choice(self.names))} are there?", "1"

    def _ask_color(self, rng):
        form = rng.choice(("what color is the background?", "what colour is the background?",
                           "which color is the background?"))
        return form, self.color

    def _ask_yes_no(self, rng):
        yes = rng.random() < 0.5
        answer = "yes" if yes else "no"
        roll = rng.random()
        if roll < 0.45 or (roll >= 0.65 and self.relation is None and self.count == 1):
            name = rng.choice(self.names) if yes else self.absent(rng)
            if self.relation is None and self.count > 1:
                return f"are there {plural(name)}?", answer
            return f"is there {article(name)}?", answer
        if roll < 0.65:
            color = self.color if yes else rng.choice([c for c in COLOR_NAMES if c != self.color])
            return f"is the background {color}?", answer
        if self.relation is None:
            count = self.count if yes else rng.choice([n for n in (2, 3, 4) if n != self.count])
            return f"are there {COUNTS[count - 1]} {plural(self.names[0])}?", answer
        pair, relation = list(self.names), self.relation
        if rng.random() < 0.5:
            pair, relation = pair[::-1], OPPOSITE[relation]
        if not yes:
            relation = self._wrong_relation(relation, rng)
        return f"is the {pair[0]} {relation} the {pair[1]}?", answer

    @staticmethod
    def _wrong_relation(relation, rng):
        # The opposite is the hardest to tell and the one people try, so it gets half of the cases.
        if rng.random() < 0.5:
            return OPPOSITE[relation]
        return rng.choice([r for r in OPPOSITE if r not in (relation, OPPOSITE[relation])])

    def sentence(self, rng, change=None, short=False):
        """A true sentence, or with `change` ("object", "count", "color", "relation") one with that fact wrong.

        Returns None if the scene has no such fact, or if a short sentence, which leaves the background out, has none.
        """
        if short and change == "color":
            return None
        background = "" if short else " on {} background"
        color, names, count, relation = self.color, list(self.names), self.count, self.relation
        if change == "color":
            color = rng.choice([c for c in COLOR_NAMES if c != color])
        elif change == "object":
            names[rng.randrange(len(names))] = self.absent(rng)
        elif change == "count":
            if relation is not None:
                return None
            count = rng.choice([n for n in (1, 2, 3, 4) if n != count])
        if relation is None:
            if change == "relation":
                return None
            return counted(names[0], count) + background.format(article(color))
        if rng.random() < 0.3:  # the same said from the other side
            names, relation = names[::-1], OPPOSITE[relation]
        if change == "relation":
            relation = self._wrong_relation(relation, rng)
        return f"{article(names[0])} {relation} {article(names[1])}" + background.format(article(color))

    # --- What it looks like ---

    def render(self, side):
        """The picture as an array side x side x 3 of bytes."""
        b = self.backdrop
        axis = np.linspace(-0.5, 0.5, side, dtype=np.float32)
        # A soft gradient and faint stripes; sin(u + v) taken apart, since the outer products are far cheaper.
        shade = b["gradient"] * (math.cos(b["angle"]) * axis[None, :] + math.sin(b["angle"]) * axis[:, None])
        u, v = b["fx"] * axis + b["phase"], b["fy"] * axis
        shade = shade + b["stripes"] * (np.cos(v)[:, None] * np.sin(u)[None, :] + np.sin(v)[:, None] * np.cos(u)[None, :])
        picture = np.clip(shade[:, :, None] + np.float32(b["rgb"]), 0, 255)
        for t in self.things:
            rgb, alpha = sprite(t.name, round(max(t.width, t.height) * side))
            h, w = alpha.shape[:2]
            top, left = round(t.y * side - h / 2), round(t.x * side - w / 2)
            patch = picture[top:top + h, left:left + w]
            patch *= 1 - alpha
            patch += rgb
        return (picture + 0.5).astype(np.uint8)

    def grid_labels(self, cells):
        """What there is at each cell of a grid over the picture, as three grids.

        The index of the kind at the cell's centre, or len(NAMES) for background; the role of that thing (0 for
        background, 1 to 4 for one of so many, 5 to 8 for left, right, top, bottom); 1 where a thing has its middle.
        """
        kinds = np.full((cells, cells), len(NAMES), np.int64)
        roles, middles = np.zeros((2, cells, cells), np.int64)
        centres = (np.arange(cells) + 0.5) / cells
        for i, t in enumerate(self.things):
            inside = (np.abs(centres[:, None] - t.y) < t.height / 2) & (np.abs(centres[None, :] - t.x) < t.width / 2)
            kinds[inside] = NAMES.index(t.name)
            roles[inside] = self.count if self.relation is None else 5 + 2 * RELATIONS.index(self.relation) + i
            middles[int(t.y * cells), int(t.x * cells)] = 1
        return kinds, roles, middles


@functools.cache
def glyph(name):
    image = Image.new("RGBA", (160, 160), (0, 0, 0, 0))
    font = ImageFont.truetype(FONT, FONT_SIZE)
    ImageDraw.Draw(image).text((10, 10), KINDS[name][0], font=font, embedded_color=True)
    return image.crop(image.getchannel("A").getbbox())


@functools.cache
def sprite(name, side):
    """The emoji with its longer side so many pixels: premultiplied colours and alpha, as floats."""
    image = glyph(name)
    scale = side / max(image.size)
    size = [max(1, round(n * scale)) for n in image.size]
    pixels = np.asarray(image.resize(size, Image.Resampling.BICUBIC), np.float32)
    alpha = pixels[:, :, 3:] / 255
    return pixels[:, :, :3] * alpha, alpha


@functools.cache
def aspect(name):
    width, height = glyph(name).size
    return width / max(width, height), height / max(width, height)


def make_scene(seed):
    rng = random.Random(seed)
    color = rng.choice(COLOR_NAMES)
    scene = Scene(seed, color, rng.choice((None, None) + RELATIONS))
    scene.backdrop = {
        "rgb": [c + rng.uniform(-8, 8) for c in COLORS[color]],
        "gradient": rng.uniform(0, 36), "angle": rng.uniform(0, 2 * math.pi),
        "stripes": rng.choice((0, rng.uniform(0, 6))), "phase": rng.uniform(0, 6.28),
        "fx": rng.uniform(-60, 60), "fy": rng.uniform(-60, 60),
    }
    if scene.relation is None:
        scene.things = _scatter(rng, rng.choice(NAMES), rng.choice((1, 2, 3, 4)))
    else:
        scene.things = _pair(rng, rng.sample(NAMES, 2), scene.relation)
    return scene


def _thing(rng, name, size):
    w, h = aspect(name)
    return Thing(name, 0, 0, w * size, h * size)


def _inside(rng, length, low=0.0, high=1.0):
    edge = length / 2 + 0.015
    return rng.uniform(low + edge, high - edge)


def _scatter(rng, name, count):
    while True:
        size = rng.uniform(*SIZES[count])
        things = []
        for _ in range(60):
            t = _thing(rng, name, size * rng.uniform(0.92, 1.0))
            t.x, t.y = _inside(rng, t.width), _inside(rng, t.height)
            gap = 0.03
            if all(abs(t.x - o.x) > (t.width + o.width) / 2 + gap or abs(t.y - o.y) > (t.height + o.height) / 2 + gap
                   for o in things):
                things.append(t)
            if len(things) == count:
                return things


def _pair(rng, names, relation):
    """Two things clearly apart on the relation's axis and little on the other."""
    while True:
        a, b = (_thing(rng, n, rng.uniform(0.26, 0.44)) for n in names)
        for t in (a, b):
            t.x, t.y = _inside(rng, t.width), _inside(rng, t.height)
        if relation == "left of":
            along, across, lengths = b.x - a.x, abs(b.y - a.y), a.width + b.width
        else:
            along, across, lengths = b.y - a.y, abs(b.x - a.x), a.height + b.height
        if along > max(lengths / 2 + 0.04, 0.3) and across < 0.14:
            return [a, b]


QUESTION_KINDS = ("what", "where", "how many", "color", "yes/no")
CHANGES = ("object", "count", "color", "relation")


def annotate(scene):
    """The fixed caption, questions and sentences by which a model is judged on this scene."""
    rng = random.Random(f"questions of {scene.seed}")
    questions = []
    for kind in QUESTION_KINDS:
        asked = scene.question(kind, rng)
        if asked:
            questions.append({"kind": kind, "question": asked[0], "answer": asked[1]})
    true = [scene.caption()]
    if scene.relation is not None:
        true.append(scene.sentence(rng))
    false = []
    for change in CHANGES:
        text = scene.sentence(rng, change)
        if text:
            false.append({"changed": change, "sentence": text})
    return {
        "seed": scene.seed, "type": scene.kind, "count": scene.count, "caption": scene.caption(),
        "questions": questions, "true": list(dict.fromkeys(true)), "false": false,
    }


def words():
    """Every word that a caption, question, answer or sentence can hold, sorted."""
    found = set("a picture of photo there is are in the and what where how many objects object which color colour "
                "background on at left right top bottom above below of an yes no 0 1 2 3 4".split())
    found.update(COUNTS, COLOR_NAMES)
    for name in NAMES:
        found.update(name.split())
        found.update(plural(name).split())
    return sorted(w for w in found if len(w) > 1)


def main():
    parser = argparse.ArgumentParser(description="Write held-out scenes as PNGs and annotations.json.")
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--start", type=int, default=HELD_OUT_SEED)
    parser.add_argument("--side", type=int, default=448)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    annotations = []
    for seed in range(args.start, args.start + args.count):
        scene = make_scene(seed)
        name = f"scene-{seed:06}.png"
        Image.fromarray(scene.render(args.side)).save(args.out / name)
        annotations.append({"file": name, **annotate(scene)})
    (args.out / "annotations.json").write_text(json.dumps(annotations, indent=1) + "\n")
    print(f"{len(annotations)} scenes in {args.out}")


if __name__ == "__main__":
    main()
