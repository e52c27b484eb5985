"""Clients that want JSON by a schema or a function called, each in its own way, and random schemas
whose answers jsonschema checks. Called by server_clients.py; alone for more schemas than its 300:

usage: structured_clients.py BASE PICTURE COUNT
"""

import base64
import json
import pathlib
import random
import sys
import urllib.error
import urllib.request
from typing import Literal, Optional

import jsonschema
import langchain_core.messages
import langchain_ollama
import langchain_openai
import ollama
import openai
import pydantic
import pydantic_ai
import pydantic_ai.models.openai
import pydantic_ai.providers.openai

CAPTION = "four dogs on a yellow background"


class Picture(pydantic.BaseModel):
    """What a picture shows."""

    title: str
    dog_count: int = pydantic.Field(ge=0, le=20)
    background_color: Literal["red", "yellow", "blue"]
    has_dog: bool
    sign: Optional[bool] = None

    def check(self):
        assert (self.title, self.dog_count, self.background_color, self.has_dog) == (
            CAPTION, 4, "yellow", True), self


def parts(picture, text):
    url = "data:image/png;base64," + base64.b64encode(picture.read_bytes()).decode()
    return [{"type": "text", "text": text}, {"type": "image_url", "image_url": {"url": url}}]


def messages(picture, text="Extract the details."):
    return [{"role": "user", "content": parts(picture, text)}]


def openai_parse(base, picture):
    client = openai.OpenAI(base_url=base + "v1", api_key="key", max_retries=0)
    completion = client.chat.completions.parse(
        model="demo", messages=messages(picture), response_format=Picture)
    completion.choices[0].message.parsed.check()
    probabilities = completion.model_extra["understood"]["probabilities"]
    assert probabilities["/dog_count"] > 0.5, probabilities
    with client.chat.completions.stream(
            model="demo", messages=messages(picture), response_format=Picture) as stream:
        stream.get_final_completion().choices[0].message.parsed.check()
    picture_url = parts(picture, "")[1]["image_url"]["url"]
    response = client.responses.parse(model="demo", text_format=Picture, input=[{
        "role": "user", "content": [{"type": "input_image", "image_url": picture_url}]}])
    response.output_parsed.check()


def openai_tools(base, picture):
    client = openai.OpenAI(base_url=base + "v1", api_key="key", max_retries=0)
    tool = openai.pydantic_function_tool(Picture, name="note")
    for choice in ("required", "auto", {"type": "function", "function": {"name": "note"}}):
        message = client.chat.completions.create(
            model="demo", messages=messages(picture), tools=[tool], tool_choice=choice).choices[0]
        assert message.finish_reason == "tool_calls", message
        Picture.model_validate_json(message.message.tool_calls[0].function.arguments).check()
    with client.chat.completions.stream(
            model="demo", messages=messages(picture), tools=[tool]) as stream:
        call = stream.get_final_completion().choices[0].message.tool_calls[0]
    call.function.parsed_arguments.check()
    stopped = client.chat.completions.create(
        model="demo", messages=messages(picture, "Describe the image."), stop=[" on"])
    assert stopped.choices[0].message.content == "four dogs", stopped


def ollama_format(base, picture):
    client = ollama.Client(host=base, headers={"Authorization": "Bearer key"})
    chat = [{"role": "user", "content": "Extract the details.", "images": [str(picture)]}]
    schema = Picture.model_json_schema()
    reply = client.chat(model="demo", messages=chat, format=schema)
    Picture.model_validate_json(reply.message.content).check()
    pieces = client.chat(model="demo", messages=chat, format=schema, stream=True)
    Picture.model_validate_json("".join(piece.message.content for piece in pieces)).check()
    loose = client.generate(
        model="demo", prompt="Give title and tags.", images=[str(picture)], format="json")
    assert "dog" in json.loads(loose.response)["tags"], loose.response
    tool = {"type": "function", "function": {"name": "note", "parameters": schema}}
    call = client.chat(model="demo", messages=chat, tools=[tool]).message.tool_calls[0]
    Picture.model_validate(call.function.arguments).check()


def langchain(base, picture):
    message = langchain_core.messages.HumanMessage(content=parts(picture, "Extract the details."))
    for model in (
            langchain_openai.ChatOpenAI(model="demo", base_url=base + "v1", api_key="key"),
            langchain_ollama.ChatOllama(
                model="demo", base_url=base,
                client_kwargs={"headers": {"Authorization": "Bearer key"}})):
        for method in ("json_schema", "function_calling"):
            model.with_structured_output(Picture, method=method).invoke([message]).check()


def pydantic_agents(base, picture):
    provider = pydantic_ai.providers.openai.OpenAIProvider(base_url=base + "v1", api_key="key")
    model = pydantic_ai.models.openai.OpenAIChatModel("demo", provider=provider)
    content = pydantic_ai.BinaryContent(picture.read_bytes(), media_type="image/png")
    for output in (Picture, pydantic_ai.NativeOutput(Picture)):
        agent = pydantic_ai.Agent(model, output_type=output)
        agent.run_sync(["Extract the details.", content]).output.check()


def schema(draw, depth=0):
    """One of the kinds that the server fills."""
    kinds = ["enum", "boolean", "integer", "number", "string", "null", "const"]
    kind = draw.choice(kinds + (["object", "array", "anyOf"] * 2 if depth < 3 else []))
    if kind == "enum":
        return {"enum": draw.sample(["red", "blue", "a b", 1, 2.5, True, None], draw.randint(1, 4))}
    if kind == "const":
        return {"const": draw.choice(["x", 3, None, [1], {"a": "é"}])}
    if kind in ("integer", "number"):
        low = draw.randint(-9, 9) / (1 if kind == "integer" else 4)
        limits = [("minimum", low), ("maximum", low + 7), ("multipleOf", draw.choice([1, 2, 3]))]
        return {"type": kind, **dict(draw.sample(limits, draw.randint(0, 3)))}
    if kind == "string":
        low = draw.randint(0, 9)
        limits = [("minLength", low), ("maxLength", low + draw.randint(0, 30))]
        return {"type": kind, **dict(draw.sample(limits, draw.randint(0, 2)))}
    if kind == "array":
        low = draw.randint(0, 2)
        return {"type": kind, "items": schema(draw, depth + 1), "minItems": low,
                "maxItems": low + draw.randint(0, 2)}
    if kind == "anyOf":
        return {"anyOf": [schema(draw, depth + 1) for _ in range(2)]}
    if kind == "object":
        names = draw.sample(["dogs", "has_cat", "color", "tags", "name", "score", "a/b", "Ü"],
                            draw.randint(0, 3))
        return {"type": kind, "properties": {name: schema(draw, depth + 1) for name in names},
                "required": draw.sample(names, draw.randint(0, len(names))),
                "additionalProperties": draw.choice([True, False])}
    return {"type": kind}


def random_schemas(base, picture, count=300):
    """A tenth may be refused, for their size; what is answered is valid."""
    draw = random.Random(16)
    image = base64.b64encode(picture.read_bytes()).decode()
    answered = 0
    for _ in range(count):
        drawn = {"type": "object", "required": ["value"], "properties": {"value": schema(draw)}}
        body = json.dumps({"images": [image], "prompt": "Go.", "format": drawn, "stream": False})
        request = urllib.request.Request(
            base + "api/generate", body.encode(),
            {"Content-Type": "application/json", "X-API-Key": "key"})
        try:
            reply = json.load(urllib.request.urlopen(request, timeout=120))
        except urllib.error.HTTPError as refused:
            error = json.load(refused)["error"]
            assert refused.code == 400 and " at " in error, (drawn, error)
            continue
        value = json.loads(reply["response"])
        jsonschema.validate(value, drawn, cls=jsonschema.Draft202012Validator)
        pointers = reply["understood"]["probabilities"]
        assert all(0 <= probability <= 1 for probability in pointers.values()), pointers
        answered += 1
    assert answered >= 0.9 * count, answered
    return answered


TESTS = [openai_parse, openai_tools, ollama_format, langchain, pydantic_agents, random_schemas]

if __name__ == "__main__":
    wanted = int(sys.argv[3])
    filled = random_schemas(sys.argv[1], pathlib.Path(sys.argv[2]), wanted)
    print(f"{wanted} schemas: {filled} answered, all valid; {wanted - filled} refused by their path")
