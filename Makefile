# Two commands do everything: `make demo` and `make test`. They need Python 3.11+ with pip, and make; uv comes into .tools/ unless it
# is installed, and all packages into .venv/. Nothing outside this folder is changed except uv's own download cache.

PYTHON ?= python3
UV_VERSION := 0.13.9
UV := $(or $(shell command -v uv 2>/dev/null),.tools/bin/uv)
BIN := .venv/bin
READY := .venv/.ready
PROJECTS := $(wildcard pyproject.toml core/pyproject.toml plugins/*/pyproject.toml tests/contract/pyproject.toml)
TEST_CACHE := .cache/python-entrypoints
# stevedore keeps entry points on disk for a while; tests must see what is installed now. Bytecode is kept, whatever the environment says:
# every worker and every process that a test starts would compile all of it again, a tenth of the whole run.
PYTEST := XDG_CACHE_HOME="$(CURDIR)/.cache" PYTHONDONTWRITEBYTECODE= PYTHONPYCACHEPREFIX="$(CURDIR)/.cache/bytecode" $(BIN)/pytest

.PHONY: help demo test check check-format check-lint check-types check-imports check-docs docs generated contract bench storm clean

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s%s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(READY) ## Bill a customer at both simulated vendors: no account, no network
	$(BIN)/python examples/quickstart.py

test: $(READY) $(TEST_CACHE)/.disable ## Run the whole test suite, in parallel; ARGS="..." goes to pytest
	$(PYTEST) -n auto $(ARGS)

check: check-format check-lint check-types check-imports check-docs ## Format, lint, types, layers, docs: everything but the tests

check-format: $(READY)
	$(BIN)/ruff format --check .

check-lint: $(READY)
	$(BIN)/ruff check .

check-types: $(READY)
	$(BIN)/mypy
	$(BIN)/pyright
	$(BIN)/python tests/typing/check.py

check-imports: $(READY)
	$(BIN)/lint-imports

check-docs: $(READY)
	$(BIN)/python tools/generated.py --check
	$(BIN)/python -m billbridge_contract.docs --check
	$(BIN)/mkdocs build --strict

docs: $(READY) ## Build the documentation into site/
	$(BIN)/mkdocs build --strict

generated: $(READY) ## Write anew what is generated in the documentation
	$(BIN)/python tools/generated.py
	$(BIN)/python -m billbridge_contract.docs

contract: $(READY) $(TEST_CACHE)/.disable ## Prove one provider against the contract: make contract PROVIDER=stripe
	@test -n "$(PROVIDER)" || { echo "say which: make contract PROVIDER=stripe" >&2; exit 2; }
	@mkdir -p build
	$(PYTEST) tests/contract/tests/test_$(PROVIDER).py --contract-report=build/contract-$(PROVIDER).json $(ARGS)

bench: $(READY) ## Measure calls beside the official SDKs and raw httpx, against a stub (minutes); ARGS="--quick" for a short one
	$(BIN)/python -m benchmarks $(ARGS)

storm: $(READY) ## 10,000 writes per vendor and surface under faults and kills, counted; ARGS="..." goes to it
	$(BIN)/python benchmarks/storm.py $(ARGS)

clean: ## Remove everything that these commands made
	rm -rf .venv .tools .cache build dist site .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache uv.lock
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(READY): $(PROJECTS) | $(filter .tools/%,$(UV))
	$(UV) sync
	@touch $@

.tools/bin/uv:
	@$(PYTHON) -c 'import sys; sys.exit("Billbridge needs Python 3.11 or later" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .tools
	.tools/bin/pip install --quiet uv==$(UV_VERSION)

$(TEST_CACHE)/.disable:
	@mkdir -p $(@D) && touch $@
