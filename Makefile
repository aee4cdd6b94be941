PYTHON ?= python3

.PHONY: install format check cov

install:
	$(PYTHON) -m pip install -c constraints.txt -e ".[test]"

format:
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

check:
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	$(PYTHON) -m pytest -n auto --dist loadfile

cov:
	$(PYTHON) -m coverage run -m pytest
	$(PYTHON) -m coverage report --skip-covered
