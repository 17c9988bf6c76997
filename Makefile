# `make` builds the deck, `make test` proves it. Both set up what they need in .venv first.

PYTHON ?= python3
BIN := .venv/bin
ANKI := 26.9.3
# Many processes are started: none compiles again what another has compiled.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: all test quick check fuzz bench release clean

all: .venv/ready
	$(BIN)/eigendeck build

# Tests wait for disks, browsers and limits: one process more than a small machine has cores.
test: .venv/tested .venv/browser
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

quick: .venv/tested  # without Anki, browser, wheel and kills; the shipped deck is built once
	$(BIN)/python -m pytest -q -n 3 --dist loadfile --no-loadscope-reorder -m "not (anki or browser or wheel or kills or twice)"

check: .venv/tested
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python -m pytest -q tests/test_dependencies.py
	$(BIN)/eigendeck check

FUZZ_SECONDS ?= 600

fuzz: .venv/tested
	FUZZ_SECONDS=$(FUZZ_SECONDS) $(BIN)/python -m pytest -q tests/test_fuzz.py tests/test_fuzz_numbers.py tests/test_fuzz_outputs.py \
		tests/test_numbers.py tests/substitution/test_substitute.py tests/worker/test_variants.py tests/deck/test_read.py

bench: .venv/tested
	$(BIN)/python tests/bench.py

# What learners download, dated by the commit: the same commit gives the same bytes. PREVIOUS: the package of the release
# before this one; notes that have not changed keep their time.
release: .venv/released .venv/browser
	@test -z "$$(git status --porcelain)" || { echo "Commit first: a release is dated by its commit."; exit 1; }
	rm -rf dist && mkdir dist
	$(if $(PREVIOUS),cp "$(PREVIOUS)" dist/)
	export SOURCE_DATE_EPOCH=$$(git log -1 --format=%ct) && \
	$(BIN)/python -m hatchling build -d dist && \
	$(BIN)/eigendeck build cards --out dist --pdf && \
	$(BIN)/eigendeck cards cards --out dist && \
	rm -r dist/.eigendeck
	cd dist && { command -v sha256sum >/dev/null && sha256sum * || shasum -a 256 *; } > ../SHA256SUMS~ && mv ../SHA256SUMS~ SHA256SUMS

clean:  # build/*.apkg stays: it is the ledger that the next build compares with
	rm -rf .venv build/*.html build/*.pdf .mypy_cache .pytest_cache .ruff_cache .hypothesis dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/ready: .venv/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[preview]"
	touch $@

# aqt is Anki's window: only its web pages are used, so that none of its own dependencies is needed.
.venv/tested: .venv/ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[test]"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps aqt==$(ANKI)
	touch $@

.venv/released: .venv/ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[pdf]" "hatchling>=1.27"
	touch $@

.venv/browser:
	@command -v chromium || command -v chromium-browser || command -v google-chrome || $(MAKE) --no-print-directory chromium
	touch $@

.PHONY: chromium
chromium:
	apt-get update -qq && apt-get install -qq -y --no-install-recommends chromium fonts-dejavu-core poppler-utils
	apt-get install -qq -y --no-install-recommends chromium-headless-shell || true  # halves what browser tests take; Debian has it
