"""BLIP in PyTorch through transformers, stage by stage as its generate() does it."""

import protocol  # first: it starts the clock
import torch
from PIL import Image
from protocol import Clock, lengths
from transformers import AutoConfig, AutoTokenizer, BlipForConditionalGeneration, BlipForQuestionAnswering, logging
from transformers.models.blip.image_processing_pil_blip import BlipImageProcessorPil

DTYPES = {"bf16": torch.bfloat16, "fp32": torch.float32}


class Pipeline:
    def __init__(self, given):
        torch.set_num_threads(given.threads)
        logging.set_verbosity_error()
        logging.disable_progress_bar()
        named = AutoConfig.from_pretrained(given.model).architectures or []
        answers = "BlipForQuestionAnswering" in named
        kind = BlipForQuestionAnswering if answers else BlipForConditionalGeneration
        self.model = kind.from_pretrained(given.model, dtype=DTYPES[given.dtype]).eval()
        self.text = self.model.config.text_config
        self.tokenizer = AutoTokenizer.from_pretrained(given.model)
        self.processor = BlipImageProcessorPil.from_pretrained(given.model)

    @torch.inference_mode()
    def run(self, command: dict, clock: Clock) -> tuple[list[int], str]:
        with clock.stage("preprocess"):
            pixels = self.processor(Image.open(command["image"]), return_tensors="pt").pixel_values
        with clock.stage("vision"):
            states = self.model.vision_model(pixels)[0]
        if command["task"] == "vqa":
            with clock.stage("text"):
                asked = self.tokenizer(command["question"], return_tensors="pt").input_ids
                states = self.model.text_encoder(asked, encoder_hidden_states=states)[0]
        with clock.stage("decode"):
            written = self.model.text_decoder.generate(
                input_ids=torch.tensor([[self.text.bos_token_id]]), encoder_hidden_states=states,
                eos_token_id=self.text.sep_token_id, pad_token_id=self.text.pad_token_id, **lengths(command),
            )
            ids = written[0, 1:].tolist()
            return ids, self.tokenizer.decode(ids, skip_special_tokens=True)


if __name__ == "__main__":
    parser = protocol.arguments(__doc__)
    parser.add_argument("--dtype", choices=list(DTYPES), default="bf16")
    protocol.main(Pipeline, parser)
