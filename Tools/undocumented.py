"""Lists modules' public symbols that have no documentation comment, from their symbol graphs, and counts them all."""
import json
import sys
from pathlib import Path

folder, *modules = sys.argv[1:]
missing = 0
total = 0
for module in modules:
    graph = json.loads((Path(folder) / module / f"{module}.symbols.json").read_text())
    # With those of extensions of other modules' types; what the compiler writes is none of them.
    graphs = [json.loads(file.read_text()) for file in (Path(folder) / module).glob("*.symbols.json")]
    symbols = [s for g in graphs for s in g["symbols"] if s["kind"]["identifier"] != "swift.extension"]
    own = [s for s in symbols if "location" in s and "::SYNTHESIZED::" not in s["identifier"]["precise"]]
    print(f"{module}: {len(own)} public symbols")
    total += len(own)
    # What fulfils a protocol's requirement is explained by the protocol.
    fulfilling = {r["source"] for r in graph["relationships"] if "sourceOrigin" in r}
    for symbol in graph["symbols"]:
        # Symbols without a location are written by the compiler.
        if "docComment" in symbol or "location" not in symbol:
            continue
        if symbol["identifier"]["precise"] not in fulfilling:
            place = symbol["location"]
            file = Path(place["uri"].removeprefix("file://")).name
            name = ".".join(symbol["pathComponents"])
            print(f"{module}/{file}:{place['position']['line'] + 1}: {name} has no documentation")
            missing += 1
print(f"{total} public symbols")
sys.exit(missing > 0)
