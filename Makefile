# The two commands of a new machine are make run and make test; projectoffice/common/house does the work.
PYTHON ?= python3
VENV := .venv/bin/python
HOUSE := projectoffice.common.house

.PHONY: run setup dev test tools lint types pytest format bench

run:
	@$(PYTHON) -m $(HOUSE).setup --base
	@exec $(VENV) -m $(HOUSE).supervise

setup:
	@$(PYTHON) -m $(HOUSE).setup

# Django's own server with its reloader, for work on the code.
dev: setup
	@DEBUG=1 exec $(VENV) manage.py runserver

test: tools lint types pytest

tools:
	@$(PYTHON) -m $(HOUSE).setup --tools
	@$(VENV) -m $(HOUSE).fonts

lint:
	@$(VENV) -m ruff check .
	@.venv/bin/djade --check --target-version 5.2 $$(git ls-files 'templates/*.html')
	@.venv/bin/lint-imports --no-logo
	@$(VENV) manage.py makemigrations --check --dry-run

types:
	@SECRET_KEY=types $(VENV) -m mypy

pytest:
	@$(VENV) -m pytest -n 2

# Imports sorted, templates laid out; the rest is for people.
format:
	@$(VENV) -m ruff check --select I --fix .
	@.venv/bin/djade --target-version 5.2 $$(git ls-files 'templates/*.html')

bench: setup
	@$(VENV) manage.py bench
