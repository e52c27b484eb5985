"""Real clients against `blip serve`: openai (plain, streaming, async), ollama, tritonclient, curl, Chromium, those of
structured_clients.py and more_clients.py, and the requests of product_requests.py.

usage: server_clients.py BLIP PICTURE     (the sample of four dogs)
"""

import asyncio
import base64
import json
import pathlib
import shutil
import signal
import subprocess
import sys

import numpy
import ollama
import openai
import tritonclient.http as triton
import product_requests
import structured_clients
from PIL import Image
from playwright.sync_api import expect, sync_playwright

CAPTION = "four dogs on a yellow background"
QUESTION = "how many dogs are there?"
PHOTOS = 0  # in the library


def messages(picture, text=None):
    url = "data:image/png;base64," + base64.b64encode(picture.read_bytes()).decode()
    parts = [{"type": "image_url", "image_url": {"url": url}}]
    if text:
        parts.insert(0, {"type": "text", "text": text})
    return [{"role": "user", "content": parts}]


def openai_plain(base, picture):
    client = openai.OpenAI(base_url=base + "v1", api_key="key", max_retries=0)
    completion = client.chat.completions.create(model="demo", messages=messages(picture, QUESTION))
    assert completion.choices[0].message.content == "4", completion
    assert completion.choices[0].finish_reason == "stop"
    assert completion.usage.completion_tokens == 1
    drawn = client.chat.completions.create(
        model="demo", messages=messages(picture), n=3, temperature=0.5, top_p=0.9, seed=1,
        max_tokens=30)
    assert len(drawn.choices) == 3
    likely = client.chat.completions.create(
        model="demo", messages=messages(picture), logprobs=True).choices[0].logprobs.content
    assert "".join(token.token for token in likely) == CAPTION, likely
    assert all(token.logprob <= 0 for token in likely), likely
    assert [model.id for model in client.models.list()] == ["demo"]
    assert client.models.retrieve("demo").id == "demo"


def openai_streaming(base, picture):
    client = openai.OpenAI(base_url=base + "v1", api_key="key", max_retries=0)
    stream = client.chat.completions.create(
        model="demo", messages=messages(picture), stream=True,
        stream_options={"include_usage": True})
    chunks = list(stream)
    pieces = [chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices]
    assert "".join(pieces) == CAPTION, pieces
    assert len([piece for piece in pieces if piece]) > 3, "token by token"
    assert chunks[-1].usage.completion_tokens == 6


def openai_async(base, picture):
    async def ask():
        async with openai.AsyncOpenAI(
                base_url=base + "v1", api_key="key", max_retries=0) as client:
            return await asyncio.gather(*[
                client.chat.completions.create(model="demo", messages=messages(picture, QUESTION))
                for _ in range(16)])

    answers = [completion.choices[0].message.content for completion in asyncio.run(ask())]
    assert answers == ["4"] * 16, answers


def openai_several_pictures(base, picture):
    pigs = picture.with_name("three-pigs.png")
    client = openai.OpenAI(base_url=base + "v1", api_key="key", max_retries=0)
    completion = client.chat.completions.create(
        model="demo", messages=messages(picture) + messages(pigs, "is there a dog?"))
    assert completion.choices[0].message.content == "1: yes. 2: no", completion


def openai_responses(base, picture):
    client = openai.OpenAI(base_url=base + "v1", api_key="key", max_retries=0)
    parts = messages(picture, QUESTION)[0]["content"]
    asked = [{"role": "user", "content": [
        {"type": "input_text", "text": parts[0]["text"]},
        {"type": "input_image", "image_url": parts[1]["image_url"]["url"]}]}]
    response = client.responses.create(model="demo", input=asked)
    assert response.output_text == "4" and response.status == "completed", response
    assert response.usage.output_tokens == 1
    report = {"type": "function", "name": "report", "strict": True, "parameters": {
        "type": "object", "properties": {"dogs": {"type": "integer"}}, "required": ["dogs"], "additionalProperties": False}}
    called = client.responses.create(model="demo", input=asked, tools=[report]).output[0]
    assert called.type == "function_call" and json.loads(called.arguments) == {"dogs": 4}, called
    asked[0]["content"].pop(0)
    with client.responses.stream(model="demo", input=asked, max_output_tokens=100) as stream:
        pieces = [event.delta for event in stream if event.type == "response.output_text.delta"]
        final = stream.get_final_response()
    assert "".join(pieces) == final.output_text == CAPTION and len(pieces) > 3, pieces
    try:
        client.responses.create(model="demo", input=asked, previous_response_id="resp_1")
    except openai.BadRequestError:
        pass
    else:
        raise AssertionError("not refused: an earlier response")


def openai_embeddings(base, picture):
    client = openai.OpenAI(base_url=base + "v1", api_key="key", max_retries=0)
    url = messages(picture)[0]["content"][0]["image_url"]["url"]
    reply = client.embeddings.create(model="demo", input=[CAPTION, "three pigs", url])
    text, other, seen = (numpy.array(item.embedding) for item in reply.data)
    assert abs(numpy.linalg.norm(seen) - 1) < 1e-3
    assert text @ seen > other @ seen, (text @ seen, other @ seen)
    plain = client.embeddings.create(model="demo", input=CAPTION, encoding_format="float")
    assert numpy.allclose(plain.data[0].embedding, text, atol=1e-4)


def openai_errors(base, picture):
    client = openai.OpenAI(base_url=base + "v1", api_key="key", max_retries=0)
    far = [{"role": "user", "content": [
        {"type": "image_url", "image_url": {"url": "https://example.org/a.png"}}]}]
    for bad, error in [
        (dict(messages=far), openai.BadRequestError),
        (dict(messages=[{"role": "user", "content": "how many?"}]), openai.BadRequestError),
    ]:
        try:
            client.chat.completions.create(model="demo", **bad)
        except error as raised:
            assert raised.body["message"], raised
        else:
            raise AssertionError(f"not refused: {bad}")
    wrong = openai.OpenAI(base_url=base + "v1", api_key="wrong", max_retries=0)
    try:
        wrong.models.list()
    except openai.AuthenticationError:
        pass
    else:
        raise AssertionError("a wrong key was taken")


def ollama_client(base, picture):
    client = ollama.Client(host=base, headers={"Authorization": "Bearer key"})
    assert [model.model for model in client.list().models] == ["demo"]
    reply = client.generate(model="demo", prompt="", images=[picture])
    assert reply.response == CAPTION and reply.done, reply
    pieces = [part.response for part in client.generate(
        model="demo", prompt="Describe this picture.", images=[picture.read_bytes()], stream=True)]
    assert "".join(pieces) == CAPTION and len(pieces) > 4, pieces
    chat = client.chat(model="demo", messages=[
        {"role": "user", "content": QUESTION, "images": [str(picture)]}])
    assert chat.message.content == "4", chat
    assert "vision" in client.show("demo").capabilities
    assert [model.model for model in client.ps().models] == ["demo"]
    assert client.pull("demo").status == "success"
    assert [part.status for part in client.pull("demo", stream=True)][-1] == "success"
    try:
        client.pull("llava")
    except ollama.ResponseError as refused:
        assert refused.status_code == 404, refused
    else:
        raise AssertionError("not refused: a model that is not there")
    vectors = client.embed(model="demo", input=[CAPTION, "three pigs"]).embeddings
    assert len(vectors) == 2 and len(vectors[0]) == len(vectors[1]), vectors


def triton_client(base, picture):
    """Both forms of the Open Inference Protocol: JSON, and binary tensors."""
    def tensor(name, values, binary):
        values = [value if binary or name != "image" else base64.b64encode(value) for value in values]
        tensor = triton.InferInput(name, [len(values)], "BYTES")
        tensor.set_data_from_numpy(numpy.array(values, dtype=object), binary_data=binary)
        return tensor

    with triton.InferenceServerClient(base.removeprefix("http://").rstrip("/")) as client:
        keys = {"x-api-key": "key"}  # infer() writes into what it is given
        assert client.is_server_live() and client.is_server_ready()
        assert client.is_model_ready("demo", headers=keys)
        assert client.is_model_ready("demo", "1", headers=keys)
        assert "binary_tensor_data" in client.get_server_metadata(headers=keys)["extensions"]
        model = client.get_model_metadata("demo", headers=keys)
        assert [given["name"] for given in model["inputs"]] == ["image", "question", "text"], model
        pixels = picture.read_bytes()
        for binary in (True, False):
            ask = lambda inputs, *outputs, **more: client.infer(  # noqa: E731
                "demo", inputs, headers=dict(keys), outputs=[
                    triton.InferRequestedOutput(output, binary_data=binary) for output in outputs],
                **more)
            both = ask([tensor("image", [pixels, pixels], binary)], "caption", "score",
                       request_id="a", parameters={"beams": 3})
            assert both.get_response()["id"] == "a"
            captions = both.as_numpy("caption").tolist()
            assert [text.decode() if binary else text for text in captions] == [CAPTION] * 2, captions
            assert both.as_numpy("score").dtype == numpy.float32
            answer = ask([tensor("image", [pixels], binary),
                          tensor("question", [QUESTION.encode()], binary)], "answer")
            assert answer.as_numpy("answer").tolist() in ([b"4"], ["4"]), answer
            match = ask([tensor("image", [pixels], binary),
                         tensor("text", [CAPTION.encode()], binary)], "match_probability")
            assert match.as_numpy("match_probability")[0] > 0.9
        for algorithm in ("gzip", "deflate"):
            packed = client.infer("demo", [tensor("image", [pixels], True)], headers=dict(keys),
                                  request_compression_algorithm=algorithm)
            assert packed.as_numpy("caption").tolist() == [CAPTION.encode()]
        statistics = client.get_inference_statistics("demo", headers=keys)["model_stats"][0]
        assert statistics["inference_stats"]["success"]["count"] == 8, statistics
        assert client.get_model_config("demo", headers=keys)["input"][0]["name"] == "image"
        assert client.get_model_repository_index(headers=keys)[0]["state"] == "READY"
        default = client.infer("demo", [tensor("image", [pixels], True)], headers=dict(keys))
        assert default.as_numpy("caption").tolist() == [CAPTION.encode()]
        try:
            client.infer("demo", [tensor("question", [b"x"], True)], headers=dict(keys))
        except triton.InferenceServerException as refused:
            assert "image" in refused.message(), refused
        else:
            raise AssertionError("not refused: no picture")


def more_clients(base, picture):
    """Those that want an environment of their own."""
    subprocess.run([".venv/clients/bin/python", pathlib.Path(__file__).with_name("more_clients.py"), base, picture],
                   check=True)


def curl(base, picture):
    def run(*arguments):
        return json.loads(subprocess.check_output(
            ["curl", "-sS", "-H", "x-api-key: key", *arguments]))

    raw = run("--data-binary", f"@{picture}", "-H", "Content-Type: image/png", base + "v1/captions")
    assert raw["captions"][0]["caption"] == CAPTION, raw
    form = run("-F", f"image=@{picture}", "-F", f"question={QUESTION}", base + "v1/answers")
    assert form["answers"][0]["answer"] == "4", form
    # Over a megabyte curl asks first whether to send, and waits a second without an answer.
    large = picture.read_bytes() + bytes(2 << 20)
    timed = subprocess.run(
        ["curl", "-sS", "-o", "/dev/null", "-D", "-", "-H", "x-api-key: key", "-H",
         "Content-Type: image/png", "-H", "Expect: 100-continue", "--data-binary", "@-",
         base + "v1/captions"], input=large, capture_output=True, check=True)
    assert b"100 Continue" in timed.stdout, timed.stdout


def page(base, picture):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        context = browser.new_context(http_credentials={"username": "me", "password": "key"})
        tab = context.new_page()
        problems = []
        tab.on("console", lambda message: problems.append(message.text))
        tab.on("pageerror", lambda error: problems.append(str(error)))
        tab.goto(base)
        # A question before there is a picture says so.
        tab.fill("#question", QUESTION)
        tab.keyboard.press("Enter")
        expect(tab.locator("#error span")).to_have_text("Choose a picture first.")
        tab.set_input_files("#file", picture)
        expect(tab.locator("#caption")).to_have_text(CAPTION)
        expect(tab.get_by_role("alert")).to_have_count(0)
        tab.fill("#question", QUESTION)
        tab.keyboard.press("Enter")
        answer = tab.locator("#answers li").first
        expect(answer.locator(".answer")).to_have_text("4")
        expect(answer.locator(".muted")).to_contain_text("confidence")
        # The question goes in the body, not in an address, and can be sent again with curl.
        expect(tab.locator("#command")).to_contain_text(f"-F 'question={QUESTION}'")
        expect(tab.locator("#command")).to_contain_text(f"{base}v1/answers")
        # Options, and the pictures seen before; the same file may be chosen twice.
        tab.get_by_text("Options").click()
        tab.fill("#beams", "3")
        tab.set_input_files("#file", picture)
        expect(tab.locator("#caption")).to_have_text(CAPTION)
        expect(tab.locator("#command")).to_contain_text("-F 'beams=3'")
        tab.fill("#beams", "")
        tab.locator("#history button").first.click()
        expect(tab.locator("#caption")).to_have_text(CAPTION)
        # What looks like markup is text.
        tab.fill("#texts", f"{CAPTION}\n<img src=x onerror=alert(1)>")
        tab.get_by_role("button", name="Match").click()
        expect(tab.locator("#matches li")).to_have_count(2)
        expect(tab.locator("#matches img")).to_have_count(0)
        expect(tab.locator("#matches li").first).to_contain_text(CAPTION)
        with tab.expect_download() as download:
            tab.get_by_role("button", name="Save").click()
        assert pathlib.Path(download.value.path()).read_bytes().startswith(b"\x89PNG")
        # Dropped, and no picture: the server's own sentence is shown.
        tab.evaluate("""() => {
            const transfer = new DataTransfer();
            transfer.items.add(new File(["no picture"], "a.txt"));
            document.dispatchEvent(new DragEvent("drop", {dataTransfer: transfer}));
        }""")
        expect(tab.get_by_role("alert")).to_contain_text("is text, not")
        # On a phone, and at 400 % of a desktop, nothing is cut off sideways, and an error is where one looks.
        for width, height in ((390, 700), (360, 640), (320, 256)):
            tab.set_viewport_size({"width": width, "height": height})
            assert tab.evaluate(
                "() => document.documentElement.scrollWidth <= window.innerWidth"), width
            tab.locator("#texts").scroll_into_view_if_needed()
            expect(tab.locator("#error span")).to_be_in_viewport()
        # It covers what is below it until it is closed.
        tab.keyboard.press("Escape")
        expect(tab.locator("#error")).to_be_hidden()
        problems = [text for text in problems if "415" not in text]
        assert not problems, problems
        browser.close()


def photos(base, picture):
    """The page's view of the photo library; leaves pictures of it in .venv/server/screenshots."""
    shots = pathlib.Path(".venv/server/screenshots")
    shots.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        context = browser.new_context(
            http_credentials={"username": "me", "password": "key"},
            viewport={"width": 1280, "height": 900})
        tab = context.new_page()
        problems = []
        tab.on("console", lambda message: problems.append(message.text))
        tab.on("pageerror", lambda error: problems.append(str(error)))
        tab.goto(base)
        tab.get_by_role("button", name="Photo library").click()
        found = tab.locator("#photos li")
        expect(found).to_have_count(PHOTOS)
        expect(tab.locator("#search-title")).to_have_text(f"Search {PHOTOS} photographs")
        # Every thumbnail is there, and as wide or tall as its picture.
        tab.wait_for_function("""() => [...document.querySelectorAll("#photos img")]
            .every((image) => image.complete && image.naturalWidth > 0)""")
        tall = tab.locator("#photos li", has_text="tall.jpg").locator("img")
        assert tall.evaluate("(image) => image.naturalHeight > image.naturalWidth")
        tab.screenshot(path=shots / "photos-latest-1280.png", full_page=True)
        tab.fill("#words", CAPTION)
        tab.keyboard.press("Enter")
        # The model has looked again, and what does not fit is gone.
        expect(found.first.locator(".fits")).to_contain_text("fits: ")
        expect(found.first.locator(".words")).to_have_text(CAPTION)
        expect(tab.locator("#found")).not_to_contain_text("looking")
        assert found.count() < PHOTOS
        tab.screenshot(path=shots / "photos-found-1280.png", full_page=True)
        tab.fill("#words", "")
        tab.select_option("#folder", index=2)
        expect(found).to_have_count(1)
        tab.select_option("#folder", index=0)
        tab.fill("#since", "2090-01-01")
        expect(found).to_have_count(0)
        tab.fill("#since", "")
        expect(found).to_have_count(PHOTOS)
        for width in (390, 320):
            tab.set_viewport_size({"width": width, "height": 844})
            assert tab.evaluate(
                "() => document.documentElement.scrollWidth <= window.innerWidth"), width
            if width == 390:
                tab.screenshot(path=shots / "photos-latest-390.png")
        tab.set_viewport_size({"width": 390, "height": 844})
        tab.fill("#words", CAPTION)
        tab.keyboard.press("Enter")
        expect(found.first.locator(".fits")).to_contain_text("fits: ")
        tab.screenshot(path=shots / "photos-found-390.png")
        link = found.first.locator("a.thumbnail").get_attribute("href")
        original = context.request.get(base + link, headers={"x-api-key": "key"})
        assert original.ok and original.headers["content-type"] == "image/png", original.headers
        found.first.get_by_role("button", name="Ask about it").click()
        expect(tab.locator("#caption")).to_have_text(CAPTION)
        tab.fill("#question", QUESTION)
        tab.keyboard.press("Enter")
        expect(tab.locator("#answers li .answer").first).to_have_text("4")
        tab.screenshot(path=shots / "photos-asked-390.png", full_page=True)
        assert not problems, problems
        browser.close()


def library(program, picture):
    """A library of the samples, in two folders, one of them on its side with a note that says so."""
    folder = pathlib.Path(".venv/server/photos")
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "more").mkdir(parents=True)
    for sample in picture.parent.glob("*.png"):
        shutil.copy(sample, folder)
    with Image.open(picture) as image:
        image = image.convert("RGB").crop((0, 0, image.width, image.height * 2 // 3))
        exif = Image.Exif()
        exif[0x112] = 6
        image.save(folder / "more" / "tall.jpg", exif=exif)
    file = folder.with_suffix(".sqlite")
    for old in file.parent.glob(file.name + "*"):
        old.unlink()
    subprocess.run([program, "index", str(folder), "--library", str(file), "--model", "demo", "--precision", "f32"],
                   check=True)
    return file, len(list(folder.rglob("*.*")))


def main():
    global PHOTOS
    program, picture = sys.argv[1], pathlib.Path(sys.argv[2])
    keys = pathlib.Path(".venv/server/keys.txt")
    keys.write_text("# for the tests\nkey\n")
    file, PHOTOS = library(program, picture)
    # A file: a pipe that nobody reads is full after some hundred requests, and the server then waits for ever.
    log = pathlib.Path(".venv/server/serve.log").open("w+")
    server = subprocess.Popen(
        [program, "serve", "--port", "0", "--precision", "f32", "--api-key-file", str(keys), "--library", str(file)],
        stdout=subprocess.PIPE, stderr=log, text=True)
    failed = 0
    tests = [openai_plain, openai_streaming, openai_async, openai_several_pictures, openai_responses,
             openai_embeddings, openai_errors, ollama_client, triton_client,
             *structured_clients.TESTS, product_requests.product_requests, more_clients, curl, page, photos]
    try:
        base = server.stdout.readline().strip()
        for test in tests:
            try:
                test(base, picture)
                print(f"ok      {test.__name__}", flush=True)
            except Exception as error:  # noqa: BLE001: every failure is told of
                failed += 1
                print(f"FAILED  {test.__name__}: {error!r}", flush=True)
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            server.kill()
            server.communicate()
            failed += 1
            print("FAILED  the server did not end")
    log.seek(0)
    log = log.read()
    if " status=500" in log or server.returncode != 0:
        failed += 1
        print(f"FAILED  the server: status {server.returncode}\n{log[-3000:]}")
    print(f"{len(tests) - min(failed, len(tests))} passed, {failed} failed")
    sys.exit(1 if failed else 0)


main()
