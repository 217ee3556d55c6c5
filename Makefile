.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
PYTHON := .venv/bin/python
BAOTINH := .venv/bin/baotinh
CORPUS := corpora/sample
NAME = $(notdir $(patsubst %/,%,$(CORPUS)))
OPTIONS :=

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

ingest: .venv/.base ## Read CORPUS (default corpora/sample) into build/<corpus>/: warehouse and CSV files
	$(BAOTINH) ingest $(CORPUS) --db build/$(NAME)/warehouse.duckdb $(OPTIONS)
	$(BAOTINH) export --db build/$(NAME)/warehouse.duckdb --to build/$(NAME)/csv

notebooks: .venv/.dev ingest ## Run the notebooks on CORPUS; pages with charts in build/<corpus>/notebooks/
	$(BAOTINH) notebooks --db build/$(NAME)/warehouse.duckdb

test: lint types .venv/.dev ## Everything CI checks: format, lint, types, tests, notebooks
	$(PYTHON) -m pytest

lint: .venv/.dev
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m ruff check .

types: .venv/.dev
	$(PYTHON) -m mypy

quick: .venv/.dev ## The tests but the slow ones
	$(PYTHON) -m pytest -m 'not slow'

floors: .venv/.dev ## Scores of the rules against gold; pins them where they are better
	$(PYTHON) -m tests.quality --raise-floors

slow: .venv/.dev ## The slow tests alone
	$(PYTHON) -m pytest -m slow

bench: .venv/.dev ## How fast words are tagged, beside underthesea's own functions
	$(PYTHON) -m tests.bench_words

bench-layers: .venv/.dev ## What each rule layer costs on the sample
	$(PYTHON) -m tests.bench_layers

bench-ingest: .venv/.dev ## How fast a corpus is ingested, beside the naive program; N articles
	$(PYTHON) -m tests.bench_ingest $(N)

bench-views: .venv/.dev ## How fast views and queries answer on two million facts
	$(PYTHON) -m tests.bench_views

format: .venv/.dev ## Format the code
	$(PYTHON) -m ruff format .
	$(PYTHON) -m ruff check --fix .

lock: .venv/.dev ## Pin what is installed now
	{ head -n 1 requirements.lock; $(PYTHON) -m pip freeze --exclude-editable; } > requirements.new && mv requirements.new requirements.lock

clean: ## Remove what was built; the environment stays
	rm -rf build

# Versions are pinned by requirements.lock; what is needed is said in pyproject.toml.
.venv/bin/python:
	python3 -m venv .venv

.venv/.base: .venv/bin/python pyproject.toml requirements.lock
	$(PYTHON) -m pip install --quiet --disable-pip-version-check -c requirements.lock -e .
	touch $@

.venv/.dev: .venv/bin/python pyproject.toml requirements.lock
	$(PYTHON) -m pip install --quiet --disable-pip-version-check -c requirements.lock -e '.[dev,notebooks,cluster]'
	touch $@ .venv/.base


.PHONY: help ingest notebooks test lint types quick floors slow bench bench-layers bench-ingest bench-views
.PHONY: format lock clean
