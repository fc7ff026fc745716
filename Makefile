# Two commands are all a newcomer needs: `make demo` and `make test`. Each does the set-up it needs.
PYTHON ?= python3
VENV := .venv
RUN := $(VENV)/bin/python
READY := $(VENV)/.ready
SHOP ?= cafe
ONLY ?=
PORT ?= 8000
# The demonstration has a data folder of its own for each checkout and shop. Run by root, the database is another
# user's, who must be able to pass through every parent of the folder.
DEMO_HOME ?= $(shell if [ "$$(id -u)" = 0 ]; \
	then echo "/var/lib/huitou-demo-$$(pwd | cksum | cut -d' ' -f1)-$(SHOP)"; \
	else echo "$(CURDIR)/build/demo-$(SHOP)"; fi)

.PHONY: setup demo test check bench audit lock format clean help

help: ## What can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/ —/'

setup: $(READY) ## The locked environment in .venv, with the command .venv/bin/huitou

$(READY): requirements-uv.lock requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		|| { echo "Huitou needs Python 3.11 or newer as python3 (or make PYTHON=/path/to/python)."; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null \
		|| { echo "Huitou needs Python's venv module (Debian: apt install python3-venv)."; exit 1; }
	@echo "Setting up (once): about 1 GB of locked packages."
	@test -x build/uv/bin/uv || { $(PYTHON) -m venv build/uv \
		&& build/uv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock; }
	@test -x $(RUN) || build/uv/bin/uv venv --quiet --python $(PYTHON) $(VENV)
	@build/uv/bin/uv pip sync --quiet --python $(RUN) --require-hashes requirements-dev.lock
	@build/uv/bin/uv pip install --quiet --python $(RUN) --no-deps --no-build-isolation --editable .
	@$(RUN) -m huitou.ui.catalogue
	@touch $@

demo: $(READY) ## A running console filled with a shop (SHOP=cafe or SHOP=cdnow)
	@HUITOU_HOME="$${HUITOU_HOME:-$(DEMO_HOME)}" $(VENV)/bin/huitou demo serve --shop $(SHOP) --port $(PORT)

test: $(READY) ## All tests, on a real PostgreSQL and (where Chromium is found) in a real browser
	@$(RUN) -m pytest -n 2 --dist loadfile

check: $(READY) ## Style, types, contracts of the house, words, docs
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/djlint --lint --quiet huitou
	@$(RUN) -m pytest -q tests/house

bench: $(READY) ## The benchmarks, into build/bench.json (ONLY=name runs one)
	@$(RUN) -m bench $(ONLY)

audit: $(READY) ## Known vulnerabilities of the locked packages (needs a network)
	@$(VENV)/bin/pip-audit --require-hashes --disable-pip -r requirements.lock

lock: $(READY) ## Lock the dependencies again, with hashes
	@build/uv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header pyproject.toml -o requirements.lock
	@build/uv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --group dev pyproject.toml -o requirements-dev.lock
	@echo uv | build/uv/bin/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header - -o requirements-uv.lock

format: $(READY) ## Lay the code out
	@$(VENV)/bin/ruff check --fix --quiet . ; $(VENV)/bin/ruff format --quiet .

clean: ## Remove what was built; data folders are left alone
	@rm -rf $(VENV) build/uv .mypy_cache .ruff_cache .pytest_cache
