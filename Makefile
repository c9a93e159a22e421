# Every target works as the first thing typed on a fresh machine with Python 3.11 or later, make, and a package index.

.DEFAULT_GOAL := install
.PHONY: install demo site test test-tools lint eval bench refresh lock clean

# The first interpreter that is recent enough and can make a virtual environment.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { echo $$p; break; }; done)
BIN := .venv/bin

install: $(BIN)/.installed

$(BIN)/.installed: requirements.lock pyproject.toml
	@test -x $(BIN)/python || test -n "$(PYTHON)" || { \
		echo "make: no Python 3.11 or later with the venv module was found" >&2; \
		echo "make: hint: install one (Debian: apt-get install python3 python3-venv), or say PYTHON=/path/to/python3 make" >&2; \
		exit 1; }
	@test -x $(BIN)/python || "$(PYTHON)" -m venv .venv
	@echo "installing into .venv ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

demo: install
	@$(BIN)/python examples/demo.py

# A site made from the examples: sealed by two sides, with a transcript, statements and an answered copy.
site: install
	@$(BIN)/python examples/site.py build/site

# pytest's own cache is off: nothing of one run may decide another. All cores work; the tests of one file stay together.
test: install test-tools
	$(BIN)/python -m pytest -q -p no:cacheprovider -n auto --dist loadfile

# Tests make media with the ffmpeg program, look at pages in Chromium, and run a PostgreSQL server of their own. Where one is missing and we may install it, do;
# else the tests that need it are skipped, and say so. With CI=true a missing one fails them.
test-tools:
	@command -v apt-get >/dev/null 2>&1 || exit 0; \
	if [ "$$(id -u)" = 0 ]; then run=""; elif sudo -n true >/dev/null 2>&1; then run="sudo -n"; else exit 0; fi; \
	for tool in "ffmpeg:ffmpeg libavcodec-extra" "chromium:chromium" "node:nodejs" "postgres:postgresql"; do \
		name="$${tool%%:*}"; \
		{ command -v "$$name" || ls /usr/lib/postgresql/*/bin/"$$name"; } >/dev/null 2>&1 && continue; \
		echo "installing $$name, which tests need ..."; \
		{ $$run apt-get update -qq && DEBIAN_FRONTEND=noninteractive $$run apt-get install -y -qq \
			--no-install-recommends $${tool#*:}; } </dev/null >/dev/null 2>&1 \
		|| echo "could not install $$name: the tests that need it are skipped"; \
	done

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

eval: install
	$(BIN)/python -m eval.seal
	$(BIN)/python -m eval.parts
	$(BIN)/python -m eval.parts --sizes
	$(BIN)/python -m eval.recording
	$(BIN)/python -m eval

bench: install
	$(BIN)/python -m bench
	$(BIN)/python -m bench.peers

# For maintainers: makes the examples' releases and print, and what the documentation shows of them, anew.
refresh: install
	$(BIN)/python examples/make.py
	$(BIN)/python docs/refresh.py

# For maintainers: pins anew what pyproject.toml asks for; needs uv.
lock:
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
		--no-annotate --no-header --no-emit-index-url --upgrade -q -o requirements.lock

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis src/*.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
