# The two commands of a new machine: make run, make test. Everything is done by projectoffice/common/house.
PYTHON ?= python3
VENV := .venv/bin/python

.PHONY: test lint

test: lint
	@$(VENV) -m pytest -n 2

lint:
	@$(VENV) -m ruff check .
