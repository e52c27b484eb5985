"""How texts are generated."""

from __future__ import annotations

from typing import TypedDict


class GenerationOptions(TypedDict, total=False):
    """The options of `blip caption --help`, as keyword arguments."""

    #: The most tokens of a text, the begin token and the prompt included.
    max_length: int
    #: The fewest.
    min_length: int
    #: Texts that are followed at the same time.
    beams: int
    #: With beams: above 0 favours longer texts.
    length_penalty: float
    #: Draws tokens, more evenly the higher this is.
    temperature: float
    #: Draws among so many likeliest tokens.
    top_k: int
    #: Draws among the likeliest tokens that together have this probability.
    top_p: float
    #: Draws the same texts for the same seed.
    seed: int
    #: Above 1 makes tokens that were there already less likely.
    repetition_penalty: float
    #: No run of so many tokens stands twice.
    no_repeat_ngram_size: int
    #: Captions of a picture: with beams at most their number, or drawn.
    count: int
