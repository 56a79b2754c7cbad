# Every command of the project; `make` alone lists them. Each sets up what it needs, so that on a
# fresh Debian or Ubuntu with python3, git and make the first command may be any of them.

PYTHON ?= python3
ARGS ?=
SECONDS ?= 300
TEXT_SECONDS ?=
TEXT_ARGS ?=
COUNT ?= 200

BIN := .venv/bin
PACKAGE_PYTHON := .venv-package/bin/python
SYSTEM := bash packaging/linux/system_packages.sh
LINUX := $(filter Linux,$(shell uname -s))
ENVIRONMENT := $(PYTHON) packaging/environment.py

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run demo env test check bench fuzz torture chat-local local-model system system-run venv locks \
	translations interop package-env dist dist-twice test-dist packages test-packages test-deb \
	test-fresh release-papers audit bench-built clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: system-run venv ## start the program (options: make run ARGS="--data-dir DIR")
	@$(BIN)/python -m desktop_app $(ARGS)

demo: system-run venv ## start the program on its built-in demo endpoint
	@$(BIN)/python -m desktop_app --demo $(ARGS)

chat-local: system-run local-model ## chat with a real, very small model on this machine
	@$(BIN)/python packaging/local_model.py $(ARGS)

env: system venv ## build .venv with all that running and testing need

test: env ## run every test (one of them: make test ARGS="tests/chat -k stop")
	@$(BIN)/python -m pytest $(if $(ARGS),$(ARGS),--numprocesses auto --dist worksteal)

# Every tool has its say even when an earlier one complains; the tests come last, so that their
# closing line does too.
check: env ## check format, lint, types and layers, then run every test
	@failed=; \
	$(BIN)/ruff format --quiet --check . || failed="$$failed format,"; \
	$(BIN)/ruff check --quiet . || failed="$$failed lint,"; \
	$(BIN)/mypy --no-error-summary || failed="$$failed types,"; \
	$(BIN)/mypy --no-error-summary packaging/*.py packaging/linux/*.py || failed="$$failed types of packaging,"; \
	if [ -x $(BIN)/actionlint ]; then \
		$(BIN)/actionlint && $(BIN)/zizmor --offline --no-progress --quiet .github/workflows \
			|| failed="$$failed workflows,"; fi; \
	layers=$$($(BIN)/lint-imports --no-logo 2>&1) \
		|| { echo "$$layers"; failed="$$failed layers,"; }; \
	if [ -n "$$failed" ]; then echo "interleave: not clean:$${failed%,}"; \
	else echo "interleave: format, lint, types and layers are clean"; fi; \
	$(MAKE) --no-print-directory test && [ -z "$$failed" ]

bench: env ## run the benchmarks one after the other
	@for bench in tests/benchmarks/bench_*.py; do \
		[ -e "$$bench" ] || continue; \
		echo "== $$bench"; \
		env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m "tests.benchmarks.$$(basename "$$bench" .py)" || exit 1; \
	done

bench-built: env ## how soon what `make dist` built is there, and what it holds
	@INTERLEAVE_PROGRAM=$(CURDIR)/dist/interleave/interleave $(BIN)/python -m tests.benchmarks.bench_built

fuzz: env ## damaged streams for five minutes (SECONDS=20), all hostile texts (TEXT_SECONDS=300)
	@$(BIN)/python -m tests.fuzz.fuzz_sse --seconds $(SECONDS) $(ARGS)
	@$(BIN)/python -m tests.fuzz.fuzz_texts $(if $(TEXT_SECONDS),--seconds $(TEXT_SECONDS)) $(TEXT_ARGS)

torture: env ## kill the program in the middle of 200 answers, cut the power 2000 times (COUNT=1000)
	@$(BIN)/python -m tests.torture.kill_program --count $(COUNT) $(ARGS)
	@$(BIN)/python -m tests.storage.power_cut --cuts $$(($(COUNT) * 10)) $(ARGS)

system: ## install the system packages that running and testing need (Debian, Ubuntu)
	@$(if $(LINUX),$(SYSTEM) run test fonts,:)

system-run:
	@$(if $(LINUX),$(SYSTEM) run fonts,:)

venv:
	@$(ENVIRONMENT)

local-model: ## add the small local model to .venv
	@$(if $(LINUX),$(SYSTEM) model,:)
	@$(ENVIRONMENT) --group local-model

interop: ## add what others wrote for the tests marked interop: the LiteLLM proxy, MCP servers
	@$(if $(LINUX),$(SYSTEM) node,:)
	@$(ENVIRONMENT) --group interop --group mcp-servers
	@bash packaging/mcp-servers/install.sh

package-env: venv
	@$(if $(LINUX),$(SYSTEM) run package,:)
	@$(ENVIRONMENT) --group package

dist: package-env ## build the program for this system into dist/, and test what was built
	@$(PACKAGE_PYTHON) packaging/freeze.py
	@$(MAKE) --no-print-directory test-dist

dist-twice: package-env ## build it two times and compare every file
	@$(PACKAGE_PYTHON) packaging/freeze.py --twice

# What was built, not the source: parts and libraries, then a chat with the demo, and a key that is
# set, read and removed in a real keyring.
test-dist: env
	@INTERLEAVE_PROGRAM=$(CURDIR)/dist/interleave/interleave $(BIN)/python -m pytest $(ARGS) \
		tests/packaging/test_built_program.py tests/e2e/test_chat.py tests/e2e/test_first_run.py

packages: package-env ## make .deb, .rpm, .tar.xz and an AppDir of what `make dist` built
	@$(PACKAGE_PYTHON) packaging/linux_packages.py deb rpm tar appdir

test-packages: env ## look at those packages as their readers will, install and remove them
	@$(SYSTEM) lint
	@INTERLEAVE_PACKAGES=$(CURDIR)/dist $(BIN)/python -m pytest tests/packaging/test_packages.py

test-deb: ## install the .deb in a bare Debian, chat in its window, remove it (root; SUITE=stable)
	@$(SYSTEM) chroot
	@bash packaging/linux/bare_system.sh deb dist/*.deb

test-fresh: ## clone into a bare Debian, run `make test` and `make run` there (root; SUITE=stable)
	@$(SYSTEM) chroot
	@bash packaging/linux/bare_system.sh fresh $(ARGS)

release-papers: package-env ## write the bill of materials (CycloneDX) of what was built
	@$(ENVIRONMENT) --group release
	@$(PACKAGE_PYTHON) packaging/sbom.py

audit: venv ## ask for known weaknesses of everything that the program's lock pins (network)
	@$(ENVIRONMENT) --group release
	@$(BIN)/python packaging/audit.py

locks: ## write packaging/requirements anew (newest versions: make locks UPGRADE=1)
	@$(PYTHON) packaging/lock.py $(if $(UPGRADE),--upgrade)

translations: venv ## gather translatable texts and compile the translations
	@mkdir -p resources/i18n
	@$(BIN)/pyside6-lupdate -silent -no-obsolete -locations none \
		$$(find desktop_app -name '*.py' | LC_ALL=C sort) -ts resources/i18n/zh_CN.ts
	@$(BIN)/pyside6-lrelease -silent resources/i18n/zh_CN.ts -qm resources/i18n/zh_CN.qm

clean: ## remove what the commands above made, .venv included
	@rm -rf .venv .venv-uv .venv-interop .venv-mcp-servers .node-mcp-servers .venv-package .venv-release \
		.mypy_cache .ruff_cache .pytest_cache .hypothesis \
		.import_linter_cache build dist
	@find desktop_app tests packaging -name __pycache__ -type d -prune -exec rm -rf {} +
