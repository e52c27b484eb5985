"""Reads a converted folder with OpenVINO's own Python API: the files are ordinary IR.

Prints each model with the type of its weights, then runs the vision model once.
"""

import sys
from pathlib import Path

import numpy as np
import openvino as ov

core = ov.Core()
models = {path.stem: core.read_model(path) for path in sorted(Path(sys.argv[1]).glob("*.xml"))}
for name, model in models.items():
    constants = [op for op in model.get_ops() if op.get_type_name() == "Constant"]
    largest = max(constants, key=lambda op: op.get_output_size() and np.prod(op.get_output_shape(0)))
    print(name, largest.get_element_type().get_type_name())
vision = core.compile_model(models["vision"], "CPU")
side = models["vision"].input(0).get_partial_shape()[2].get_length()
embeddings = vision(np.zeros((1, 3, side, side), np.float32))["image_embeddings"]
assert np.isfinite(embeddings).all()
print("vision ran:", list(embeddings.shape))
