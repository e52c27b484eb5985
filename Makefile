# Everything that a user, a developer or CI runs. `make` alone lists it.

.DEFAULT_GOAL := help
.PHONY: $(shell sed -nE 's/^([a-z-]+):.*/\1/p' $(firstword $(MAKEFILE_LIST)))

blip := .build/release/blip
# Where the tests are built, the program is too; to build it alone would compile all modules anew.
build_debug := swift build $(if $(wildcard .build/debug/*.xctest),--build-tests,--product blip)

help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 21

setup: ## Install what is missing (apt packages, the OpenVINO runtime); quick when nothing is
	@Tools/setup

build: setup ## Build the release program, .build/release/blip
	swift build -c release --product blip

demo: setup ## Caption a sample picture, answer two questions about it, draw the figure; index and search the samples
	@# From nothing a debug build takes much less time, and is fast enough for this.
	$(if $(wildcard $(blip)),swift build -c release --product blip,$(build_debug))
	@Tools/demo $(or $(wildcard $(blip)),.build/debug/blip)

install: build ## Install blip below PREFIX (~/.local); the folder runs without Swift, elsewhere too
	@Tools/install $(blip) $(if $(PREFIX),"$(PREFIX)")

wheel: build ## Pack a wheel for pip and pipx into .packages/ (no Swift, libvips or compiler needed there)
	Tools/wheel $(blip) .packages

deb: build ## Pack a Debian package with manual pages, completions and a service into .packages/
	Tools/deb $(blip) .packages

image: build ## Write an OCI image, its bill of materials and an app for Home Assistant into .packages/image/
	Tools/image $(blip) .packages/image

test-install: ## Install the wheel, the package and the image in clean roots; SHORT=1: in Debian 12's only
	@$(if $(KEEP),,rm -f .packages/*.whl .packages/*.deb && $(MAKE) wheel deb image)
	@Tools/setup-roots
	python3 Tests/Support/clean_roots.py $(if $(SHORT),--short) .packages/*.whl .packages/*.deb .packages/image

test-deploy: setup ## Try the files of deploy/ with nginx, Caddy, promtool and systemd, and by their schemas
	@Tools/setup-python deploy
	@Tools/setup-roots --deploy
	$(build_debug)
	.venv/deploy/bin/python Tests/Support/deploy_files.py .build/debug/blip

test: setup setup-watch ## Run all tests
	@Tools/setup-python test
	@command -v exiftool >/dev/null || Tools/apt-install libimage-exiftool-perl
	swift build --build-tests
	@# One after another: inference fills both cores by itself, and in parallel the tests'
	@# tasks wait for one another for longer than the timeouts of those that use the network.
	Tests/Support/run_tests

test-fast: setup ## Run the tests of the small libraries: no Python, no network, no model
	swift build --build-tests
	Tests/Support/run_tests --filter '^(Blip(Checkpoint|Evaluation|JSON|Measuring|Pictures|Tokenizer|WireFormats)|ModelGraph)Tests'

test-python: setup ## Test the Python package: types (mypy) and every call, with the demo model
	@Tools/setup-python python
	$(build_debug)
	cd Python && ../.venv/python/bin/mypy
	cd Python && SWIFT_BLIP_PROGRAM="$(CURDIR)/.build/debug/blip" ../.venv/python/bin/python -m pytest -q -p no:cacheprovider

test-shards: build ## Kill parts of blip caption --shard and start them again: the bytes of one run (PICTURES=2000 PARTS=1000 KILLS=100)
	@Tools/setup-python python
	.venv/python/bin/python Tests/Support/cluster_engines.py $(blip) --only shards --pictures $(or $(PICTURES),100) --parts $(or $(PARTS),6) --kills $(or $(KILLS),6)

test-cluster: setup ## Kill workers, parts and nodes of Ray, Spark and Slurm (CLUSTER="--pictures 10000 --only ray --kills 50")
	@Tools/setup-python cluster
	@command -v java >/dev/null || Tools/apt-install openjdk-17-jre-headless
	@# Its Slurm of one node wants root.
	@[ "$$(id -u)" != 0 ] || PATH=$$PATH:/usr/sbin command -v slurmctld >/dev/null || Tools/apt-install slurm-wlm
	swift build -c release --product blip
	.venv/cluster/bin/kubernetes-validate --strict --quiet Examples/cluster/kubernetes-job.yaml
	.venv/cluster/bin/python Tests/Support/cluster_engines.py $(blip) $(CLUSTER)

test-server: setup ## Test blip serve with real clients: openai, ollama, langchain, litellm, instructor, kserve, curl, Chromium ...
	@Tools/setup-python server
	@Tools/setup-python clients
	@command -v chromium >/dev/null || Tools/apt-install chromium
	$(build_debug)
	.venv/server/bin/python Tests/Support/server_clients.py .build/debug/blip Samples/four-dogs.png

test-write-back: setup ## Write words into JPEGs and compare all else: exiftool, Pillow, libvips (COUNT=10000)
	@Tools/setup-python write-back
	@command -v exiftool >/dev/null || Tools/apt-install libimage-exiftool-perl
	$(build_debug)
	.venv/write-back/bin/python Tests/Support/write_back.py .build/debug/blip $(COUNT)

test-server-fuzz: setup ## Send blip serve what its OpenAPI document allows, and more (schemathesis)
	@Tools/setup-python server
	$(build_debug)
	.venv/server/bin/python Tests/Support/server_fuzz.py .build/debug/blip Samples/four-dogs.png $(EXAMPLES)

test-server-hostile: setup ## Attack blip serve: slow clients, hostile pictures, smuggling behind haproxy
	@command -v slowhttptest >/dev/null || Tools/apt-install slowhttptest
	@PATH=$$PATH:/usr/sbin command -v haproxy >/dev/null || Tools/apt-install haproxy
	$(build_debug)
	python3 Tests/Support/server_hostile.py .build/debug/blip Samples/four-dogs.png

test-server-end: setup ## End blip serve while clients ask: nothing is lost, within the drain time
	$(build_debug)
	python3 Tests/Support/server_shutdown.py .build/debug/blip Samples/four-dogs.png

test-server-memory: build ## Give blip serve the heaviest requests that it takes, then a minute's rest (MEMORY="--pictures 1000")
	python3 Tests/Support/server_memory.py $(blip) $(MEMORY)

soak: build ## Ask blip serve for minutes (SOAK="--hours 24"): memory, descriptors and threads stay flat; draws soak.svg
	python3 Tests/Support/soak.py $(blip) $(SOAK)

setup-watch: # What plays films, and serves them as cameras do
	@command -v ffmpeg >/dev/null || Tools/apt-install ffmpeg
	@/usr/bin/python3 -c 'import gi; gi.require_version("GstRtspServer", "1.0")' 2>/dev/null || Tools/apt-install python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad
	@PATH=$$PATH:/usr/sbin command -v mosquitto >/dev/null || Tools/apt-install mosquitto
	@command -v mosquitto_sub >/dev/null || Tools/apt-install mosquitto-clients
	@command -v jq >/dev/null || Tools/apt-install jq
	@command -v curl >/dev/null || Tools/apt-install curl

test-watch: setup setup-watch ## Watch real streams: ffmpeg, an RTSP server, films (WATCH=--long: 200 changes); tell mosquitto and a webhook
	$(build_debug)
	@if [ -n "$(WATCH)" ]; then Tools/setup-python scenes; fi
	$(if $(WATCH),.venv/scenes/bin/python,python3) Tests/Support/watch.py .build/debug/blip $(WATCH)
	python3 Tests/Support/watch_mqtt.py .build/debug/blip

test-home-assistant: setup setup-watch ## Let a real Home Assistant find the cameras' entities, and talk to blip serve (needs Python 3.11; installing it takes minutes)
	@python3 -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || { echo "The Home Assistant that is tested with wants Python 3.11." >&2; exit 1; }
	@Tools/setup-python home-assistant
	$(build_debug)
	.venv/home-assistant/bin/python Tests/Support/watch_home_assistant.py .build/debug/blip
	.venv/home-assistant/bin/python Tests/Support/server_home_assistant.py .build/debug/blip

demo-watch: build setup-watch ## Watch a film of drawn scenes through an RTSP server; states as they change
	@Tools/demo-watch $(blip)

test-package: setup ## Make a package that depends on this one, as a stranger would; build, test and move it
	@Tests/Support/fresh_package

examples: setup ## Build the package that depends on this one, run its programs on the samples
	@Tests/Support/examples

fuzz: setup ## Fuzz whatever reads foreign bytes, a minute each
	Fuzz/run 60

bench: build ## Time the program against the notebook's pipeline and transformers, in turn
	swift build -c release --product BenchmarkWorker
	@Tools/setup-python bench
	.venv/bench/bin/python Benchmarks/run.py $(BENCH)

bench-short: build ## Run the benchmarks on a tiny checkpoint, as CI does: that they work
	swift build -c release --product BenchmarkWorker
	@Tools/setup-python bench
	.venv/bench/bin/python Benchmarks/run.py --short
	.venv/bench/bin/python Benchmarks/programs.py --short

bench-programs: build ## Time whole programs: start to caption, a folder of photos (BENCH="--int8")
	@Tools/setup-python bench
	.venv/bench/bin/python Benchmarks/programs.py $(BENCH)

bench-dial: build ## Time picture sizes and weights beside transformers in batches (DIAL="--rounds 1")
	@Tools/setup-python bench
	.venv/bench/bin/python Benchmarks/dial.py $(DIAL)

bench-growth: build ## Draw how time and memory grow with the work, docs/growth.svg (GROWTH="--only beams")
	@Tools/setup-python bench
	.venv/bench/bin/python Benchmarks/growth.py $(GROWTH)

bench-library: build setup-scenes ## Measure the library of photos (LIBRARY="--short", "--only vectors")
	swift build -c release --product BenchmarkLibrary
	.venv/scenes/bin/python Benchmarks/library.py $(blip) .build/release/BenchmarkLibrary $(LIBRARY)

bench-tasks: setup ## Caption 24 photos from 24 tasks beside batches of eight (MODEL=DIR ROUNDS=3)
	swift build -c release --product BenchmarkTasks
	@Tools/setup-python bench
	.venv/bench/bin/python Benchmarks/photos.py .bench/photos-24 --count 24
	$(if $(MODEL),,[ -e .bench/vqa-base-f16/model.safetensors ] || .venv/bench/bin/python Tools/reference/make_base.py .bench/vqa-base-f16 vqa-base --dtype float16)
	.build/release/BenchmarkTasks $(or $(MODEL),.bench/vqa-base-f16) .bench/photos-24 $(or $(ROUNDS),3)

bench-watch: build setup-watch setup-scenes ## Measure blip watch: change to message, processor time, a long film, teaching (WATCH="--only idle")
	.venv/scenes/bin/python Benchmarks/cameras.py $(blip) $(WATCH)

soak-watch: build setup-watch ## Watch a day's frames in minutes while streams, broker, webhook and disk fail (SOAK="--minutes 60")
	python3 Tests/Support/watch_soak.py $(blip) $(SOAK)

test-library-kill: setup ## Kill blip index 100 times while it writes (KILLS=1000)
	swift build --build-tests
	BLIP_KILLS=$(or $(KILLS),100) Tests/Support/run_tests --filter PhotoLibraryTests.KillTests

flame-graph: build ## Draw where the processor's time goes, docs/flame-graph.svg (perf, base-size checkpoint)
	@command -v perf >/dev/null || Tools/apt-install linux-perf
	@Tools/setup-python bench
	.venv/bench/bin/python Benchmarks/flame_graph.py $(FLAME_GRAPH)

quantization: build ## Compare what rounding costs in each form of a checkpoint, beside NNCF's forms
	@Tools/setup-python bench
	.venv/bench/bin/python Benchmarks/quantization.py $(QUANTIZATION)

bench-serve: build ## Measure blip serve under load, and over it (BENCH="--model DIR --parts ...")
	@Tools/setup-python bench
	.venv/bench/bin/python Benchmarks/serve_load.py $(blip) $(BENCH)

conformance: build ## Compare base-size checkpoints with transformers, token for token (CONFORMANCE="--sizes 256 --photos 1")
	@Tools/setup-python bench
	.venv/bench/bin/python Tools/reference/conformance.py $(CONFORMANCE)

setup-scenes: # What draws the demo model's scenes
	@test -e /usr/share/fonts/truetype/noto/NotoColorEmoji.ttf || Tools/apt-install fonts-noto-color-emoji
	@Tools/setup-python scenes

demo-table: build setup-scenes ## Score the demo model on 500 held-out scenes (SCORE="--model demo-int8")
	.venv/scenes/bin/python Tools/demo-model/score.py $(blip) $(SCORE)

demo-forms: build setup-scenes ## Score the demo model's integer forms on those scenes
	.venv/scenes/bin/python Tools/demo-model/forms.py $(blip)

demo-int8: build setup-scenes ## Make the embedded int8 form of the demo model again
	Tools/demo-model/convert-int8 $(blip)

format: ## Format the Swift sources
	swift format --in-place --recursive --parallel Package.swift Plugins Sources Tests Benchmarks Examples Fuzz

lint: ## Check the formatting, as CI does
	swift format lint --strict --recursive --parallel Package.swift Plugins Sources Tests Benchmarks Examples Fuzz

lint-github: ## Check the workflows and issue forms of .github/
	@Tools/setup-python lint
	.venv/lint/bin/check-jsonschema --builtin-schema vendor.github-workflows .github/workflows/*.yml
	.venv/lint/bin/check-jsonschema --builtin-schema vendor.github-issue-forms .github/ISSUE_TEMPLATE/*.yml
	.venv/lint/bin/zizmor --offline --no-progress .github

docs: setup ## Build the documentation of all libraries as one site, .docs/ (DOCS_BASE=PATH where it will be served)
	@Tools/docs

docs-serve: ## Serve what make docs built on http://127.0.0.1:8000
	@test -f .docs/index.html || { echo "There is no site yet: make docs." >&2; exit 1; }
	python3 -m http.server 8000 --bind 127.0.0.1 --directory .docs

api-breakage: setup ## List what broke in the libraries' API since the last release (BASE=COMMIT)
	@base=$${BASE:-$$(git describe --tags --abbrev=0 2>/dev/null)}; \
	test -n "$$base" || { echo "No version is released yet: name a commit, make api-breakage BASE=main~1" >&2; exit 1; }; \
	swift package diagnose-api-breaking-changes "$$base"

release: ## Tag the version that programVersion names, with its section of CHANGELOG.md as notes
	@Tools/release

clean: ## Remove what was built; the runtime in .openvino/ stays
	rm -rf .build Examples/.build .docs .fuzz .installed .packages demo-output
