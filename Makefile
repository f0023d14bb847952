# `make` lists the targets. `make fixtures` and `make audit` are the main job.

PYTHON ?= python3
MVN ?= mvn
VENV := python/.venv
VENV_PYTHON := $(VENV)/bin/python
DRIFT_PYTHON ?= $(VENV_PYTHON)
NPYPARITY := PYTHONPATH=python $(VENV_PYTHON) -m npyparity
# -ntp: no line for each download. What a build prints is for the eye.
MAVEN := bin/require network $(MVN) -B -ntp -q

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

##@ The main job
.PHONY: fixtures
fixtures: $(VENV)/.runtime ## emit fixtures/generated with pinned NumPy; does nothing when up to date
	@$(NPYPARITY) emit --set generated --out fixtures/generated

.PHONY: audit
audit: fixtures build ## fixtures, build, audit of everything by every engine, report in target/parity-report
	@bin/npyparity audit fixtures/golden fixtures/generated --engine all --report target/parity-report

##@ Build and test
.PHONY: build
build: tools ## the runnable jar behind bin/npyparity
	@$(MAVEN) -DskipTests package

.PHONY: test
test: tools fixtures python-test java-test container-test ## everything: Maven (slow tests too), pytest, and containers where an engine answers

.PHONY: java-test
java-test: tools $(VENV)/.runtime
	$(MAVEN) -Dtest.excludedGroups=container,launcher verify
	$(MAVEN) -Dgroups=launcher -Dtest.excludedGroups=none surefire:test
	@$(MAKE) --no-print-directory fuzz-jnpy FUZZ_RUNS=50000

# Of each of the two targets: 10 million inputs in all.
FUZZ_RUNS ?= 5000000
.PHONY: fuzz-jnpy
fuzz-jnpy: tools ## fuzz the .npy and .npz readers by Jazzer, FUZZ_RUNS inputs each (ten minutes), and replay in 64 MB
	@$(MAVEN) test-compile dependency:build-classpath -Dmdep.includeScope=test -Dmdep.outputFile=target/test-classpath
	@bin/fuzz-jnpy $(FUZZ_RUNS)

.PHONY: python-test
python-test: $(VENV)/.test lint-python
	cd python && .venv/bin/python -m pytest -q

.PHONY: lint
lint: lint-python tools ## formatting and static checks of both languages, nothing else
	$(MAVEN) -DskipTests verify

.PHONY: lint-python
lint-python: $(VENV)/.test
	cd python && .venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/mypy

.PHONY: format
format: tools $(VENV)/.test ## format the sources of both languages
	$(MAVEN) spotless:apply
	cd python && .venv/bin/ruff check --fix . && .venv/bin/ruff format .

##@ Containers
.PHONY: images
images: $(VENV)/.venv ## the container images of the matrix, python/images/matrix; does nothing when up to date
	@PYTHON=$(VENV_PYTHON) python/images/build

# Where no engine answers, the one line that says so is the only thing that does not fail.
.PHONY: container-test
container-test: tools ## the golden set computed again by each image, and judged
	@if bin/require engine >/dev/null 2>&1; then \
	  $(MAKE) --no-print-directory images && $(MAVEN) -Dgroups=container -Dtest.excludedGroups=none test; \
	else echo "make test: the container tests are skipped: no container engine answers (docs/containers.md)"; fi

##@ Benchmarks
BENCH ?= full
BENCH_ARGS ?=
BENCH_VENV := python/.venv-bench
# An interpreter that has PyTorch. The wheel for Linux x86-64 draws 2.5 GB of GPU libraries, without which it does not
# load; Debian's python3-torch spares them: BENCH_TORCH_PYTHON=/usr/bin/python3.
BENCH_TORCH_PYTHON ?= $(BENCH_VENV)/bin/python

# The classes of the tests and of the benchmarks, and what they need.
BENCH_CLASSES := target/classes:target/test-classes
BENCH_JAVA = $${JAVA_HOME:+$$JAVA_HOME/bin/}java
BENCH_JMH = $(BENCH_JAVA) -cp $(BENCH_CLASSES):$$(cat target/test-classpath) org.openjdk.jmh.Main -foe true -v SILENT -rf json
BENCH_CONV = PYTHONPATH=python $(BENCH_VENV)/bin/python python/bench/conv_table.py --java "$(BENCH_JAVA)" \
  --class-path "$(BENCH_CLASSES):$$(cat target/test-classpath)" --torch-python $(BENCH_TORCH_PYTHON)
BENCH_LENGTH_full :=
BENCH_LENGTH_quick := -wi 2 -i 4

.PHONY: bench
bench: bench-jnpy bench-compare bench-audit bench-conv ## all benchmarks beside their peers, as ratios: docs/benchmarks.md (50 minutes; BENCH=quick: 15)

.PHONY: bench-conv
bench-conv: bench-build $(BENCH_VENV)/.tools $(if $(filter $(BENCH_VENV)/%,$(BENCH_TORCH_PYTHON)),$(BENCH_VENV)/.torch) ## the engines beside PyTorch, NumPy and OpenBLAS (25 minutes; BENCH_ARGS=--resume: goes on where a run stopped)
	@$(BENCH_CONV) --mode $(BENCH) $(BENCH_ARGS)

# The rule of bench-conv in another mode; its table is a part of the page that bench-conv writes next.
.PHONY: bench-avx2
bench-avx2: bench-build $(BENCH_VENV)/.tools $(if $(filter $(BENCH_VENV)/%,$(BENCH_TORCH_PYTHON)),$(BENCH_VENV)/.torch) ## engine `vector` beside PyTorch and NumPy, all kept from AVX-512 (three minutes; no part of bench)
	@$(BENCH_CONV) --mode avx2 $(BENCH_ARGS) >target/bench/avx2.txt
	@cat target/bench/avx2.txt

.PHONY: bench-jnpy
bench-jnpy: bench-build $(VENV)/.runtime ## loading, writing and mapping .npy beside NumPy and other libraries
	@$(BENCH_JMH) $(BENCH_LENGTH_$(BENCH)) -rff target/bench/jnpy.json '\.Npy(Load|Open|Write)Benchmark'
	@$(VENV_PYTHON) python/bench/npy_table.py target/bench/jnpy.json >target/bench/jnpy.txt
	@cat target/bench/jnpy.txt

# The quick form leaves out arrays that fit the caches, and equal ones.
BENCH_COMPARE_quick := -p elements=1000000 -p ulps=3
.PHONY: bench-compare
bench-compare: bench-build $(VENV)/.runtime ## judging two arrays beside np.testing.assert_allclose
	@$(BENCH_JMH) $(BENCH_LENGTH_$(BENCH)) $(BENCH_COMPARE_$(BENCH)) -rff target/bench/compare.json '\.CompareBenchmark'
	@$(VENV_PYTHON) python/bench/compare_table.py target/bench/compare.json >target/bench/compare.txt
	@cat target/bench/compare.txt

.PHONY: bench-report
bench-report: bench-build $(VENV)/.runtime ## opening a report of 200 and of 2,000 cases in Chromium (no part of bench: it needs one)
	@$(BENCH_JMH) -rff target/bench/report.json '\.ReportBenchmark'
	@$(VENV_PYTHON) python/bench/report_table.py target/bench/report.json >target/bench/report.txt
	@cat target/bench/report.txt

.PHONY: bench-audit
bench-audit: bench-build fixtures ## the audit beside the same judgement in Python, as whole processes
	@PYTHONPATH=python $(VENV_PYTHON) python/bench/bench_audit.py --mode $(BENCH) >target/bench/audit.txt
	@cat target/bench/audit.txt

# The jar too: a build of its own between two benchmarks would remove their classes.
.PHONY: bench-build
bench-build: tools
	@$(MAVEN) -Pbench -DskipTests package dependency:build-classpath -Dmdep.includeScope=test -Dmdep.outputFile=target/test-classpath
	@mkdir -p target/bench

##@ Golden set
.PHONY: golden
golden: $(VENV)/.runtime ## regenerate fixtures/golden (a commit of its own that names this command)
	@$(NPYPARITY) emit --set golden --out fixtures/golden --force

.PHONY: drift
drift: $(VENV)/.runtime ## regenerate into a scratch folder, judge it against the golden set; DRIFT_PYTHON=python with another NumPy
	@$(NPYPARITY) drift --golden fixtures/golden --python $(DRIFT_PYTHON)

##@ Housekeeping
.PHONY: clean
clean: ## remove what the build made; keeps fixtures and the virtual environment
	rm -rf target

.PHONY: distclean
distclean: clean ## also remove generated fixtures and the virtual environment
	rm -rf fixtures/generated $(VENV) $(BENCH_VENV)

.PHONY: help
help:
	@awk 'BEGIN { FS = ":.*## " } \
	  /^##@/ { printf "\n%s\n", substr($$0, 5) } \
	  /^[a-z0-9-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: tools
tools:
	@bin/require java
	@bin/require maven

# The virtual environment, in layers; each stamp is older than nothing that it was made from.
PIP_INSTALL = bin/require network $(VENV_PYTHON) -m pip install --quiet --disable-pip-version-check

$(VENV)/.venv:
	@bin/require python $(PYTHON)
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.runtime: python/requirements.lock | $(VENV)/.venv
	@$(PIP_INSTALL) --require-hashes -r $<
	@touch $@

$(VENV)/.test: python/requirements-test.lock | $(VENV)/.runtime
	@$(PIP_INSTALL) --require-hashes -r $<
	@touch $@

# Benchmarks have a virtual environment of their own: what they need is large, and no test needs it.
BENCH_INSTALL = bin/require network $(BENCH_VENV)/bin/python -m pip install --quiet --disable-pip-version-check

$(BENCH_VENV)/.venv:
	@bin/require python $(PYTHON)
	@$(PYTHON) -m venv $(BENCH_VENV)
	@touch $@

$(BENCH_VENV)/.tools: python/requirements-bench.txt | $(BENCH_VENV)/.venv
	@$(BENCH_INSTALL) -r $<
	@touch $@

$(BENCH_VENV)/.torch: | $(BENCH_VENV)/.tools
	@$(BENCH_INSTALL) torch
	@touch $@
