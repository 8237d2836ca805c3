# `make demo` and `make test` set up everything they need: libtorch, models and
# data are fetched through pip into a cache outside the checkout, once.

GO ?= go
OUT ?= demo-out
CACHE := $(or $(KAIROS_CACHE),$(or $(XDG_CACHE_HOME),$(HOME)/.cache)/kairos)
PEERS := $(CACHE)/peers/bin/python
JUPYTER := $(CACHE)/jupyter
KERNELTEST := $(CACHE)/kernel-test
DEMO ?=# such as -full

.PHONY: build front fetch demo test test-kernel test-jupyter conformance cells differential \
	bench bench-arranging bench-interpreter bench-repl bench-kernel soak-kernel survive paper paper-laptop peers lint generate install clean

build: bin/kairos-worker

# The front is pure Go; it also knows how to fetch libtorch and how to link it.
front:
	CGO_ENABLED=0 $(GO) build -o bin/kairos .

fetch: front
	bin/kairos fetch

bin/kairos-worker: front FORCE
	bin/kairos fetch libtorch
	eval "$$(bin/kairos env)" && $(GO) build -o $@ ./repl/worker/kairos-worker

FORCE:

demo: build fetch
	bin/kairos run scripts/demo.go -out $(OUT) $(DEMO)

# First the numbers that are held against the references, with what was measured; then every test.
PARITY = $(GO) test -v -run 'Agree|MatchesReference|MemoryIsFlat'
test: build fetch
	eval "$$(bin/kairos env)" && $(PARITY) ./stdlib/internal/gguf ./stdlib/tokenize ./stdlib/embed ./stdlib/model ./stdlib/train ./stdlib/eval
	eval "$$(bin/kairos env)" && $(GO) test -timeout 20m ./...

# Jupyter's own tests of kernels.
test-kernel: build
	test -x $(KERNELTEST)/bin/python || python3 -m venv $(KERNELTEST)
	$(KERNELTEST)/bin/pip install -q -r kernel/testdata/requirements.txt
	bin/kairos kernel install --prefix $(KERNELTEST)
	cd kernel/testdata && XDG_STATE_HOME=$$(mktemp -d) $(KERNELTEST)/bin/python -B -m unittest -v test_kernel.py

# The kernel in JupyterLab in a browser, and in Jupyter's other programs. Needs chromium and chromium-driver.
test-jupyter: build fetch jupyter
	cd kernel/lab && $(JUPYTER)/bin/python -B -m unittest -v programs_test.py lab_test.py

.PHONY: jupyter
jupyter:
	test -x $(JUPYTER)/bin/python || python3 -m venv $(JUPYTER)
	$(JUPYTER)/bin/pip install -q -r kernel/lab/requirements.txt ./kernel/lab/papermill

# Go's own test programs against kairos run: what passes, what is refused, what is wrong.
CONFORMANCE ?=# such as -sample, -update, -v
conformance: build
	$(GO) run ./repl/conformance $(CONFORMANCE)

# The everyday cells against compiled Go, which says anew what each of them prints.
cells:
	$(GO) test ./repl/conformance/cells -compile

# Random programs, compiled and interpreted.
DIFFERENTIAL ?=# such as -n 2000, -seed 7
differential: build
	$(GO) run ./repl/differential -kairos "bin/kairos run" $(DIFFERENTIAL)

# The same small programs as cells, by yaegi as it comes, and compiled.
bench-interpreter:
	$(GO) run ./bench/interpreter

# Prompts, keys and completion through a pseudo-terminal, beside those of other REPLs that are installed.
bench-repl: front
	$(GO) run ./bench/repl

# The kernel beside ipykernel.
bench-kernel: build jupyter
	bin/kairos kernel install --prefix $(JUPYTER)
	$(JUPYTER)/bin/python bench/kernel/bench.py kairos python3

# A thousand cells with failures, interrupts and crashes.
soak-kernel: build jupyter
	bin/kairos kernel install --prefix $(JUPYTER)
	$(JUPYTER)/bin/python bench/kernel/soak.py kairos

# Side by side with transformers, sentence-transformers, numpy and POT where `make peers` has installed them.
bench: bench-arranging build fetch
	eval "$$(bin/kairos env)" && $(GO) run ./bench/training -peers "$(wildcard $(PEERS))" $(BENCH)

BENCH ?=# such as -runs 3, -only tma
bench-arranging: front
	bin/kairos fetch natural-instructions
	CGO_ENABLED=0 $(GO) run ./bench/arranging -peers "$(wildcard $(PEERS))" $(BENCH)

# Training runs that are killed at random moments and go on, a full disk, and memory over a thousand steps.
SURVIVE ?=# such as -kills 50, -seed 2
survive: build
	CGO_ENABLED=0 $(GO) run ./bench/survive -kairos bin/kairos $(SURVIVE)

# Every experiment of the paper, at the tiny size unless EXPERIMENT says another; each goes on where it was.
PAPER ?= paper-out
EXPERIMENT ?=# such as -size laptop -mixed
EXPERIMENTS := early permutations similarity granularity tma dialogue transfer
paper: build fetch
	for name in $(EXPERIMENTS); do bin/kairos run scripts/$$name.go -out $(PAPER) $(EXPERIMENT) || exit 1; done

# The numbers of docs/paper.md: some four hours on two cores that multiply in bfloat16, several times that on others. It goes on
# after an interruption; what lies in LAPTOP is not trained again, so that as it is nothing is.
LAPTOP ?= docs/paper
paper-laptop: build fetch
	bin/kairos run scripts/similarity.go -size laptop -mixed -as-found -only WSD -out $(LAPTOP)
	bin/kairos run scripts/similarity.go -size laptop -mixed -as-found -only WSD -lr 2e-5 -seeds 1 -out $(LAPTOP)/lr-2e-5
	bin/kairos run scripts/tma.go -size laptop -mixed -as-found -only "settings,order of what min selects,0-4,5-9,20-24,other choices" -out $(LAPTOP)

# The Python libraries we are measured against: about 7 GB, in the cache.
peers:
	python3 -m venv $(CACHE)/peers
	$(CACHE)/peers/bin/pip install -r bench/requirements.txt

# A cluster of Spark on this machine that loses a worker in the middle, against one process. Needs Java 17 or newer; Spark
# is fetched through pip unless SPARK_HOME says where there is one.
SPARK_VENV := $(CACHE)/spark
SPARK ?=# such as -rows 20000
.PHONY: spark
spark: front
ifndef SPARK_HOME
	test -x $(SPARK_VENV)/bin/python || python3 -m venv $(SPARK_VENV)
	$(SPARK_VENV)/bin/pip install -q -r bench/spark/requirements.txt
endif
	SPARK_HOME=$${SPARK_HOME:-$$($(SPARK_VENV)/bin/python -c 'import pyspark; print(pyspark.__path__[0])')} $(GO) run ./bench/spark -kairos bin/kairos $(SPARK)

lint: build
	.ci/lint

generate: build
	eval "$$(bin/kairos env)" && $(GO) generate ./...

PREFIX ?= /usr/local
install: build
	install -d $(DESTDIR)$(PREFIX)/bin
	install bin/kairos bin/kairos-worker $(DESTDIR)$(PREFIX)/bin/

clean:
	rm -rf bin $(OUT) $(PAPER)
