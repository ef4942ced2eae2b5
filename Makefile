# `make` lists the commands. Every target says what it does while it does it, and is safe to run again.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --no-deps
# 0 when this is root, empty otherwise
ROOT_USER := $(filter 0,$(shell id -u))
CHROMIUM := $(firstword $(foreach name,chromium chromium-browser google-chrome,$(shell command -v $(name) 2>/dev/null)))

export PIP_ROOT_USER_ACTION := ignore
# Python keeps what it has compiled, whatever it was told elsewhere: everything here starts many processes, and without
# that each spends half of its start on compiling the same files.
unexport PYTHONDONTWRITEBYTECODE
.DEFAULT_GOAL := help
.SUFFIXES:

.PHONY: help
help: ## List the commands
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|' 2>/dev/null \
		|| sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/  make \1 - \2/p' $(MAKEFILE_LIST)

.PHONY: up
up: $(VENV)/.runtime ## Install what is missing, start Quell, keep it running until Ctrl-C
	@exec $(BIN)/quell up

.PHONY: test
test: $(VENV)/.dev browser ## Run the whole test suite (a browser is installed if it can be)
	@echo "quell: Running the tests" >&2
	@exec $(BIN)/pytest -n 3 --dist worksteal $(if $(CHROMIUM)$(ROOT_USER),,-m "not browser") $(TESTS)

.PHONY: check
check: $(VENV)/.dev ## Lint, format, types, walls, habits and sizes, migrations, templates
	@echo "quell: ruff" >&2; $(BIN)/ruff check src tests conftest.py && $(BIN)/ruff format --check src tests conftest.py
	@echo "quell: mypy" >&2; $(BIN)/mypy
	@echo "quell: import-linter" >&2; $(BIN)/lint-imports
	@echo "quell: the house's own lints and budgets" >&2; $(BIN)/pytest -q --no-header tests/architecture
	@echo "quell: migrations" >&2; \
		$(BIN)/python -W ignore -m django makemigrations --check --dry-run --settings quell.project.settings
	@echo "quell: djlint" >&2; $(BIN)/djlint src --lint --quiet

.PHONY: tasks
tasks: $(VENV)/.dev browser ## Do the tasks of every day in a browser and print what each costs in clicks and keys
	@exec $(BIN)/pytest -q -p no:xdist -p no:randomly tests/tasks

.PHONY: weights
weights: $(VENV)/.dev browser ## Print what the busiest pages weigh and how soon they stand
	@exec $(BIN)/python -m tests.measures.weights $(ARGS)

.PHONY: pictures
pictures: $(VENV)/.dev browser ## Take pictures of every screen into docs/pictures/screens
	@exec $(BIN)/python -m tests.measures.pictures $(ARGS)

.PHONY: test-postgres15
test-postgres15: $(VENV)/.dev ## Run every test that asks the database on Debian's own PostgreSQL
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || [ -z "$(ROOT_USER)" ] || { \
		echo "quell: Installing Debian's PostgreSQL for the tests" >&2; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq postgresql >/dev/null; }
	@exec $(BIN)/python -m quell.project.system_postgres $(BIN)/pytest -n 3 -m "django_db and not browser and not slow"

.PHONY: messages
messages: $(VENV)/.dev ## Gather the sentences for translators and compile the languages
	@exec $(BIN)/python -m quell.project.catalogues

.PHONY: practice
practice: $(VENV)/.dev ## Start a new practice: make practice NAME=changes
	@exec $(BIN)/python -m quell.project.scaffold "$(NAME)"

.PHONY: bench
bench: $(VENV)/.runtime ## Run the project's own benchmarks
	@exec $(BIN)/quell bench

.PHONY: lock
lock: $(VENV)/.dev ## Resolve the dependencies anew and write requirements/*.txt
	@echo "quell: Resolving the dependencies" >&2
	@set -e; for name in runtime dev; do \
		$(BIN)/uv --no-config pip compile --quiet --universal --python-version 3.11 --generate-hashes \
			--no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make lock" --upgrade \
			$$([ $$name = dev ] && echo "--extra dev --constraint requirements/runtime.txt") \
			--output-file requirements/$$name.txt pyproject.toml requirements/build.in; \
	done

.PHONY: clean
clean: ## Remove the virtual environment, caches and the test database (never your data in var/)
	@rm -rf $(VENV) .pytest-postgres .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis build \
		src/*.egg-info
	@find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo "quell: Removed the virtual environment and all caches" >&2

# The set-up. A stamp is newer than what it was made from, so a second run takes no time.

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { \
		echo "quell: Python is missing: install python3 and python3-venv (Debian: apt install python3-venv)." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "quell: Python 3.11 or newer is needed, this is $$($(PYTHON) --version): run make PYTHON=/path/to/python3.11" >&2; \
		exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "quell: Python's venv module is missing (Debian: apt install python3-venv)." >&2; exit 1; }
	@echo "quell: Making the virtual environment $(VENV)" >&2
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.%-packages: requirements/%.txt | $(BIN)/python
	@echo "quell: Installing the locked packages ($*)" >&2
	@$(PIP) --require-hashes -r $< || { \
		echo "quell: The packages could not be installed: the lines above say which; a package index must be reachable (pip config)." >&2; \
		exit 1; }
	@touch $@

.PRECIOUS: $(VENV)/.%-packages

$(VENV)/.runtime: $(VENV)/.runtime-packages pyproject.toml
	@$(PIP) --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.dev-packages pyproject.toml
	@$(PIP) --no-build-isolation --editable .
	@touch $@ $(VENV)/.runtime-packages $(VENV)/.runtime

.PHONY: browser
browser:
ifeq ($(CHROMIUM),)
ifeq ($(ROOT_USER),0)
	@echo "quell: Installing the browser for the tests (chromium, chromium-headless-shell, fonts-noto-cjk)" >&2
	@export DEBIAN_FRONTEND=noninteractive; apt-get update -qq && \
		apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk >/dev/null && { \
		apt-get install -y -qq --no-install-recommends chromium-headless-shell >/dev/null || true; } || { \
		echo "quell: The browser could not be installed: install chromium and fonts-noto-cjk by hand, then run make test again." >&2; \
		exit 1; }
else
	@echo "quell: No browser here, so the browser tests are left out; to run them: sudo apt install chromium fonts-noto-cjk" >&2
endif
endif
