"""Clients that want other versions of openai than server_clients.py's: litellm, llm, instructor, kserve. Called by it,
in an environment of Tests/requirements-clients.txt.

usage: more_clients.py BASE PICTURE
"""

import asyncio
import base64
import json
import os
import pathlib
import subprocess
import sys
import tempfile
from typing import Literal

# Else it asks the web for prices.
os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

import instructor  # noqa: E402
import kserve  # noqa: E402
import litellm  # noqa: E402
import numpy  # noqa: E402
import openai  # noqa: E402
import pydantic  # noqa: E402

CAPTION = "four dogs on a yellow background"
QUESTION = "how many dogs are there?"


class Picture(pydantic.BaseModel):
    """What a picture shows."""

    title: str
    dog_count: int
    background_color: Literal["red", "yellow", "blue"]
    has_dog: bool

    def check(self):
        assert (self.title, self.dog_count, self.background_color, self.has_dog) == (CAPTION, 4, "yellow", True), self


def messages(picture, text):
    url = "data:image/png;base64," + base64.b64encode(picture.read_bytes()).decode()
    return [{"role": "user", "content": [
        {"type": "text", "text": text}, {"type": "image_url", "image_url": {"url": url}}]}]


def litellm_client(base, picture):
    for model, address in (("openai/demo", base + "v1"), ("ollama_chat/demo", base.rstrip("/")),
                           ("ollama/demo", base.rstrip("/"))):
        ask = lambda text, **more: litellm.completion(  # noqa: E731
            model=model, api_base=address, api_key="key", messages=messages(picture, text), num_retries=0, **more)
        assert ask(QUESTION).choices[0].message.content.strip() == "4", model
        assert ask("Describe the image.").choices[0].message.content.strip() == CAPTION, model
        pieces = [piece.choices[0].delta.content or "" for piece in ask("Describe the image.", stream=True)]
        assert "".join(pieces).strip() == CAPTION, (model, pieces)
        filled = ask("Extract the details.", response_format=Picture).choices[0].message.content
        Picture.model_validate_json(filled).check()
    vector = litellm.embedding(model="openai/demo", api_base=base + "v1", api_key="key", input=[CAPTION])
    assert abs(numpy.linalg.norm(vector.data[0]["embedding"]) - 1) < 1e-3


def llm_program(base, picture):
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "extra-openai-models.yaml").write_text(json.dumps([{
            "model_id": "blip", "model_name": "demo", "api_base": base + "v1", "vision": True, "supports_schema": True,
            "supports_tools": True, "api_key_name": "blip"}]))
        pathlib.Path(folder, "keys.json").write_text(json.dumps({"blip": "key"}))

        def llm(*arguments):
            program = pathlib.Path(sys.executable).with_name("llm")
            return subprocess.check_output(
                [program, "-m", "blip", "-a", picture, "--no-log", *arguments], text=True,
                env={**os.environ, "LLM_USER_PATH": folder}).strip()

        assert llm(QUESTION) == "4"
        assert llm("--no-stream", "Describe the image.") == CAPTION
        details = json.loads(llm("--schema", "dog_count int, has_dog bool", "Extract the details."))
        assert details == {"dog_count": 4, "has_dog": True}, details


def instructor_client(base, picture):
    client = openai.OpenAI(base_url=base + "v1", api_key="key", max_retries=0)
    modes = [instructor.Mode.TOOLS, instructor.Mode.JSON, instructor.Mode.JSON_SCHEMA, instructor.Mode.MD_JSON]
    for mode in modes:
        instructor.from_openai(client, mode=mode).chat.completions.create(
            model="demo", response_model=Picture, max_retries=0,
            messages=messages(picture, "Extract the details.")).check()


def kserve_client(base, picture):
    async def ask():
        client = kserve.InferenceRESTClient(kserve.RESTConfig(protocol="v2", retries=0))
        headers, address = {"x-api-key": "key"}, base.rstrip("/")
        assert await client.is_server_live(address) and await client.is_server_ready(address)
        assert await client.is_model_ready(address, "demo", headers=headers)

        def tensor(name, text):
            return kserve.InferInput(name=name, shape=[1], datatype="BYTES", data=[text])

        def infer(*inputs):
            return client.infer(address, kserve.InferRequest(model_name="demo", infer_inputs=list(inputs)),
                                model_name="demo", headers=dict(headers))

        image = tensor("image", base64.b64encode(picture.read_bytes()).decode())
        caption = await infer(image)
        assert caption.outputs[0].data == [CAPTION], caption
        answer = await infer(image, tensor("question", QUESTION))
        assert answer.outputs[0].data == ["4"], answer
        await client.close()

    asyncio.run(ask())


def main():
    base, picture = sys.argv[1], pathlib.Path(sys.argv[2])
    failed = 0
    for test in (litellm_client, llm_program, instructor_client, kserve_client):
        try:
            test(base, picture)
            print(f"ok      {test.__name__}", flush=True)
        except Exception as error:  # noqa: BLE001: every failure is told of
            failed += 1
            print(f"FAILED  {test.__name__}: {error!r}", flush=True)
    sys.exit(1 if failed else 0)


main()
