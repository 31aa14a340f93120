# make setup   prepare this machine: .venv/, node_modules/, browser libraries, translations
# make run     serve the node on PORT (8000) and the demonstration platform on DEMO_PORT (8100)
# make test    run every check and every test
# make lint    the checks alone
# DATA (./var) is where `make run` keeps everything.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/pip --disable-pip-version-check --quiet
KERNEL := $(wildcard src/tegenbeeld/pdq/kernel/*)
CATALOGUES := $(wildcard src/tegenbeeld/server/locale/*/LC_MESSAGES/django.po)

export PORT ?= 8000
export DEMO_PORT ?= 8100
export DATA ?= var

.PHONY: setup setup-tests run test lint clean

setup: $(VENV)/.installed node_modules/.installed $(CATALOGUES:.po=.mo)

setup-tests: setup $(VENV)/.installed-tests

run: setup
	@$(BIN)/python tools/run.py

test: lint
	node --test tests/web/*.test.mjs
	$(BIN)/python -m pytest

lint: setup-tests
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/mypy --strict examples tools bench
	$(BIN)/lint-imports
	node_modules/.bin/tsc --noEmit --project tsconfig.json
	$(BIN)/python tools/make_pdq_vectors.py --check
	$(BIN)/python tools/make_code_vectors.py --check
	$(BIN)/python tools/make_video_vectors.py --check
	node tools/vendor.mjs --check

clean:
	rm -rf $(VENV) node_modules web/vendor build $(CATALOGUES:.po=.mo)

$(VENV)/.created:
	@$(PYTHON) tools/check_machine.py
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: $(VENV)/.created requirements/run.lock pyproject.toml setup.py $(KERNEL)
	$(PIP) install --require-hashes -r requirements/run.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.installed-tests: $(VENV)/.installed requirements/dev.lock
	$(PIP) install --require-hashes -r requirements/dev.lock
	@touch $@

node_modules/.installed: package-lock.json package.json tools/vendor.mjs
	npm ci --ignore-scripts --no-audit --no-fund --silent
	node tools/vendor.mjs
	@touch $@

%.mo: %.po $(VENV)/.installed
	$(BIN)/pybabel --quiet compile --input-file $< --output-file $@
