"""A real Home Assistant (PyPI's package, in this process) with its OpenAI integration, pointed at `blip serve`.

usage: server_home_assistant.py BLIP     in an environment of Tests/requirements-home-assistant.txt

The last Home Assistant for Python 3.11 is 2024.3.3: its integration sends words alone, and Ollama's came in 2024.4. So
only what comes before pictures is tried here: a greeting, a question without a picture, and a wrong key, which must be
sentences for the user. What newer ones send is in product_requests.py.
"""

import asyncio
import json
import logging
import os
import pathlib
import signal
import subprocess
import sys
import tempfile

from homeassistant import auth, bootstrap, config_entries, core, loader
from homeassistant.setup import async_setup_component

from watch_house import free_port


async def home_assistant(folder, key):
    """The core with an entry of the integration, as its user interface would have stored it."""
    storage = folder / ".storage"
    storage.mkdir(parents=True)
    (folder / "configuration.yaml").write_text("")
    entry = {"entry_id": "blip", "version": 1, "minor_version": 1, "domain": "openai_conversation", "title": "blip",
             "options": {"chat_model": "demo"}, "source": "user", "data": {"api_key": key}, "unique_id": None,
             "disabled_by": None, "pref_disable_new_entities": False, "pref_disable_polling": False}
    (storage / "core.config_entries").write_text(json.dumps(
        {"version": 1, "minor_version": 1, "key": "core.config_entries", "data": {"entries": [entry]}}))
    hass = core.HomeAssistant(str(folder))
    hass.config.skip_pip = True
    loader.async_setup(hass)
    hass.config_entries = config_entries.ConfigEntries(hass, {})
    await bootstrap.async_load_base_functionality(hass)
    hass.auth = await auth.auth_manager_from_config(hass, [], [])
    http = {"http": {"server_host": "127.0.0.1", "server_port": free_port()}}
    for component in ("homeassistant", "http", "conversation", "openai_conversation"):
        assert await async_setup_component(hass, component, http if component == "http" else {}), component
    await hass.async_start()
    await hass.async_block_till_done()
    return hass


async def checks(folder):
    hass = await home_assistant(folder / "home", "key")
    assert (await say(hass, "Hello")).startswith("Hello."), "a greeting"
    told = await say(hass, "Is the garage open?")
    assert "There is no picture" in told, told
    await hass.async_stop()
    # This version does not look at the key when it is set up.
    wrong = await home_assistant(folder / "wrong", "another")
    told = await say(wrong, "Hello")
    assert "API key" in told, told
    await wrong.async_stop()


async def say(hass, text):
    reply = await hass.services.async_call(
        "conversation", "process", {"text": text, "agent_id": "blip"}, blocking=True, return_response=True)
    return reply["response"]["speech"]["plain"]["speech"]


def main():
    program = sys.argv[1]
    logging.basicConfig(level=logging.CRITICAL)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "keys.txt").write_text("key\n")
        server = subprocess.Popen(
            [program, "serve", "--port", "0", "--precision", "f32", "--api-key-file", folder / "keys.txt"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            # The integration has no field for it.
            os.environ["OPENAI_BASE_URL"] = server.stdout.readline().strip() + "v1"
            asyncio.run(checks(folder))
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(timeout=60)
    print("all is well")


main()
