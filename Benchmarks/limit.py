"""What the processor can do at most: matrix products in bf16 a second, and bytes read from memory.

    python Benchmarks/limit.py      prints both, and what one caption of a base model costs at least

A caption's least time is that of its products at this peak and, for each token, of the decoder's
weights at this bandwidth; attention, norms and all else count as nothing.
"""

import statistics
import time
from dataclasses import dataclass

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


def products_a_second(threads: int, type: str) -> float:
    """Of one large product; numbers of 8 bits are made of its input within that time."""
    size = 4096
    given = ops.parameter([size, size], np.float32)
    random = np.random.default_rng(0).standard_normal((size, size), np.float32)
    factors = [given, ops.constant(random)]
    if type == "int8":
        factors = [ops.fake_quantize(factor, np.float32(-4), np.float32(4), np.float32(-4), np.float32(4), 255)
                   for factor in factors]
    model = ov.Model([ops.matmul(*factors, False, True)], [given], "product")
    options = {"INFERENCE_PRECISION_HINT": "bf16", "INFERENCE_NUM_THREADS": threads}
    request = ov.Core().compile_model(model, "CPU", options).create_infer_request()
    return 2 * size**3 / median_seconds(lambda: request.infer([random], share_inputs=True))


def bytes_a_second(threads: int) -> float:
    torch.set_num_threads(threads)
    memory = torch.ones(256 << 20, dtype=torch.float32)
    return memory.nbytes / median_seconds(memory.sum, 7)


@dataclass
class Limit:
    bf16: float
    int8: float
    memory: float

    @classmethod
    def measured(cls, threads: int) -> "Limit":
        return cls(products_a_second(threads, "bf16"), products_a_second(threads, "int8"), bytes_a_second(threads))

    def seconds(self, tokens: int, type: str) -> float:
        """Of one caption with products and the decoder's weights in the type."""
        products, bytes_a_weight = (self.bf16, 2) if type == "bf16" else (self.int8, 1)
        return (VISION + CONTEXT) / products + tokens * DECODER_WEIGHTS * bytes_a_weight / self.memory

    def __str__(self) -> str:
        return f"{self.bf16 / 1e9:.0f} GFLOP/s in bf16, {self.int8 / 1e9:.0f} GOP/s in int8, {self.memory / 1e9:.1f} GB/s"


if __name__ == "__main__":
    limit = Limit.measured(2)
    least = " or ".join(f"{1000 * limit.seconds(20, type):.0f} ms at {type}" for type in ("bf16", "int8"))
    print(f"{limit}: a caption of 20 tokens takes {least} at least")
