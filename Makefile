# Two commands do all the set-up: `make demo` and `make test`. Both make the virtual environment
# in .venv themselves. PYTHON=python3.13 make test takes another interpreter.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO := $(VENV)/.demo
DEV := $(VENV)/.dev
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

BENCH_VENV := benchmarks/.venv
RIVALS := benchmarks/.rivals/.installed

.PHONY: demo test nightly lint fixtures bench profile guard load clean
.DEFAULT_GOAL := test

demo: $(DEMO)
	$(BIN)/fauxreel demo

# `make test COVERAGE=1` measures, too; the gate is on this run and the slow one together.
PYTHON_OF_TESTS := $(if $(COVERAGE),$(BIN)/coverage run,$(BIN)/python)

# Two workers: the tests wait for sockets and ffmpeg more than for the processor.
test: $(DEV)
	rm -f .coverage .coverage.*
	$(PYTHON_OF_TESTS) -m pytest -n 2 -m "not slow" $(PYTEST_ARGS)

# A server that is killed 300 times under load, and one in long use. Twenty minutes of it are the
# latter; SOAK_SECONDS=180 make nightly takes three.
nightly: $(DEV)
	$(BIN)/python -m pytest -m nightly -s $(PYTEST_ARGS)

lint: $(DEV)
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/pyright
	$(BIN)/lint-imports

fixtures: $(DEMO)
	$(BIN)/fauxreel fixtures build

# How fast it is, beside others: a quarter of an hour, or a minute or two with BENCH=quick.
# BENCH_ARGS="--only create --parts operations" measures less; BENCH_ARGS=--help lists the rest.
bench: $(BENCH_VENV)/.installed $(RIVALS)
	$(BENCH_VENV)/bin/python -m benchmarks $(if $(filter quick,$(BENCH)),--quick) $(BENCH_ARGS)

profile: $(DEMO)
	$(BIN)/python -m benchmarks.profiles

# Fails when a request takes more work than was accepted; `make guard ACCEPT=1` accepts it.
guard: $(DEMO)
	$(BIN)/python -m benchmarks.guard $(if $(ACCEPT),--accept)

load: $(DEMO)
	$(BIN)/python -m benchmarks.crowd $(LOAD_ARGS)

# An environment of its own: what the tests need would be in the way of the start.
$(BENCH_VENV)/.installed: $(BIN)/python pyproject.toml
	@echo "installing what the benchmarks need"
	@$(PYTHON) -m venv $(BENCH_VENV)
	@$(BENCH_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	@$(BENCH_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --editable . --group bench
	@touch $@

# Without npm, the servers from there are left out, and the tables say so.
$(RIVALS): benchmarks/rivals/package.json
	@mkdir -p $(@D)
	@cp $< $(@D)
	@! command -v npm >/dev/null || npm install --prefix $(@D) --ignore-scripts --no-audit --no-fund --no-package-lock --loglevel=error
	@touch $@

# pip before 25.1 knows no dependency groups, and a new machine's pip is older: upgrade it first.
$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { echo "missing: $(PYTHON) (3.11 or newer); name another with PYTHON=…" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "missing: Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) --version 2>&1); name another with PYTHON=…" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "missing: Python's venv module; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@echo "setting up $(VENV), once: this takes half a minute"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) --upgrade "pip>=25.1"

$(DEMO): $(BIN)/python pyproject.toml
	@$(PIP) --editable ".[demo]"
	@touch $@

$(DEV): $(BIN)/python pyproject.toml
	@echo "installing what the tests need"
	@$(PIP) --editable ".[demo]" --group dev
	@touch $@ $(DEMO)

clean:
	rm -rf $(VENV) $(BENCH_VENV) benchmarks/.rivals benchmarks/.results build dist demo-output .coverage .coverage.* .mypy_cache .pytest_cache .ruff_cache .hypothesis
