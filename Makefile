# Every target works from an empty clone and again a second time.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed

.PHONY: demo test check lint types imports coverage bench torture clean
$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[fast,ocr,dev]"
	touch $(STAMP)

demo: $(STAMP)
	$(BIN)/dujian demo build/demo

test: $(STAMP)
	$(BIN)/python -m pytest -q -n auto

lint: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(STAMP)
	$(BIN)/mypy

imports: $(STAMP)
	$(BIN)/lint-imports

coverage: $(STAMP)
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -q -n auto
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

check: lint types imports coverage

bench: $(STAMP)
	$(BIN)/python -m bench

torture: $(STAMP)
	$(BIN)/python -m pytest -q tests/faults --torture

clean:
	rm -rf $(VENV) build dist .coverage*
