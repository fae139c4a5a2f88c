# campus-twin: `make demo` shows it, `make test` proves it, `make install` brings every extra.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
SYSTEM := mosquitto mosquitto-clients chromium mbpoll sip-tester sipsak socat

FRAMES := 1000000
TIMELINES := 10000
KILLS := 1000
SECONDS := 300

.PHONY: demo test install system lint clean fuzz fuzz-guided safety

demo: $(VENV)/.core
	@$(BIN)/python -m scenarios.demo

test: install system
	@$(BIN)/python -m pytest -n 3 --dist loadgroup

install: $(VENV)/.full

# Hostile bytes for the servers and codecs; `make test` does a small part of it.
fuzz: install
	@$(BIN)/python -m tests.fuzzing $(FRAMES)

# The safety case at length; `make test` runs 300 timelines of it and hunts every third mutant.
safety: install
	@$(BIN)/python -m tests.safety.mutating
	@$(BIN)/python -m tests.safety --timelines $(TIMELINES) --kills $(KILLS)

# The same codecs, led by coverage, for SECONDS. atheris comes as a wheel for Linux and CPython only.
fuzz-guided: install
	@$(PIP) install atheris
	@$(BIN)/python -m tests.fuzzing --atheris -max_total_time=$(SECONDS) -max_len=400

lint: $(VENV)/.full
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports --no-cache

# What only a system package can give is installed when that is possible; tests that need a
# missing one skip by name.
system:
	@.ci/system $(SYSTEM)

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit("campus-twin needs Python 3.11 or newer, this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else 0'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.core: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "installing what the demo needs ..."
	@$(PIP) install -c constraints.txt -e .
	@touch $@

$(VENV)/.full: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "installing everything ..."
	@$(PIP) install -c constraints.txt -e '.[bim,fds,jupedsim,plan,dev]'
	@touch $@ $(VENV)/.core

clean:
	@rm -rf $(VENV) runs build dist .mypy_cache .ruff_cache .pytest_cache
