"""Tells where a part's time goes: per-node counters of the graph that OpenVINO executes.

    blip convert CHECKPOINT --out IR
    .venv/test/bin/python Benchmarks/node_times.py IR vision text_decoder [--precision f32]

For base-size checkpoints: one picture, one token with room for 32 before it. Keys and values pass in the type of the
products, as the program has them.
"""

import argparse
import collections
import statistics
import time
from pathlib import Path

import numpy as np
import openvino as ov

SIZES = {"batch": 1, "tokens": 1, "past": 32, "context": 577}
STATES = ("past_", "new_", "cross_")
TYPES = {"bf16": ov.Type.bf16, "f32": ov.Type.f32}


def narrowed(model: ov.Model, precision: str) -> ov.Model:
    steps = ov.preprocess.PrePostProcessor(model)
    for ports, tensor in ((model.inputs, steps.input), (model.outputs, steps.output)):
        for name in (port.get_any_name() for port in ports):
            if name.startswith(STATES):
                tensor(name).tensor().set_element_type(TYPES[precision])
    return steps.build()


def shape(port: ov.ConstOutput) -> list[int]:
    """A port's shape; its open sizes follow from its name."""
    name, sizes = port.get_any_name(), [None if d.is_dynamic else d.get_length() for d in port.get_partial_shape()]
    past, context = SIZES["past"], SIZES["context"]
    open_sizes = {
        "cross_": [1, context], "past_": [1, past], "encoder_hidden_states": [1, context],
        "encoder_attention_mask": [1, context], "attention_mask": [1, 1, past + 1],
    }
    fill = iter(next((found for key, found in open_sizes.items() if name.startswith(key)), [1, 1]))
    return [next(fill) if size is None else size for size in sizes]


def profile(folder: Path, part: str, precision: str, runs: int, further: list[str]) -> None:
    core = ov.Core()
    model = narrowed(core.read_model(folder / f"{part}.xml"), precision)
    options = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": precision, "PERF_COUNT": "YES"}
    options |= dict(setting.split("=", 1) for setting in further)
    request = core.compile_model(model, "CPU", options).create_infer_request()
    for port in request.model_inputs:
        tensor = ov.Tensor(port.element_type, shape(port))
        np.frombuffer(tensor.data, np.uint8)[:] = 0
        request.set_tensor(port.get_any_name(), tensor)
    times, nodes = [], collections.defaultdict(list)
    for run in range(-3, runs):
        begin = time.perf_counter()
        request.infer()
        if run < 0:
            continue
        times.append((time.perf_counter() - begin) * 1000)
        spent = collections.Counter()
        for node in request.profiling_info:
            spent[f"{node.node_type} {node.exec_type}"] += node.real_time.total_seconds() * 1000
        for name, milliseconds in spent.items():
            nodes[name].append(milliseconds)
    print(f"\n{part} at {precision}: {statistics.median(times):.2f} ms ({min(times):.2f} to {max(times):.2f})")
    medians = {name: statistics.median(values) for name, values in nodes.items()}
    for name, milliseconds in sorted(medians.items(), key=lambda item: -item[1])[:10]:
        print(f"  {milliseconds:8.2f} ms  {name}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("parts", nargs="+")
    parser.add_argument("--precision", default="bf16", choices=TYPES)
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a further property of OpenVINO")
    given = parser.parse_args()
    for part in given.parts:
        profile(given.folder, part, given.precision, given.runs, given.set)


if __name__ == "__main__":
    main()
