"""Requests in the form in which products send them: whole bodies, made anew, with what their reader needs of the
answer. Called by server_clients.py, or alone:

usage: product_requests.py BASE [WORDS]     (a running `blip serve --precision f32`; only products with these words)

A request is answered with what its client can read, or refused with 400 or 404 and a sentence; never is there a 200
that breaks the client.
"""

import base64
import json
import pathlib
import sys
import urllib.error
import urllib.request

import jsonschema

SAMPLES = pathlib.Path(__file__).parents[2] / "Samples"
CAPTION = "four dogs on a yellow background"
ENCODED = {}


def encoded(name="four-dogs"):
    if name not in ENCODED:
        ENCODED[name] = base64.b64encode((SAMPLES / f"{name}.png").read_bytes()).decode()
    return ENCODED[name]


def url(name="four-dogs", kind="image/png"):
    return f"data:{kind};base64,{encoded(name)}"


def part(name="four-dogs", **more):
    return {"type": "image_url", "image_url": {"url": url(name), **more}}


def say(text):
    return {"type": "text", "text": text}


def user(*content):
    return {"role": "user", "content": list(content)}


def system(text):
    return {"role": "system", "content": text}


def chat(*messages, **more):
    return "v1/chat/completions", {"model": "demo", "messages": list(messages), **more}


def responses(*content, **more):
    return "v1/responses", {"model": "demo", "input": [{"role": "user", "content": list(content)}], **more}


def ollama(text, *names, **more):
    """A turn of Ollama's chat."""
    message = {"role": "user", "content": text, "images": [encoded(name) for name in names or ("four-dogs",)]}
    return "api/chat", {"model": "demo", "messages": [*more.pop("before", []), message], "stream": False, **more}


def generate(text, **more):
    return "api/generate", {"model": "demo", "prompt": text, "images": [encoded()], "stream": False, **more}


def members(**types):
    return {"type": "object", "properties": {name: {"type": kind} for name, kind in types.items()},
            "required": list(types), "additionalProperties": False}


def strict(name, schema):
    return {"type": "json_schema", "json_schema": {"name": name, "strict": True, "schema": schema}}


def tool(name, schema, **more):
    return {"type": "function", "function": {"name": name, "description": "", "parameters": schema, **more}}


# What an answer must be.
def text(wanted=CAPTION):
    def check(answer):
        assert answer.get("text") == wanted, answer
    return check


def some_json(schema, **values):
    """JSON that fits, with some values."""
    def check(answer):
        value = json.loads(answer["text"])
        jsonschema.validate(value, schema)
        for name, wanted in values.items():
            assert value[name] == wanted, value
    return check


def call(name, schema, **values):
    def check(answer):
        (called, arguments), = answer["calls"]
        assert called == name, answer
        some_json(schema, **values)({"text": arguments})
    return check


def refused(words, *statuses):
    def check(answer):
        assert answer["status"] in (statuses or (400,)), answer
        assert words in answer["error"], answer
    return check


LABELS = {"type": "array", "items": {"type": "string"}, "minItems": 1}
DETAILS = members(title="string", dog_count="integer", has_dog="boolean")
RIGHT = dict(title=CAPTION, dog_count=4, has_dog=True)
NOTE = json.dumps(DETAILS)
# As Frigate has it, without limits of numbers, which it leaves out for Ollama.
REVIEW = {"type": "object", "properties": {
    "observations": {"type": "array", "minItems": 3, "maxItems": 15,
                     "items": {"type": "string", "minLength": 20, "maxLength": 160}},
    "title": {"type": "string", "maxLength": 80}, "scene": {"type": "string", "minLength": 150, "maxLength": 600},
    "shortSummary": {"type": "string", "minLength": 70, "maxLength": 120}, "confidence": {"type": "number"},
    "potential_threat_level": {"type": "integer"}},
    "required": ["observations", "title", "scene", "shortSummary", "confidence", "potential_threat_level"]}

REQUESTS = [
    ("AnythingLLM, Ollama", ollama(
        "What is in this image?", keep_alive=300, options={"num_ctx": 4096, "use_mlock": True, "temperature": 0.7, "seed": 1},
        before=[system("Given the conversation, the context and a question, answer what the user asks.")]), None),
    ("AnythingLLM, OpenAI", chat(
        system("Given the conversation, the context and a question, answer what the user asks."),
        user(say("how many dogs are there?"), part(detail="high")), temperature=0, max_tokens=1024), text("4")),
    ("Dify: is the key right?", chat({"role": "user", "content": "ping"}, max_tokens=5, stream=False), text(
        "Hello. I describe pictures and answer questions about them; send me one.")),
    ("Dify: structured output", chat(
        system("You look at pictures."), user(part(), say("Fill in the form.")), temperature=0, top_p=1, user="abc",
        response_format=strict("form", DETAILS)), some_json(DETAILS, **RIGHT)),
    ("LibreChat", chat(
        system("You are a friendly assistant."), user(say("Describe the image."), part(detail="auto")),
        user="65f", stream=False, temperature=0, presence_penalty=0, frequency_penalty=0), text()),
    ("Flowise, langchain.js", chat(
        user(say("how many dogs are there?"), part()), temperature=0, n=1, stream=False, top_p=1), text("4")),
    ("Continue", ollama(
        "how many dogs are there?", keep_alive=1800, options={
            "num_predict": 4096, "num_ctx": 8192, "stop": ["<|im_start|>", "<|im_end|>"], "temperature": 0}), text("4")),
    ("Vercel AI SDK, generateObject", chat(
        user(say("Extract the details."), {"type": "image_url", "image_url": {"url": url(kind="image/*")}}),
        response_format=strict("response", {"$schema": "http://json-schema.org/draft-07/schema#", **DETAILS})),
     some_json(DETAILS, **RIGHT)),
    ("Vercel AI SDK, a provider without schemas", chat(
        system(f"JSON schema:\n{NOTE}\nYou MUST answer with a JSON object that fits the schema above."),
        user(say("Extract the details."), part()), response_format={"type": "json_object"}), some_json(DETAILS, **RIGHT)),
    ("Vercel AI SDK, responses", responses(
        {"type": "input_text", "text": "Extract the details."}, {"type": "input_image", "image_url": url()},
        text={"format": {"type": "json_schema", "name": "response", "strict": True, "schema": DETAILS}}, store=True,
        include=["reasoning.encrypted_content"]), some_json(DETAILS, **RIGHT)),
    ("instructor, JSON mode", chat(
        system("Understand the content and give the objects as json that match this json_schema:\n\n"
               f"{json.dumps(DETAILS, indent=2)}\n\nReturn an instance of the JSON, not the schema itself"),
        user(say("Extract the details."), part()), response_format={"type": "json_object"}), some_json(DETAILS, **RIGHT)),
    ("instructor, Markdown JSON mode", chat(
        system(f"Give objects in json that match this json_schema:\n\n{json.dumps(DETAILS, indent=2)}"),
        user(say("Extract the details."), part()),
        {"role": "user", "content": "Return the correct JSON response within a ```json codeblock. not the JSON_SCHEMA"}),
     some_json(DETAILS, **RIGHT)),
    ("langchain, JsonOutputParser", chat(
        user(say("Extract the details.\nThe output is to be formatted as a JSON instance that conforms to the JSON schema "
                 'below.\n\nFor example, for the schema {"properties": {"foo": {"title": "Foo", "type": "array", "items": '
                 '{"type": "string"}}}, "required": ["foo"]}\nthe object {"foo": ["bar", "baz"]} is well-formatted, and '
                 '{"properties": {"foo": ["bar", "baz"]}} is not.\n\nHere is the output schema:\n```\n'
                 + json.dumps({"properties": DETAILS["properties"], "required": DETAILS["required"]}) + "\n```"), part())),
     some_json(DETAILS, **RIGHT)),
    ("spring-ai, BeanOutputConverter", chat(
        user(say("Extract the details.\nYour response is to be in JSON format.\nOnly give RFC8259 compliant JSON.\n"
                 f"Here is the JSON Schema instance your output must adhere to:\n```{NOTE}```\n"), part())),
     some_json(DETAILS, **RIGHT)),
    ("spring-ai, Ollama", ollama("Extract the details.", format={
        "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "properties": {
            "title": {"type": "string"}, "dog_count": {"type": "integer", "format": "int32"},
            "has_dog": {"type": "boolean"}}, "required": list(RIGHT), "additionalProperties": False},
        options={"temperature": 0.7, "num_ctx": 2048}, tools=[]), some_json(DETAILS, **RIGHT)),
    ("LlamaIndex, PydanticOutputParser", chat(
        user(say(f"Extract the details.\n\nHere's a JSON schema to follow:\n{NOTE}\n\n"
                 "Output a valid JSON object but do not repeat the schema.\n"), part(detail="low"))),
     some_json(DETAILS, **RIGHT)),
    ("pydantic-ai, PromptedOutput", chat(
        system(f"Always respond with a JSON object that fits this schema:\n\n{NOTE}\n\nNo text or Markdown around it."),
        user(say("Extract the details."), part())), some_json(DETAILS, **RIGHT)),
    ("langchain4j", chat(
        user(say("Extract the details.\nYou must answer strictly in the following JSON format: {\n"
                 '"title": (type: string),\n"dog_count": (type: integer),\n"has_dog": (type: boolean)\n}'), part())),
     some_json(DETAILS, **RIGHT)),
    ("BAML", chat(
        user(say("Extract the details.\n\nAnswer in JSON using this schema:\n{\n  title: string,\n  dog_count: int,\n"
                 "  has_dog: bool,\n}"), part())), some_json(DETAILS, **RIGHT)),
    ("Agent DVR, home scripts", chat(
        user(say('Is there a dog? Respond with JSON only: {"has_dog": true|false, "dog_count": <number>, "title": "..."}'),
             part())), some_json(DETAILS, **RIGHT)),
    ("Node-RED flows", generate(
        'Answer only as JSON like {"has_dog": true/false, "dog_count": 0-20, "title": "short title"} and nothing else.'),
     some_json(DETAILS, **RIGHT)),
    ("scripts with comments in the example", generate(
        'Return JSON:\n{\n  "title": "...", // what it shows\n  "dog_count": 0, // how many\n  "has_dog": false,\n}'),
     some_json(DETAILS, **RIGHT)),
    ("semantic-kernel", chat(
        system("You look at pictures."), user(say("Extract the details."), part()), temperature=0,
        tools=[tool("Notes-Keep", DETAILS)], tool_choice="auto", parallel_tool_calls=False, max_tokens=200),
     call("Notes-Keep", DETAILS, **RIGHT)),
    ("Microsoft.Extensions.AI", chat(
        user(say("Extract the details."), part()), response_format=strict("Details", {
            "type": "object", "properties": {"title": {"type": ["string", "null"]}, "dog_count": {"type": "integer"},
                                             "has_dog": {"type": "boolean"}},
            "additionalProperties": False, "required": list(RIGHT)})), some_json(DETAILS, **RIGHT)),
    ("go-openai, older: functions", chat(
        user(say("Extract the details."), part()), functions=[{"name": "note", "parameters": DETAILS}],
        function_call={"name": "note"}), refused("tools")),
    ("older langchain: functions, none to be called", chat(
        user(say("how many dogs are there?"), part()), functions=[{"name": "note", "parameters": DETAILS}],
        function_call="none"), text("4")),
    ("haystack", chat(
        system("You are helpful."), user(say("how many dogs are there?"), part(detail="auto")), n=1, stop=None, tools=None),
     text("4")),
    ("ollama-python: two tools", ollama("how many dogs are there?", tools=[
        tool("weather", members(city="string")), tool("sum", members(a="integer", b="integer"))]), text("4")),
    ("ollama-js with zod", ollama("Extract the details.", format={
        "type": "object", "properties": {
            "title": {"type": "string"}, "has_dog": {"type": "boolean"},
            "dog_count": {"type": "integer", "minimum": -9007199254740991, "maximum": 9007199254740991}},
        "required": list(RIGHT), "additionalProperties": False, "$schema": "https://json-schema.org/draft/2020-12/schema"}),
     some_json(DETAILS, **RIGHT)),
    ("ComfyUI-Ollama", generate(
        "describe the image", format="", keep_alive="5m", system="You are an art expert.", think=False, context=None,
        options={"num_predict": -1, "top_k": 40, "top_p": 0.9, "temperature": 0, "seed": 42, "stop": "", "mirostat": 0,
                 "tfs_z": 1.0}), text()),
    ("Obsidian image analyzer", generate(
        "Describe the image. Use only keywords, such as: cat, tree. It is read by a computer.", keep_alive=0), None),
    ("Obsidian Copilot", chat(
        system("You are a note-taking assistant."), user(say("What do you see?"), part()), stream=False, temperature=0.1,
        max_tokens=6000), None),
    ("LM Studio's own example", chat(
        system("Always answer in rhymes."), user(say("What is this image?"), part()), temperature=0, max_tokens=-1,
        stream=False), text()),
    ("Nextcloud integration_openai", chat(
        user(say("how many dogs are there?"), part()), max_completion_tokens=1000, n=1, user="admin"), text("4")),
    ("Brave Leo", chat(
        system("You are Leo."), user(part(), say("how many dogs are there?")), stream=False, temperature=0.2,
        stop=["</answer>"]), text("4")),
    ("LrGeniusAI: keywords by kind", chat(
        system("You are a photographer's assistant."), user(say("Make title, caption and keywords."), part()),
        response_format=strict("result", {"type": "object", "properties": {
            "title": {"type": "string"}, "caption": {"type": "string"}, "alt text": {"type": "string"},
            "keywords": {"type": "object", "properties": {"Animals": LABELS, "Activities": {
                "type": "array", "items": {"type": "string"}}}, "required": ["Animals", "Activities"],
                "additionalProperties": False}}, "required": ["title", "caption", "alt text", "keywords"],
            "additionalProperties": False})),
     some_json({"required": ["title", "caption", "keywords"]}, caption=CAPTION, title=CAPTION)),
    ("Home Assistant LLM Vision: title by schema", chat(
        system("Make a title for what a camera saw."),
        user(say("Image 1:"), part(), say("Image 2:"), part("three-pigs"), say("Describe what happens.")),
        max_completion_tokens=3000, temperature=0, response_format=strict("event", members(title="string", description="string"))),
     some_json(members(title="string", description="string"))),
    ("Home Assistant 2026.2, openai: a structure", responses(
        {"type": "input_text", "text": "Is there a dog? How many?"}, {"type": "input_image", "image_url": url(), "detail": "auto"},
        max_output_tokens=3000, top_p=1.0, temperature=1.0, user="01J", store=False, text={"format": {
            "type": "json_schema", "name": "look", "schema": {
                "type": "object", "strict": True, "additionalProperties": False, "required": ["has_dog", "dog_count"],
                "properties": {"has_dog": {"type": "boolean", "description": "Is there a dog?"},
                               "dog_count": {"type": ["number", "null"]}}}}}),
     some_json(members(has_dog="boolean", dog_count="number"), has_dog=True, dog_count=4)),
    ("Home Assistant 2026.2, Ollama: a structure", ollama(
        "Look at the picture.", keep_alive=-1, options={"num_ctx": 8192}, think=False, tools=None, before=[
            system("You are a Home Assistant expert.")], format={
                "type": "object", "required": ["state"], "properties": {
                    "state": {"type": "string", "enum": ["dogs", "pigs"]}, "note": {"type": "string"}}}),
     some_json(members(state="string", note="string"), state="dogs")),
    ("ImageIndexer", chat(
        system("You are a helpful assistant."),
        user(say("Return a JSON object of a Description and Keywords.\n\nMake sure to include:\n\n - Animals, objects\n\n"
                 'Generate only a JSON object with these keys as follows {"Description": str, "Keywords": []}'), part()),
        max_tokens=250, temperature=0.2, top_p=1.0, top_k=100, min_p=0.05, rep_pen=1.01),
     some_json({"properties": {"Keywords": LABELS}, "required": ["Description", "Keywords"]}, Description=CAPTION)),
    ("Frigate, newest: review of an activity", ollama(
        "Your task is to analyze a sequence of images.\n\n## Response Field Guidelines\n\nRespond with a JSON object matching "
        "the schema.\n- `observations`: each arrival\n- `title`: the activity\n\n## Sequence Details\n\n- Camera: yard\n[img]\n"
        "Frame 2 (4s)\n[img]", "four-dogs", "three-pigs",
        options={"temperature": 0.5, "repeat_penalty": 1.05, "presence_penalty": 0.3}, think=False, format=REVIEW),
     some_json({**REVIEW, "properties": {**REVIEW["properties"], "confidence": {"minimum": 0, "maximum": 1},
                                         "potential_threat_level": {"enum": [0, 1, 2]}}})),
    ("Frigate, newest: embeddings", ("api/embed", {"model": "demo", "input": ["a dog", {"image": encoded()}]}), text("vectors")),
    ("Immich, OCR by a plug-in", chat(
        user(say("Extract all text from this image. Return only the text."), part())), refused("read texts")),
    ("paperless-gpt", ollama("Just transcribe the text in this image and preserve the formatting."), refused("read texts")),
    ("paperless-ai: no picture", chat(
        system("You analyze documents and return JSON."), {"role": "user", "content": "Invoice 12, 40 EUR"},
        response_format={"type": "json_object"}), refused("no picture")),
    ("vLLM's clients: guided_json", chat(
        user(say("Extract the details."), part()), guided_json=DETAILS), some_json(DETAILS, **RIGHT)),
    ("vLLM's clients: structured_outputs", chat(
        user(say("Extract the details."), part()), structured_outputs={"json": DETAILS}), some_json(DETAILS, **RIGHT)),
    ("vLLM's clients: guided_choice", chat(
        user(say("what color is the background?"), part()), guided_choice=["red", "yellow"]), text("yellow")),
    ("vLLM's clients: structured_outputs with a choice", chat(
        user(say("Is there a dog?"), part()), structured_outputs={"choice": ["no", "yes"]}), text("yes")),
    ("SGLang's clients: ebnf", chat(
        user(say("how many dogs are there?"), part()), ebnf='root ::= "4"'), refused("ebnf")),
    ("vLLM's clients: guided_regex", chat(
        user(say("how many dogs are there?"), part()), guided_regex="[0-9]+"), refused("guided_regex")),
    ("llama.cpp's clients: json_schema", chat(
        user(say("Extract the details."), part()), json_schema=DETAILS), some_json(DETAILS, **RIGHT)),
    ("llama.cpp's clients: a schema in json_object", chat(
        user(say("Extract the details."), part()), response_format={"type": "json_object", "schema": DETAILS}),
     some_json(DETAILS, **RIGHT)),
    ("llama.cpp's clients: grammar", chat(
        user(say("how many dogs are there?"), part()), grammar='root ::= "a"'), refused("grammar")),
    ("openai-python: an answer to hear", chat(
        user(say("Describe the image."), part()), modalities=["text", "audio"], audio={"voice": "alloy", "format": "wav"}),
     refused("audio")),
    ("openai-python: a document", chat(
        user(say("Describe it."), {"type": "file", "file": {"file_data": "data:application/pdf;base64,JVBERi0="}})),
     refused("file")),
    ("openai-python: a film", chat(
        user(say("Describe it."), {"type": "video_url", "video_url": {"url": "data:video/mp4;base64,AAAA"}})),
     refused("video_url")),
    ("openai-python: responses of a conversation", responses(
        {"type": "input_text", "text": "Describe it."}, {"type": "input_image", "image_url": url()}, conversation="conv_1"),
     refused("conversation")),
    ("openai-python: a stored prompt", ("v1/responses", {"model": "demo", "prompt": {"id": "pmpt_1"}}), refused("input")),
    ("openai-python: a file of an earlier upload", responses(
        {"type": "input_text", "text": "Describe it."}, {"type": "input_image", "file_id": "file_1"}), refused("image_url")),
    ("openai-python: a custom tool", responses(
        {"type": "input_text", "text": "Describe it."}, {"type": "input_image", "image_url": url()},
        tools=[{"type": "web_search"}]), refused("web_search")),
    ("smolagents, transformers: image parts", chat(
        user({"type": "image", "image": url()}, say("how many dogs are there?"))), text("4")),
    ("Anthropic's clients: image parts", chat(
        user({"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": encoded()}},
             say("how many dogs are there?"))), text("4")),
    ("Mistral's clients: a URL that is no object", chat(
        user(say("how many dogs are there?"), {"type": "image_url", "image_url": url()})), text("4")),
    ("Open WebUI: title of a chat", chat(
        {"role": "user", "content": "### Task:\nMake a title of 3 words.\n### Output:\nJSON format: { \"title\": \"...\" }\n"
         "### Chat History:\n<chat_history>\nUSER: what is this\nASSISTANT: a dog\n</chat_history>"}, max_completion_tokens=1000),
     refused("no picture")),
    ("a chat that goes on", chat(
        user(say("Describe the image."), part()), {"role": "assistant", "content": CAPTION},
        {"role": "user", "content": "how many dogs are there?"}), text("4")),
    ("an assistant's words begun", chat(
        user(say("Extract the details as JSON with title, dog_count and has_dog."), part()),
        {"role": "assistant", "content": "{"}), some_json({"required": ["title"]})),
    ("an agent after its tool", chat(
        user(say("how many dogs are there?"), part()),
        {"role": "assistant", "content": None, "tool_calls": [
            {"id": "c1", "type": "function", "function": {"name": "look", "arguments": "{}"}}]},
        {"role": "tool", "tool_call_id": "c1", "content": "done"}, tools=[tool("look", members(n="integer"))]), text("4")),
    ("Anthropic's protocol", ("v1/messages", {"model": "demo", "max_tokens": 10, "messages": []}), refused("", 404)),
    ("older completions", ("v1/completions", {"model": "demo", "prompt": "a"}), refused("", 404)),
    ("TGI", ("generate", {"inputs": "![](data:)"}), refused("", 404)),
    ("Immich's machine learning", ("predict", {"entries": "{}"}), refused("", 404)),
    ("CodeProject.AI", ("v1/vision/detection", {}), refused("", 404)),
]


def read(path, reply):
    """What a client reads of an answer: text or calls, with what it cannot do without."""
    if path == "v1/chat/completions":
        assert reply["object"] == "chat.completion" and reply["id"] and isinstance(reply["created"], int), reply
        choice, = reply["choices"]
        message = choice["message"]
        assert message["role"] == "assistant" and "content" in message, reply
        assert reply["usage"]["total_tokens"] >= 0, reply
        calls = message.get("tool_calls") or []
        assert choice["finish_reason"] == ("tool_calls" if calls else "stop"), reply
        assert all(each["id"] and each["type"] == "function" for each in calls), reply
        return {"text": message["content"], "calls": [
            (each["function"]["name"], each["function"]["arguments"]) for each in calls]}
    if path == "v1/responses":
        assert reply["object"] == "response" and reply["status"] == "completed", reply
        parts = [part for item in reply["output"] if item["type"] == "message" for part in item["content"]]
        assert all(part["type"] == "output_text" and part["annotations"] == [] for part in parts), reply
        return {"text": "".join(part["text"] for part in parts)}
    if path == "api/embed":
        lengths = {len(vector) for vector in reply["embeddings"]}
        assert len(lengths) == 1 and len(reply["embeddings"]) == 2, reply
        return {"text": "vectors"}
    assert reply["done"] is True and reply["done_reason"] == "stop" and reply["created_at"], reply
    message = reply.get("message") or {"content": reply.get("response")}
    return {"text": message["content"]}


def streamed(path, lines):
    """The same of a stream, put together as clients do it."""
    pieces, calls, ends = [], {}, 0
    for line in lines:
        line = line.strip()
        if path.startswith("api/"):
            event = json.loads(line)
            assert "error" not in event, event
            pieces.append((event.get("message") or {"content": event.get("response")})["content"])
            ends += event["done"]
            continue
        if not line.startswith(b"data:") or line == b"data: [DONE]":
            ends += line == b"data: [DONE]"
            continue
        event = json.loads(line[5:])
        if path == "v1/responses":
            ends += event["type"] == "response.completed"
            if event["type"] == "response.output_text.delta":
                pieces.append(event["delta"])
            continue
        for choice in event["choices"]:
            pieces.append(choice["delta"].get("content") or "")
            for call in choice["delta"].get("tool_calls") or []:
                name, arguments = calls.get(call["index"], ("", ""))
                function = call["function"]
                calls[call["index"]] = (name + (function.get("name") or ""), arguments + function["arguments"])
    assert ends == 1, "no end, or several"
    return {"text": "".join(pieces), "calls": list(calls.values())}


def ask(base, path, body, key="key"):
    request = urllib.request.Request(
        base + path, json.dumps(body).encode(), {"Content-Type": "application/json", "Authorization": f"Bearer {key}"})
    try:
        with urllib.request.urlopen(request, timeout=120) as reply:
            return streamed(path, reply) if body.get("stream") else read(path, json.load(reply))
    except urllib.error.HTTPError as failure:
        error = json.load(failure)["error"]
        return {"status": failure.code, "error": error if isinstance(error, str) else error["message"]}


def failures(base, words=()):
    for name, (path, body), check in REQUESTS:
        if not all(word in name for word in words):
            continue
        try:
            answer = ask(base, path, body)
            if check:
                check(answer)
            else:
                assert answer.get("text"), answer
            if "status" not in answer and path != "api/embed":
                again = ask(base, path, {**body, "stream": True})
                assert all(again[key] == value for key, value in answer.items() if value), (answer, again)
        except Exception as error:  # noqa: BLE001: every failure is told of
            yield f"{name}: {error!r}"


def product_requests(base, picture):
    """As one of server_clients.py's tests."""
    wrong = list(failures(base))
    assert not wrong, "\n".join(wrong)


if __name__ == "__main__":
    told = list(failures(sys.argv[1].rstrip("/") + "/", sys.argv[2:]))
    print("\n".join(told))
    print(f"{len(REQUESTS)} requests, {len(told)} wrong")
    sys.exit(1 if told else 0)
