"""What integers change of the demo model's words: the table of docs/quantization.md.

    python forms.py ../../.build/release/blip [--count 500]

Converts the demo model to each form, captions the held-out scenes and answers all their questions in batches, at the
precision that the program chooses, and counts the texts that are right in every word, and those that are f32's.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent
DEMO = HERE.parent.parent / "Sources" / "BlipDemoModel" / "Resources" / "demo"
FORMS = {
    "int8": ["--weights", "int8"],
    "int4": ["--weights", "int4"],
    "8-bit activations": ["--activations", "int8"],
    "the same with 7-bit weights": ["--activations", "int8", "--weights", "int7"],
}


def draw(folder: Path, *options: str) -> list[dict]:
    subprocess.run([sys.executable, HERE / "scenes.py", "--out", folder, *options], check=True, stdout=sys.stderr)
    return json.loads((folder / "annotations.json").read_text())


def write_questions(notes: list[dict], folder: Path) -> tuple[Path, Path]:
    """Questions and answers in VQA v2's format."""
    asked = [(note, question) for note in notes for question in note["questions"]]
    number = {note["file"]: int(Path(note["file"]).stem.split("-")[-1]) for note in notes}
    questions = [
        {"image_id": number[note["file"]], "question": question["question"], "question_id": index}
        for index, (note, question) in enumerate(asked)
    ]
    answers = [
        {
            "image_id": number[note["file"]], "question_id": index, "answer_type": "other",
            "question_type": question["kind"], "multiple_choice_answer": question["answer"],
            "answers": [{"answer": question["answer"], "answer_id": n + 1, "answer_confidence": "yes"} for n in range(10)],
        }
        for index, (note, question) in enumerate(asked)
    ]
    paths = folder / "questions.json", folder / "answers.json"
    paths[0].write_text(json.dumps({"questions": questions}))
    paths[1].write_text(json.dumps({"annotations": answers}))
    return paths


def words(blip: str, scenes: Path, questions: tuple[Path, Path], work: Path, options: list[str]) -> tuple[list, list]:
    """Captions in the scenes' order, and answers in the questions'."""
    run = [blip, "caption", scenes, "--json", *options]
    lines = subprocess.run(run, check=True, capture_output=True, text=True).stdout.splitlines()
    captions = {Path(line["image"]).name: line["caption"] for line in map(json.loads, lines)}
    results = work / "results.jsonl"
    results.unlink(missing_ok=True)
    subprocess.run(
        [blip, "eval", "vqa", *questions, scenes, "--results", results, *options], check=True, stdout=subprocess.DEVNULL)
    records = [json.loads(line) for line in results.read_text().splitlines()[1:]]
    answers = {answer["question_id"]: answer["answer"] for answer in records}
    return [captions[name] for name in sorted(captions)], [answers[index] for index in sorted(answers)]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("blip")
    parser.add_argument("--count", type=int, default=500)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        notes = draw(work / "scenes", "--count", str(given.count))
        # Those that the model was trained on, as convert-int8 takes.
        draw(work / "known", "--start", "1000000", "--count", "200")
        questions = write_questions(notes, work)
        runs = {"f32": ["--precision", "f32"]}
        for name, options in FORMS.items():
            form = work / name.replace(" ", "-")
            calibrate = ["--calibrate", work / "known"] if "--activations" in options else []
            subprocess.run([given.blip, "convert", DEMO, "--out", form, *options, *calibrate], check=True, stdout=sys.stderr)
            runs[name] = ["--model", form]
        runs["`demo-int8`"] = ["--model", "demo-int8"]
        right = [note["caption"] for note in notes], [q["answer"] for note in notes for q in note["questions"]]
        exact = None
        print(f"| right, in brackets those that are f32's | captions of {len(right[0])} | answers of {len(right[1])} |")
        print("|---|---|---|")
        for name, options in runs.items():
            found = words(given.blip, work / "scenes", questions, work, options)
            exact = exact or found
            cells = [
                f"{sum(map(str.__eq__, texts, true))} ({sum(map(str.__eq__, texts, same))})"
                for texts, true, same in zip(found, right, exact, strict=True)
            ]
            print(f"| {name} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
