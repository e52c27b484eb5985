"""VQA v2's accuracy, written anew from the rules that visualqa.org publishes, to check the Swift one.

Only what counts for the score: no plots, no files.
"""

import re

_MARKS = [";", "/", "[", "]", '"', "{", "}", "(", ")", "=", "+", "\\", "_", "-", ">", "<", "@", "`",
          ",", "?", "!"]
_NUMBERS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]
_DIGITS = {word: str(number) for number, word in enumerate(_NUMBERS)} | {"none": "0"}
_ONE_APOSTROPHE = """
    ain't aren't can't could've couldn't didn't doesn't don't hadn't hasn't haven't he'd he's how'd
    how'll how's isn't it'd it'll ma'am mightn't might've mustn't must've needn't not've o'clock
    oughtn't shan't should've shouldn't somebody'll somebody's someone'd someone'll someone's
    something'd something'll that's there'd there're there's they'd they'll they're they've 'twas
    wasn't we've weren't what'll what're what's what've when's where'd where's where've who'd who'll
    who's who've why'll why're why's won't would've wouldn't y'all you'd you'll you're you've
""".split()
_MORE = """
    couldn't've hadn't've he'd've it'd've mightn't've she'd've shouldn't've somebody'd've someone'd've
    something'd've there'd've they'd've we'd've who'd've wouldn't've y'all'll y'all'd've you'd've
    'ow's'at
""".split()


def _contractions() -> dict[str, str]:
    table = {word.replace("'", ""): word for word in _ONE_APOSTROPHE}
    for word in _MORE:
        parts = word.split("'")
        for gap in range(1, len(parts)):
            table["'".join(parts[:gap]) + "'".join(["", *parts[gap:]])[1:]] = word
    # A slip of the published table, kept since scores depend on it.
    return table | {"somebody'd": "somebodyd"}


_CONTRACTIONS = _contractions()


def trimmed(text: str) -> str:
    return re.sub(r"[\n\t]", " ", text).strip()


def _punctuation(text: str) -> str:
    between_digits = re.search(r"\d,\d", text) is not None
    result = text
    for mark in _MARKS:
        vanishes = between_digits or f"{mark} " in text or f" {mark}" in text
        result = result.replace(mark, "" if vanishes else " ")
    # 32 is re.UNICODE, which the published program passes where a count is expected.
    return re.sub(r"\.(?!\d)", "", result, count=32)


def normalized(text: str) -> str:
    words = [_DIGITS.get(word, word) for word in _punctuation(trimmed(text)).lower().split()]
    return " ".join(
        _CONTRACTIONS.get(word, word) for word in words if word not in ("a", "an", "the"))


def accuracy(candidate: str, answers: list[str]) -> float:
    candidate, answers = trimmed(candidate), [trimmed(answer) for answer in answers]
    if len(set(answers)) > 1:
        candidate, answers = normalized(candidate), [normalized(answer) for answer in answers]
    each = [
        min(1, sum(other == candidate for j, other in enumerate(answers) if j != i) / 3)
        for i in range(len(answers))
    ]
    return sum(each) / len(each)


def accuracies(questions: list[dict]) -> dict:
    each = [accuracy(question["candidate"], question["answers"]) for question in questions]

    def by(kind: str) -> dict[str, float]:
        groups: dict[str, list[float]] = {}
        for question, value in zip(questions, each):
            groups.setdefault(question[kind], []).append(value)
        return {name: sum(values) / len(values) for name, values in groups.items()}

    return {
        "each": each, "overall": sum(each) / len(each),
        "by_answer_type": by("answer_type"), "by_question_type": by("question_type"),
    }
