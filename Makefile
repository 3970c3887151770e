# `make help` lists what can be made. Only Python 3.11+ and make are needed: each target sets up what it uses in .venv.

.DEFAULT_GOAL := help
.PHONY: help demo demo-reset test check chaos chaos-import bench bench-import bench-simulator match-quality first-afternoon contract \
    facts fault-page state-pictures pictures machine requirements
.DELETE_ON_ERROR:

export PORT SIMULATOR_PORT FORCE PYTHON
ONLY_TO_WRITE = SECRET_KEY=only-to-write TOKEN_ENCRYPTION_KEYS=$(shell head -c 32 /dev/urandom | base64 | tr +/ -_)

help: ## List what can be made.
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F '|' '{ printf "%-20s %s\n", $$1, $$2 }'

demo: .venv/runtime-installed ## Run SMMware with a fictitious company and a stand-in for QuickBooks, until Ctrl-C. PORT and SIMULATOR_PORT choose the ports.
	@.venv/bin/python scripts/demo.py

demo-reset: .venv/runtime-installed ## Delete the demo's data, after asking (FORCE=1 does not ask).
	@.venv/bin/python scripts/demo.py reset

test: .venv/dev-installed ## Run every test that this machine can run. SMMWARE_TEST_REQUIRE=postgres,redis,browser,pdf: fail where one is missing. ARGS go to pytest.
	@.venv/bin/python -m scripts.run_tests $(ARGS)

check: .venv/dev-installed ## Format, lint, types, import contracts, missing migrations, Django's deployment checks.
	@scripts/check

chaos: .venv/dev-installed ## Kill and freeze workers at random moments while QuickBooks fails, then compare the books. KILLS=100 says how many, SEED=… plays again, ON=embedded or services chooses the database.
	@.venv/bin/python -m tests.faults.chaos $(addprefix --kills=,$(KILLS)) $(addprefix --seed=,$(SEED)) $(addprefix --on=,$(ON)) $(ARGS)

chaos-import: .venv/dev-installed ## Kill and freeze workers at random moments of imports, then compare field by field with an undisturbed one. KILLS, SEED and ON as for chaos.
	@.venv/bin/python -m tests.faults.chaos --of imports $(addprefix --kills=,$(KILLS)) $(addprefix --seed=,$(SEED)) $(addprefix --on=,$(ON)) $(ARGS)

bench: .venv/runtime-installed ## How fast records are copied, beside python-quickbooks alone and Intuit's limits; fails where a target is missed. Some 10 minutes.
	@.venv/bin/python -m bench $(ARGS)

bench-import: .venv/runtime-installed ## How fast 10,000 customers are imported from pages that take two seconds, beside fetching them bare; fails where a target is missed. Takes two minutes.
	@.venv/bin/python -m bench.importing $(ARGS)

bench-simulator: .venv/runtime-installed ## How fast the simulator is on one core, beside what it has to reach; fails where it is slower. Takes a minute.
	@.venv/bin/python -m bench.simulator $(ARGS)

match-quality: .venv/runtime-installed ## How well records are found at QuickBooks, on the frozen set of docs/match-quality.md; fails where a target is missed. ARGS="--seed=7": another set. ARGS=--wrong: what was judged wrongly.
	@$(ONLY_TO_WRITE) .venv/bin/python -m bench.match_quality $(ARGS)

first-afternoon: .venv/dev-installed ## Walk the first steps in a browser with 3,000 customers, 400 vendors and 60 employees at QuickBooks, a third of them here. ARGS go to pytest.
	@SMMWARE_TEST_CUSTOMERS=3000 .venv/bin/python -m pytest tests/browser/test_first_afternoon.py -q $(ARGS)

contract: .venv/dev-installed ## Hold the simulator to what is known of QuickBooks; with QBO_CONTRACT_… set, Intuit's sandbox too. ARGS go to pytest.
	@QBO_CONTRACT_SOCKET=all .venv/bin/python -m pytest tests/contract -q $(ARGS)

facts: .venv/dev-installed ## Print what is known of QuickBooks with its tests, and bring the tables of docs/simulator.md up to date.
	@.venv/bin/python -m scripts.facts

fault-page: .venv/runtime-installed ## Write QuickBooks' faults in plain words into docs/faults.md.
	@$(ONLY_TO_WRITE) .venv/bin/python manage.py shell -c "from scripts.fault_page import write; write()"

state-pictures: .venv/runtime-installed ## Draw the states of runs, steps and attempts into docs/states.md.
	@$(ONLY_TO_WRITE) .venv/bin/python manage.py shell -c "from scripts.state_pictures import write; write()"

pictures: .venv/dev-installed ## Walk the screens of a demo company and write docs/pictures. ARGS="invoice payments" makes only those.
	@.venv/bin/python -m scripts.pictures $(ARGS)

machine: SEED := $(or $(SEED),$(shell date +%s))
machine: .venv/dev-installed ## 2,000 random writes to the simulator's books, which must stay in order. STEPS says how many, SEED=… walks again.
	@echo "SEED=$(SEED)"
	@SIMULATOR_STEPS=$(or $(STEPS),2000) .venv/bin/python -m pytest --quiet --hypothesis-seed=$(SEED) \
	    tests/unit/qbo_simulator/test_books_in_order.py

requirements: .venv/dev-installed ## Pin requirements.txt and requirements-dev.txt anew from their .in files.
	@scripts/pin-requirements

.venv/runtime-installed: requirements.txt
	@scripts/make-venv requirements.txt $@

.venv/dev-installed: requirements-dev.txt requirements.txt
	@scripts/make-venv requirements-dev.txt $@
