# Every command that a person or a machine types here. `make help` lists them.
PYTHON ?= python3
VENV := .venv/bin
PYTEST := $(VENV)/python -m pytest --durations=5 -n 2 --dist loadgroup
# Every program that a test starts would otherwise compile all its modules anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help
help: ## This list
	@grep -hE '^[a-z][a-z-]*:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 26

# --- Proof ------------------------------------------------------------------------------------------------------------

.PHONY: test
test: ## All tests: kernels alone, on SQLite, on PostgreSQL, in a browser
	@$(PYTHON) tools/stages.py test-programs test-environment test-kernels test-sqlite test-postgresql test-journeys

.PHONY: test-programs
test-programs: # chromium, PostgreSQL, fonts and gettext, installed with apt where that is allowed
	@$(PYTHON) tools/debian.py

.PHONY: test-environment
test-environment: # .venv with what the tests need, .venv-kernels with what the kernels need
	@$(PYTHON) tools/environment.py test
	@$(PYTHON) tools/environment.py kernels

# Threads of OpenBLAS wait for each other where several processes share the cores: small tables took twenty times as long.
test-kernels test-sqlite test-postgresql test-journeys: export OPENBLAS_NUM_THREADS := 1

.PHONY: test-kernels
test-kernels: test-environment ## The kernels' tests, with no Django installed
	@! .venv-kernels/bin/python -c "import django" 2>/dev/null || { echo "Django is in .venv-kernels, where it must not be"; exit 1; }
	@PYTHONPATH=src:tests PYTHONDONTWRITEBYTECODE=1 .venv-kernels/bin/python -m pytest -q -n 2 -c tools/kernels.ini --rootdir=. --confcutdir=tests/kernels tests/kernels

.PHONY: test-sqlite
test-sqlite: test-environment ## The tests on SQLite, without the kernels (which know no database) and the browser
	@$(PYTEST) -q --nomigrations --ignore=tests/kernels

.PHONY: test-postgresql
test-postgresql: test-environment ## Those that ask a database, on a PostgreSQL of its own, made by the migrations
	@$(PYTHON) tools/postgres.py $(PYTEST) -q --ignore=tests/kernels

.PHONY: test-journeys
test-journeys: test-environment ## Journeys and every page in a real browser; pictures go to .artefacts/
	@rm -rf .artefacts && $(PYTEST) -q -m journey

.PHONY: check
check: test-environment ## Style, types, imports, migrations, translations, locks, licences
	@$(PYTHON) tools/stages.py --all check-style check-types check-imports check-django check-messages check-files check-licences

.PHONY: check-style
check-style:
	@$(VENV)/ruff check . && $(VENV)/ruff format --check .

.PHONY: check-types
check-types:
	@$(VENV)/mypy

.PHONY: check-imports
check-imports:
	@$(VENV)/lint-imports --no-cache

.PHONY: check-django
check-django:
	@$(VENV)/python tools/django_check.py

.PHONY: check-messages
check-messages:
	@$(VENV)/python tools/messages.py check

.PHONY: check-files
check-files:
	@$(PYTHON) tools/files.py

.PHONY: check-licences
check-licences:
	@$(VENV)/python tools/licences.py

.PHONY: messages
messages: test-environment ## Collect the texts to translate into src/madang/locale, and compile
	@$(VENV)/python tools/messages.py collect

.PHONY: lock
lock: ## Pin the dependencies again, newest versions, with hashes
	@$(PYTHON) tools/lock.py

# --- The site ---------------------------------------------------------------------------------------------------------
STAGE ?= live
PORT ?= 8765

.PHONY: install
install: ## The environment alone (.venv), from the locked requirements
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "Madang needs Python 3.11 or later; '$(PYTHON)' is not that. Name another one: make install PYTHON=python3.12" >&2; exit 2; }
	@$(PYTHON) tools/environment.py run

.PHONY: demo
demo: install ## A whole market to look at (STAGE=registration|meetings|live|after PORT=8765)
	@exec $(VENV)/madang demo --stage '$(STAGE)' --port '$(PORT)'

.PHONY: demo-reset
demo-reset: install ## The same from the beginning: what you changed in it is lost
	@exec $(VENV)/madang demo --stage '$(STAGE)' --port '$(PORT)' --reset

.PHONY: bench-meetings
bench-meetings: install ## 200 people change a published timetable at once, on SQLite and on PostgreSQL
	@$(VENV)/python bench/meetings/run.py

.PHONY: bench-deals
bench-deals: install ## 1,000 attempts to sign for the same rights at once, with kill -9 in between, on SQLite and on PostgreSQL
	@$(VENV)/python bench/deals/run.py $(WHAT)

.PHONY: bench-seating
bench-seating: install ## 1,350 places released to 500 clients at once, on SQLite and on PostgreSQL (WHAT="--clients 50 --places 200")
	@$(VENV)/python bench/seating/run.py $(WHAT)

.PHONY: bench-search
bench-search: install ## Search over 30,000 titles beside FTS5 with unicode61 and trigram (WHAT="--titles 3000")
	@$(VENV)/python bench/search/run.py $(WHAT)

.PHONY: bench-pages
bench-pages: install ## How fast each page of the demo answers
	@$(VENV)/python bench/pages.py

.PHONY: bench-timetable
bench-timetable: ## The timetable kernel beside RC2, CP-SAT and Gecode (WHAT="events --quick"; all events: hours)
	@$(PYTHON) tools/environment.py bench
	@PYTHONPATH=src .venv-bench/bin/python bench/timetable/run.py $(or $(WHAT),events --write)

.PHONY: bench-rights
bench-rights: ## The rights kernel beside SQL on SQLite, PostgreSQL and DuckDB (WHAT="--sizes 1000 --no-growth")
	@$(PYTHON) tools/environment.py bench
	@PYTHONPATH=src .venv-bench/bin/python bench/rights/run.py $(or $(WHAT),--write)

.PHONY: bench-impact
bench-impact: ## Whether the impact kernel's intervals hold, beside what is usually done (WHAT="--replications 200")
	@$(PYTHON) tools/environment.py kernels
	@PYTHONPATH=src .venv-kernels/bin/python bench/impact/coverage.py $(or $(WHAT),--write)

.PHONY: bench-across
bench-across: install ## 200 editions asked at once on DuckDB and PySpark, over the files of the comparison (WHAT="--editions 20 --no-spark")
	@$(PYTHON) tools/environment.py bench
	@$(VENV)/python bench/outcomes/across.py $(or $(WHAT),--write)

.PHONY: bench-matching
bench-matching: ## The matching kernel beside item-kNN, EASE and implicit's ALS; meetings proposed; all pairs (WHAT="quality|meetings|pairs")
	@$(PYTHON) tools/environment.py bench
	@PYTHONPATH=src .venv-bench/bin/python bench/matching/run.py $(or $(WHAT),--write)
