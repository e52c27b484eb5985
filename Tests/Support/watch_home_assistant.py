"""A real Home Assistant (PyPI's package, in this process) with its MQTT integration, a real broker and `blip watch`:
devices and entities appear, their states change, switch and button work, and all comes back when either was away.

usage: watch_home_assistant.py BLIP     in an environment of Tests/requirements-home-assistant.txt
"""

import asyncio
import json
import logging
import pathlib
import sys
import tempfile

from homeassistant import bootstrap, core, loader
from homeassistant.helpers import device_registry, entity_registry
from homeassistant.setup import async_setup_component

from watch_house import Broker, Camera, Watch, configuration, free_port, serving

PATIENCE = 120


async def home_assistant(folder, port):
    """The core with MQTT, set up as its user interface would have stored it; without that interface."""
    folder.mkdir(exist_ok=True)
    storage = folder / ".storage"
    storage.mkdir(exist_ok=True)
    (folder / "configuration.yaml").write_text("")
    entry = {"entry_id": "broker", "version": 1, "domain": "mqtt", "title": "mosquitto", "options": {}, "source": "user",
             "data": {"broker": "127.0.0.1", "port": port, "discovery": True}, "unique_id": None, "disabled_by": None,
             "pref_disable_new_entities": False, "pref_disable_polling": False}
    (storage / "core.config_entries").write_text(json.dumps(
        {"version": 1, "minor_version": 1, "key": "core.config_entries", "data": {"entries": [entry]}}))
    hass = core.HomeAssistant(str(folder))
    hass.config.skip_pip = True
    loader.async_setup(hass)
    from homeassistant import auth, config_entries
    hass.config_entries = config_entries.ConfigEntries(hass, {})
    await bootstrap.async_load_base_functionality(hass)
    hass.auth = await auth.auth_manager_from_config(hass, [], [])
    assert await async_setup_component(hass, "homeassistant", {})
    assert await async_setup_component(hass, "http", {"http": {"server_host": "127.0.0.1", "server_port": free_port()}})
    assert await async_setup_component(hass, "mqtt", {})
    await hass.async_start()
    return hass


async def state(hass, entity, wanted):
    """Waits until an entity has a state that is as wanted."""
    end = asyncio.get_running_loop().time() + PATIENCE
    while asyncio.get_running_loop().time() < end:
        found = hass.states.get(entity)
        if found and (wanted(found) if callable(wanted) else found.state == wanted):
            return found
        await asyncio.sleep(0.05)
    raise AssertionError(f"{entity} is {hass.states.get(entity)}; there are {sorted(hass.states.async_entity_ids())}")


async def entities_appear_and_change(hass, file, blip):
    """Each camera is a device; each sensor an entity that changes with the picture."""
    with Watch(blip, file) as watch:
        dogs = await state(hass, "binary_sensor.yard_dogs", "on")
        assert dogs.attributes["device_class"] == "occupancy" and dogs.attributes["question"] == "are there dogs?"
        assert dogs.attributes["probability"] > 0.5 and dogs.attributes["timing"]["latency"] > 0
        thing = await state(hass, "sensor.yard_thing", "dogs")
        # Before 2024.12 the integration leaves options out.
        assert thing.attributes.get("options", ["dogs", "pigs", "car"]) == ["dogs", "pigs", "car"]
        assert thing.attributes["device_class"] == "enum"
        count = await state(hass, "sensor.yard_count", "4")
        assert count.attributes["state_class"] == "measurement"
        first = await state(hass, "event.yard_change", lambda s: s.attributes.get("event_type"))
        image = await state(hass, "image.yard_last_event", lambda s: s.state not in ("unknown", "unavailable"))
        component = hass.data["image"]
        jpeg = await component.get_entity("image.yard_last_event").async_image()
        assert jpeg[:2] == b"\xff\xd8", "the picture of the last event"

        Camera.picture = "three-pigs.png"
        await state(hass, "binary_sensor.yard_dogs", "off")
        await state(hass, "sensor.yard_thing", "pigs")
        await state(hass, "event.yard_change", lambda s: s.state != first.state)
        await state(hass, "image.yard_last_event", lambda s: s.state != image.state)
        devices = [d for d in device_registry.async_get(hass).devices.values() if d.manufacturer == "blip"]
        assert [d.name for d in devices] == ["The yard"], devices
        known = entity_registry.async_entries_for_device(entity_registry.async_get(hass), devices[0].id)
        print(f"  one device with {', '.join(sorted(e.entity_id for e in known))}")
        assert len(known) == 7, known

        await hass.services.async_call("switch", "turn_on", {"entity_id": "switch.yard_paused"}, blocking=True)
        await state(hass, "switch.yard_paused", "on")
        Camera.picture = "four-dogs.png"
        await asyncio.sleep(2)
        assert hass.states.get("sensor.yard_thing").state == "pigs", "asked although it is paused"
        await hass.services.async_call("switch", "turn_off", {"entity_id": "switch.yard_paused"}, blocking=True)
        await state(hass, "sensor.yard_thing", "dogs")
        await hass.services.async_call("button", "press", {"entity_id": "button.yard_ask_now"}, blocking=True)

        watch.process.kill()
        await state(hass, "binary_sensor.yard_dogs", "unavailable")
    with Watch(blip, file) as watch:
        await state(hass, "binary_sensor.yard_dogs", "on")
        # A sensor that the configuration has no more leaves.
        text = file.read_text()
        file.write_text("\n".join(line for line in text.splitlines() if "count:" not in line) + "\n")
        watch.process.send_signal(1)
        await gone(hass, "sensor.yard_count")
        file.write_text(text)
        await asyncio.to_thread(watch.end)
        await state(hass, "binary_sensor.yard_dogs", "unavailable")


async def gone(hass, entity):
    end = asyncio.get_running_loop().time() + PATIENCE
    while hass.states.get(entity):
        assert asyncio.get_running_loop().time() < end, f"{entity} is still there"
        await asyncio.sleep(0.05)


async def comes_up_later(hass, file, blip, folder, broker):
    """Home Assistant that starts anew, and a broker that forgot all: entities and states are told again."""
    with Watch(blip, file) as watch:
        await state(hass, "sensor.yard_thing", "dogs")
        await hass.async_stop()
        other = await home_assistant(folder / "other", broker.port)
        await state(other, "sensor.yard_thing", "dogs")
        await asyncio.to_thread(broker.stop)
        for left in broker.file.parent.glob("mosquitto.db"):
            left.unlink()
        await asyncio.to_thread(broker.start)
        await state(other, "sensor.yard_thing", "dogs")
        Camera.picture = "car-above-star.png"
        await state(other, "sensor.yard_thing", "car")
        await asyncio.to_thread(watch.end)
        await other.async_stop()


async def checks(blip, folder, file, broker):
    hass = await home_assistant(folder / "home", broker.port)
    for check in (entities_appear_and_change, comes_up_later):
        print(f"{check.__name__.replace('_', ' ')}: {check.__doc__.strip()}", flush=True)
        await check(hass, file, blip, *([folder, broker] if check is comes_up_later else []))


def main():
    blip = str(pathlib.Path(sys.argv[1]).resolve())
    logging.basicConfig(level=logging.ERROR)
    # Of platforms that MQTT might serve and nobody uses here, such as cameras.
    logging.getLogger("homeassistant.setup").setLevel(logging.CRITICAL)
    # Outside of the loop, in which Home Assistant lets nobody sleep.
    with tempfile.TemporaryDirectory() as name, serving(Camera) as address, Broker(name) as broker:
        folder = pathlib.Path(name)
        Camera.picture = "four-dogs.png"
        file = configuration(folder, address, f"mqtt: {{host: 127.0.0.1, port: {broker.port}}}\n")
        file.write_text(file.read_text().replace(
            "sensors:\n", 'sensors:\n  count: {camera: yard, ask: "how many dogs are there?", every: 200ms, threshold: 0}\n'))
        asyncio.run(checks(blip, folder, file, broker))
    print("all is well")


if __name__ == "__main__":
    main()
