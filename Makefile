# make run · make test · make lint · make dist    (each installs what it needs first; nothing is done twice)

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/uv pip install --quiet --python $(BIN)/python
# Compiled once, when it is installed: where Python may not write its own compiled files, every start would do it again.
COMPILED := --compile-bytecode
NPM := PATH="$(CURDIR)/$(VENV)/node:$$PATH" npm --prefix ui
PORT ?= 8080
# One more than there are processors: some tests wait for a browser, a server or a clock.
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)

# For steps that do not need each other.
SIDE_BY_SIDE = $(MAKE) --no-print-directory $(if $(findstring jobserver,$(MAKEFLAGS)),,--jobs=4)
# A run of the tests starts hundreds of Pythons, which keep what they have compiled for one another.
unexport PYTHONDONTWRITEBYTECODE

DISTRIBUTIONS := . $(patsubst %/setup.cfg,./%,$(wildcard plugins/*/setup.cfg))
PACKAGING := $(wildcard setup.cfg pyproject.toml plugins/*/setup.cfg plugins/*/pyproject.toml)
UI_SOURCES := $(shell find ui plugins/*/ui -name node_modules -prune -o -type f -print 2>/dev/null)

.PHONY: help install run test test-python test-browser test-ui lint lint-python lint-ui bench soak dist ui lock clean

help:
	@echo "make install   everything into .venv, so that .venv/bin/labelwright works"
	@echo "make run       serve at http://localhost:$(PORT) (PORT=...), data in SQLite"
	@echo "make test      lint, then all tests: on SQLite, on PostgreSQL, in a browser"
	@echo "make lint      ruff, mypy, tsc, oxlint"
	@echo "make bench     the speed claims of docs/, measured here"
	@echo "make soak      the long versions of the kill and load tests"
	@echo "make dist      wheels of the core and of every plugin, into dist/"
	@echo "make ui        the browser's files from their TypeScript"
	@echo "make lock      pin what setup.cfg asks for (UPGRADE=1: the newest)"
	@echo "make clean     remove everything that these made"

# --- what is installed -----------------------------------------------------------------------------------------------

$(BIN)/uv: scripts/bootstrap.sh
	scripts/bootstrap.sh
	touch $@

$(VENV)/.runtime: $(BIN)/uv requirements/build.lock requirements/runtime.lock $(PACKAGING)
	$(PIP) $(COMPILED) -r requirements/build.lock -r requirements/runtime.lock
	$(PIP) $(COMPILED) --no-build-isolation --no-deps $(addprefix -e ,$(DISTRIBUTIONS))
	$(BIN)/python -m compileall -q core/labelwright plugins/*/labelwright_* tests
	touch $@

$(VENV)/.development: $(VENV)/.runtime requirements/test.lock requirements/lint.lock
	$(PIP) -r requirements/test.lock -r requirements/lint.lock
	touch $@

$(VENV)/node/npm: scripts/node.sh requirements/node.lock | $(BIN)/uv
	scripts/node.sh

ui/node_modules/.installed: ui/package.json ui/package-lock.json | $(VENV)/node/npm
	$(NPM) ci --no-audit --no-fund --loglevel=error
	touch $@

$(VENV)/.ui: ui/node_modules/.installed $(UI_SOURCES) | $(VENV)/.runtime
	$(NPM) run --silent build
	touch $@

ui: $(VENV)/.ui

install: $(BIN)/uv
	+$(SIDE_BY_SIDE) $(VENV)/.runtime $(VENV)/.ui $(VENV)/.development

# --- what people do --------------------------------------------------------------------------------------------------

run: $(VENV)/.runtime $(VENV)/.ui
	exec $(BIN)/labelwright start --port $(PORT)

lint: lint-python lint-ui

lint-python: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

lint-ui: install
	$(NPM) run --silent check

test: install
	scripts/services.sh
	+$(SIDE_BY_SIDE) --output-sync=target lint test-ui test-python

test-ui: install
	$(NPM) run --silent test

# With a +, its words come as they are said, and not at the end as those of what runs beside it.
test-python: install
	+$(BIN)/pytest tests -n $(WORKERS) --dist loadfile --no-loadscope-reorder

test-browser: install
	$(BIN)/pytest tests/browser

bench: install
	scripts/services.sh
	$(BIN)/python -m benchmarks

soak: install
	scripts/services.sh
	$(BIN)/pytest tests/soak --timeout=3600

# --- what is shipped -------------------------------------------------------------------------------------------------

dist: $(VENV)/.runtime $(VENV)/.ui
	rm -rf dist build plugins/*/build
	$(BIN)/python scripts/build_wheels.py dist $(DISTRIBUTIONS)
	rm -rf build plugins/*/build
	@ls -l dist

lock: $(BIN)/uv
	UPGRADE=$(UPGRADE) scripts/lock.sh

clean:
	rm -rf $(VENV) ui/node_modules core/labelwright/static plugins/*/labelwright_*/static dist build plugins/*/build test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	rm -rf .mypy_cache .pytest_cache .ruff_cache .hypothesis *.egg-info core/*.egg-info plugins/*/*.egg-info
