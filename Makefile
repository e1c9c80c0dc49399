# The two commands of a new machine are make run and make test; projectoffice/common/house does the work.
PYTHON ?= python3
VENV := .venv/bin/python
HOUSE := projectoffice.common.house

.PHONY: run setup dev test tools lint types pytest format lock bench

run:
	@$(PYTHON) -m $(HOUSE).setup --base
	@exec $(VENV) -m $(HOUSE).supervise

setup:
	@$(PYTHON) -m $(HOUSE).setup

# Django's own server with its reloader, for work on the code: static files are served as they lie.
dev:
	@$(PYTHON) -m $(HOUSE).setup --base
	@$(VENV) -m $(HOUSE).fonts
	@DEBUG=1 $(VENV) manage.py migrate --verbosity 0
	@DEBUG=1 $(VENV) manage.py runserver $${PORT:-8000}

test: tools lint types pytest

tools:
	@$(PYTHON) -m $(HOUSE).setup --tools
	@$(VENV) -m $(HOUSE).fonts

lint:
	@$(VENV) -m ruff check .
	@.venv/bin/djade --check --target-version 5.2 $$(git ls-files 'templates/*.html')
	@.venv/bin/lint-imports --no-logo
	@.venv/bin/deptry --no-ansi .
	@$(VENV) manage.py makemigrations --check --dry-run

types:
	@SECRET_KEY=types $(VENV) -m mypy

pytest:
	@$(VENV) -m pytest -n 2 --dist worksteal

# Imports sorted, templates laid out; the rest is for people.
format:
	@$(VENV) -m ruff check --select I --fix .
	@.venv/bin/djade --target-version 5.2 $$(git ls-files 'templates/*.html') || true  # it says with 1 that it changed something

# After a change of dependencies in pyproject.toml; needs uv, asks the package index.
LOCK := uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header
lock:
	@$(LOCK) -o requirements.lock
	@$(LOCK) --group dev -o requirements-dev.lock

bench: setup
	@$(VENV) manage.py bench
