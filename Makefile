# Every target sets up what it needs: a virtual environment with the locked requirements and the project itself.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test check bench fix lock

$(READY): requirements/dev.txt pyproject.toml hatch_build.py $(wildcard src/sekisho/kernels/*.c src/sekisho/kernels/*.h)
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	touch $@

demo: $(READY)
	$(BIN)/sekisho demo

test: $(READY)
	$(BIN)/python -m pytest

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.bench
	$(BIN)/python -m benchmarks

$(VENV)/.bench: $(READY) requirements/bench.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bench.txt
	touch $@

fix: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

# Writes the locked requirements anew; needs uv on the path. Hashes yes, index addresses no.
COMPILE := uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header --no-annotate
lock:
	$(COMPILE) \
	  --group dev --extra c2pa --extra works --extra postgresql --extra language --extra datatrove --extra datasets --extra observe --extra ray pyproject.toml requirements/build.in -o requirements/dev.txt
	$(COMPILE) --group bench -c requirements/dev.txt pyproject.toml --extra works -o requirements/bench.txt
