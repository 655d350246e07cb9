# Two commands: `make up` and `make test`. What they do is in ckanext-govdata/ckanext/govdata/stack/.
SHELL := /bin/sh
PYTHON ?= python3
HERE := ckanext-govdata/ckanext/govdata/stack
INSTALL := $(PYTHON) $(HERE)/install.py
STACK := .venv/bin/python -m ckanext.govdata.stack
PYTEST := .venv/bin/python -m pytest -q
.PHONY: up down restart purge status url ini test-ini mail demo-reset install install-dev browser nginx test bench chaos load parity mutants lint i18n

up: ## the portal, with demo data
	@since=$$(date +%s); $(INSTALL) && $(STACK) up --since $$since

down restart purge status url ini test-ini mail demo-reset: ## what their names say
	@test -x .venv/bin/python && ls .venv/installed-run* >/dev/null 2>&1 \
	|| { echo "Not installed yet, or not to the end: make up" >&2; exit 1; }
	@$(STACK) $@

install:
	@$(INSTALL)

install-dev:
	@$(INSTALL) dev

browser: ## Chromium and Chinese letters, for the tests that drive a browser
	@sh $(HERE)/files/browser.sh

nginx: ## Debian's nginx, unpacked, for the tests of the installation page
	@sh $(HERE)/files/nginx.sh

test: install-dev browser nginx ## every test; services come up by themselves; two processes share the work
	@$(STACK) test-services
	@failed=0; log=.govdata/beside.log; \
	$(PYTEST) -p no:ckan $(BESIDE) >$$log 2>&1 & beside=$$!; \
	trap 'kill $$beside; exit 1' INT TERM; \
	$(PYTEST) -p no:ckan tests/domain || failed=1; \
	$(PYTEST) $(SHARED) --ckan-ini "$$($(STACK) test-ini)" $(addprefix --ignore=tests/,$(BARE)) tests || failed=1; \
	wait $$beside || failed=1; cat $$log; exit $$failed

# Two processes, a database each; a file's tests stay together, and the journeys begin (tests/conftest.py).
SHARED := -n 2 --dist loadfile --no-loadscope-reorder
# What needs neither CKAN nor its database; all but the first run beside the others.
BARE := domain packaging stack chaos
BESIDE := $(addprefix tests/,$(filter-out domain,$(BARE)))

bench: install-dev ## our speed; some of it: make bench WHAT="stock cases gate table sweep letters oracles"
	@$(STACK) test-services
	.venv/bin/python -m tests.bench $(WHAT)

chaos: install-dev ## a portal of its own that is broken again and again: make chaos WHAT="--rounds 500"
	.venv/bin/python -m tests.chaos $(WHAT)

load: install-dev ## a day's mix at 100,000 entries for half an hour, then a kill of each service
	.venv/bin/python -m tests.load $(WHAT)

parity: install-dev ## CKAN's own tests on a stock CKAN and on ours: a quarter of an hour
	@$(STACK) test-services
	.venv/bin/python -m tests.parity --jobs 2 $(WHAT)

mutants: install-dev ## how sharp the tests of slices are: make mutants WHAT="marks sheets --count 40"
	@$(STACK) test-services
	.venv/bin/python -m tests.mutants --ckan-ini "$$($(STACK) test-ini)" $(WHAT)

lint: install-dev
	.venv/bin/ruff check .
	.venv/bin/pyright

i18n: install-dev ## collect the strings into the catalogues
	.venv/bin/python -m ckanext.govdata.speech.message_catalogues
