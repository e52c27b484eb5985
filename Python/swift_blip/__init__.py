"""BLIP on OpenVINO: captions, answers, matches and vectors of pictures, without torch.

    import swift_blip

    with swift_blip.Model("Salesforce/blip-vqa-base") as model:
        print(model.caption("photo.jpg").text)
        print(model.ask("photo.jpg", "how many dogs are there?").text)

A model drives one process, `blip worker`. It may be used by any number of threads; requests that are
under way together run as batches.
"""

from ._async import AsyncModel
from ._errors import BlipError, PictureError, ProgramNotFoundError, RequestError, WorkerError
from ._model import Model
from ._options import GenerationOptions
from ._pictures import Picture
from ._program import find_program
from ._results import Answer, Caption, Embedding, Match, RankedAnswer, Timing
from ._version import version as __version__

__all__ = [
    "Answer",
    "AsyncModel",
    "BlipError",
    "Caption",
    "Embedding",
    "GenerationOptions",
    "Match",
    "Model",
    "Picture",
    "PictureError",
    "ProgramNotFoundError",
    "RankedAnswer",
    "RequestError",
    "Timing",
    "WorkerError",
    "__version__",
    "find_program",
]
