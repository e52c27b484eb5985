"""BLIP as the OpenVINO notebook runs it: three IR models, and transformers' generate() driving the decoder in Python.

The IR is made on the first run (FP16, or with --int8 NNCF's: quantized vision, int8 weights in the decoder) and kept
beside the checkpoint. Unlike the notebook this keeps no PyTorch weights in memory once the IR is there.
"""

import protocol  # first: it starts the clock
from pathlib import Path

import numpy as np
import openvino as ov
import torch
from PIL import Image
from protocol import Clock, lengths
from transformers import AutoConfig, AutoTokenizer, logging
from transformers.modeling_outputs import CausalLMOutputWithCrossAttentions
from transformers.models.blip.image_processing_pil_blip import BlipImageProcessorPil
from transformers.models.blip.modeling_blip_text import BlipTextLMHeadModel

FILES = {"vision": "vision.xml", "encoder": "text_encoder.xml", "decoder": "text_decoder.xml"}


def is_current(ir: Path, model: Path) -> bool:
    """Whether the IR is there and not older than the checkpoint. The decoder is written last."""
    made = ir / FILES["decoder"]
    newest = max(file.stat().st_mtime for file in model.iterdir())
    return made.exists() and made.stat().st_mtime >= newest


class Decoder(BlipTextLMHeadModel):
    """transformers' generation around an OpenVINO decoder. The layers of the parent class stay empty."""

    def __init__(self, config, compiled: ov.CompiledModel):
        small = type(config)(**{**config.to_dict(), "vocab_size": 8, "hidden_size": 8, "num_hidden_layers": 1,
                                "num_attention_heads": 1, "intermediate_size": 8, "max_position_embeddings": 8,
                                "pad_token_id": 0})
        super().__init__(small)
        self.config, self.compiled = config, compiled
        self.past: list = []

    def begin(self, batch: int) -> None:
        size = self.config.hidden_size // self.config.num_attention_heads
        empty = np.zeros((batch, self.config.num_attention_heads, 0, size), np.float32)
        self.past = [empty] * (2 * self.config.num_hidden_layers)

    def forward(self, input_ids, encoder_hidden_states=None, past_key_values=None, **_):
        results = self.compiled([input_ids, encoder_hidden_states, *self.past])
        self.past = [results[index] for index in range(1, len(results))]
        logits = torch.from_numpy(results[0])
        return CausalLMOutputWithCrossAttentions(logits=logits, past_key_values=past_key_values)


class Pipeline:
    def __init__(self, given):
        torch.set_num_threads(given.threads)
        logging.set_verbosity_error()
        ir = Path(given.ir or str(Path(given.model)).rstrip("/") + ("-notebook-int8" if given.int8 else "-notebook"))
        if not is_current(ir, Path(given.model)):
            from export import export  # torch's and NNCF's machinery, not needed later

            export(given.model, ir, given.int8, given.calibrate)
        options = {"INFERENCE_NUM_THREADS": given.threads}
        if given.precision != "auto":
            options["INFERENCE_PRECISION_HINT"] = given.precision
        if given.cache:
            options["CACHE_DIR"] = given.cache
        core = ov.Core()
        compiled = {
            name: core.compile_model(ir / file, "CPU", options) for name, file in FILES.items() if (ir / file).exists()
        }
        self.text = AutoConfig.from_pretrained(given.model).text_config
        self.vision, self.encoder = compiled["vision"], compiled.get("encoder")
        self.decoder = Decoder(self.text, compiled["decoder"]).eval()
        self.tokenizer = AutoTokenizer.from_pretrained(given.model)
        self.processor = BlipImageProcessorPil.from_pretrained(given.model)

    @torch.inference_mode()
    def run(self, command: dict, clock: Clock) -> tuple[list[int], str]:
        with clock.stage("preprocess"):
            pixels = self.processor(Image.open(command["image"]), return_tensors="np").pixel_values
        with clock.stage("vision"):
            states = self.vision(pixels)[0]
        if command["task"] == "vqa":
            with clock.stage("text"):
                asked = self.tokenizer(command["question"], return_tensors="np").input_ids
                states = self.encoder([asked, states])[0]
        with clock.stage("decode"):
            self.decoder.begin(1)
            written = self.decoder.generate(
                input_ids=torch.tensor([[self.text.bos_token_id]]), encoder_hidden_states=torch.from_numpy(states),
                eos_token_id=self.text.sep_token_id, pad_token_id=self.text.pad_token_id, **lengths(command),
            )
            ids = written[0, 1:].tolist()
            return ids, self.tokenizer.decode(ids, skip_special_tokens=True)


if __name__ == "__main__":
    parser = protocol.arguments(__doc__)
    parser.add_argument("--int8", action="store_true", help="NNCF's quantized vision and int8 decoder weights")
    parser.add_argument("--calibrate", metavar="FOLDER", help="photos for --int8")
    parser.add_argument("--ir", metavar="DIR", help="where the IR is kept (default: beside the checkpoint)")
    parser.add_argument("--precision", choices=["auto", "f32", "bf16"], default="auto")
    parser.add_argument("--cache", metavar="DIR", help="OpenVINO's cache of compiled models")
    protocol.main(Pipeline, parser)
