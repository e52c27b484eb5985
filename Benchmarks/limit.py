"""What the processor can do at most: matrix products in bf16 a second, and bytes read from memory.

    python Benchmarks/limit.py      prints both, and what one caption of a base model costs at least

A caption's least time is that of its products at this peak and, for each token, of the decoder's
weights at this bandwidth; attention, norms and all else count as nothing.
"""

import statistics
import time

import numpy as np
import openvino as ov
import torch
from openvino import opset13 as ops

# BLIP-base at 384 x 384: products of the vision model and of the image's keys and values, and the
# decoder's weights (12 layers of 6 square and 2 fourfold matrices, and the vocabulary).
TOKENS, WIDTH, LAYERS, VOCABULARY = 577, 768, 12, 30524
VISION = LAYERS * 12 * WIDTH**2 * TOKENS * 2 + WIDTH * 3 * 16 * 16 * 576 * 2
CONTEXT = LAYERS * 2 * WIDTH**2 * TOKENS * 2
DECODER_WEIGHTS = LAYERS * (6 + 8) * WIDTH**2 + WIDTH**2 + WIDTH * VOCABULARY


def median_seconds(run, count: int = 15) -> float:
    run()
    times = []
    for _ in range(count):
        begin = time.perf_counter()
        run()
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


def products_a_second(threads: int) -> float:
    size = 2304
    given = ops.parameter([size, size], np.float32)
    weights = ops.constant(np.random.default_rng(0).standard_normal((size, size), np.float32))
    model = ov.Model([ops.matmul(given, weights, False, True)], [given], "product")
    options = {"INFERENCE_PRECISION_HINT": "bf16", "INFERENCE_NUM_THREADS": threads}
    request = ov.Core().compile_model(model, "CPU", options).create_infer_request()
    pixels = np.ones((size, size), np.float32)
    return 2 * size**3 / median_seconds(lambda: request.infer([pixels], share_inputs=True))


def bytes_a_second(threads: int) -> float:
    torch.set_num_threads(threads)
    memory = torch.ones(256 << 20, dtype=torch.float32)
    return memory.nbytes / median_seconds(memory.sum, 7)


def least_milliseconds(tokens: int, threads: int, bytes_a_weight: int = 2) -> tuple[float, float, float]:
    """Of a caption; with GFLOP/s and GB/s."""
    products, memory = products_a_second(threads), bytes_a_second(threads)
    seconds = (VISION + CONTEXT) / products + tokens * DECODER_WEIGHTS * bytes_a_weight / memory
    return seconds * 1000, products / 1e9, memory / 1e9


if __name__ == "__main__":
    least, products, memory = least_milliseconds(20, 2)
    print(f"{products:.0f} GFLOP/s in bf16, {memory:.1f} GB/s: a caption of 20 tokens takes {least:.0f} ms or more")
