"""Score the program itself on held-out scenes: exact captions, right answers, matches on the right side of 0.5.

    python score.py ../../.build/release/blip [--count 500] [--precision f32]

Draws the scenes anew from their seeds, runs `blip` over them and prints one table. Exits with 1 where a goal is
missed (see GOALS), so that it can be a check.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

GOALS = {"caption": 0.95, "answer": 0.95, "match true": 0.95, "match false": 0.95}


def lines(command: list[str]) -> list[dict]:
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def score_scene(blip: list[str], picture: Path, note: dict) -> list[tuple[str, str, bool]]:
    """(goal, row, whether right) for every caption, question and sentence of one scene."""
    kind = f"{note['count']} of a kind" if note["type"] == "count" else note["type"]
    asked = [question["question"] for question in note["questions"]]
    caption, *answers = lines([blip[0], "ask", str(picture), *asked, "--caption", *blip[1:]])
    found = [("caption", f"caption, {kind}", caption["caption"] == note["caption"])]
    for question, answer in zip(note["questions"], answers, strict=True):
        found.append(("answer", f"answer, {question['kind']}", answer["answer"] == question["answer"]))
    # What was changed in a sentence, or None in a true one.
    told = [(text, None) for text in note["true"]] + [(f["sentence"], f["changed"]) for f in note["false"]]
    matches = lines([blip[0], "match", str(picture), *(text for text, _ in told), *blip[1:]])
    for (_, changed), match in zip(told, matches, strict=True):
        goal = "match false" if changed else "match true"
        right = (match["match_probability"] > 0.5) == (changed is None)
        found.append((goal, f"{goal}: {changed}" if changed else goal, right))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("blip")
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--precision", default="f32")
    parser.add_argument("--model", help="another form of the demo model, such as a converted one")
    given = parser.parse_args()
    blip = [given.blip, "--precision", given.precision, "--device", "CPU", "--threads", "1", "--json"]
    if given.model:
        blip += ["--model", given.model]
    with tempfile.TemporaryDirectory() as folder:
        maker = Path(__file__).with_name("scenes.py")
        subprocess.run([sys.executable, maker, "--count", str(given.count), "--out", folder], check=True)
        notes = json.loads((Path(folder) / "annotations.json").read_text())
        with ThreadPoolExecutor(2) as pool:
            scenes = list(pool.map(lambda note: score_scene(blip, Path(folder) / note["file"], note), notes))
    rows, goals = defaultdict(list), defaultdict(list)
    for goal, row, right in (entry for scene in scenes for entry in scene):
        rows[row].append(right)
        goals[goal].append(right)
    print(f"\n| {len(notes)} held-out scenes | right | of | share |\n|---|---:|---:|---:|")
    for name, rights in [*sorted(rows.items()), *((f"**{goal}**", rights) for goal, rights in goals.items())]:
        print(f"| {name} | {sum(rights)} | {len(rights)} | {100 * sum(rights) / len(rights):.1f} % |")
    missed = [goal for goal, least in GOALS.items() if sum(goals[goal]) < least * len(goals[goal])]
    if missed:
        sys.exit(f"Under the goal: {', '.join(missed)}")


if __name__ == "__main__":
    main()
