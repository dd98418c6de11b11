# Everything goes into .venv; `make run` and `make test` set up what they need.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
# More than most machines for this have cores: most of the time, tests wait for browsers and portals.
JOBS ?= 4

# What starts portals, or stands on one in its process: once more with PostgreSQL under them.
ON_POSTGRES := tests/web tests/cli tests/attacks tests/usecases tests/stories tests/audit tests/keeping tests/cosigner

.DEFAULT_GOAL := help
.PHONY: help setup run test check bench lint long clean lock catalogues

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/.tested ## Install everything, tests included, into .venv

run: .venv/.serves ## Serve the portal on this machine, from an empty folder on the first time
	$(BIN)/resguardo serve $(ARGS)

test: .venv/.tested ## Run the tests
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile $(ARGS)

check: lint long ## Lint, types, import contracts, catalogues, and all tests, the long ones too

lint: .venv/.tested
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	.venv/npm/node_modules/.bin/tsc --project app/bundling

long: .venv/.tested
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile -m "long or not long" \
	  --cov --cov-report=term-missing:skip-covered $(ARGS)
	RESGUARDO_TEST_ENGINE=postgres $(BIN)/python -m pytest -n $(JOBS) --dist loadfile $(ON_POSTGRES) $(ARGS)

bench: .venv/.tested ## Measure (see docs/performance.md)
	$(BIN)/python -m tests.bench $(ARGS)

catalogues: .venv/.tested ## Bring the message catalogues up to date with the source
	$(BIN)/python -m tests.catalogues --update

lock: .venv/.tested ## Write the lock files anew from pyproject.toml and package.json
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --extra server --group build -o requirements.lock pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
	  --extra server --group build --group dev -c requirements.lock -o requirements-dev.lock pyproject.toml
	cd .venv/npm && cp ../../package.json ../../.npmrc . && ../bin/npm install --package-lock-only --silent && cp package-lock.json ../..

clean: ## Remove what was installed and built; data folders stay
	rm -rf .venv build dist app/static/vendor .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	  || { echo "Python 3.11 or later is needed ($(PYTHON) is missing or older)."; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null \
	  || { echo "Python lacks venv. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv .venv

ASSETS := package.json package-lock.json $(wildcard app/bundling/*)

.venv/.serves: .venv/bin/python requirements.lock pyproject.toml $(ASSETS)
	@echo "Installing the portal into .venv (once) …"
	@test -e .venv/.tested || $(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-build-isolation --no-deps --editable .
	@$(BIN)/python app/bundling/build.py .venv/npm $(if $(wildcard .venv/.tested),--dev)
	@touch $@

.venv/.tested: .venv/bin/python requirements-dev.lock pyproject.toml $(ASSETS)
	@echo "Installing the portal and its tests into .venv (once) …"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@$(PIP) install --no-build-isolation --no-deps --editable .
	@$(BIN)/python app/bundling/build.py .venv/npm --dev
	@touch $@ .venv/.serves
