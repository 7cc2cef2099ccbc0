# Everything a person needs from a clone: `make demo` and `make test`. Each sets up what is missing.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test test-long check-kernels build models bench format lint clean setup

# One configuration for everything, so that a test run builds nothing twice.
CONFIGURATION := release
SWIFT_FLAGS := -c $(CONFIGURATION)
STAMPS := .build/stamps
MODELS := Models
SOURCES := Package.swift $(shell find Sources Kernels -type f)
TEST_SOURCES := $(shell find Tests -type f)
CLEBSCH := .build/$(CONFIGURATION)/clebsch

help:
	@echo "make demo     silicon by the potential and by the forecaster that come with Clebsch, then"
	@echo "              SevenNet-0 on the crystals and molecules in Examples/"
	@echo "make test     builds everything, runs every test, checks the formatting"
	@echo "make test-long  the long form: a million inputs for each reader, long samples, kernels under Oclgrind"
	@echo "make check-kernels  only the kernels under Oclgrind, once tests are built"
	@echo "make build    the clebsch program: $(CLEBSCH)"
	@echo "make models   fetches the published SevenNet checkpoints into $(MODELS)/ (GPL-3, from PyPI)"
	@echo "make bench    all tables of docs/performance.md anew, beside peers that it sets up in .build-peers"
	@echo "              on first use (2 GB); about 20 minutes on two cores"
	@echo "make format   formats the Swift sources;  make lint  checks them"
	@echo "make clean    removes what was built (not $(MODELS)/)"

demo: $(STAMPS)/clebsch
	@scripts/demo $(CLEBSCH)

build: $(STAMPS)/clebsch

# Compared with sources here, because asking `swift build` costs seconds even when nothing changed.
$(STAMPS)/clebsch: $(SOURCES)
	@scripts/setup
	swift=$$(scripts/swift-toolchain) && "$$swift" build $(SWIFT_FLAGS) --product clebsch
	@mkdir -p $(@D) && touch $@

models:
	@scripts/setup
	@scripts/fetch-models $(MODELS)

# Scratch memory is filled with NaN before use, so that reading what was never written shows.
test:
	@scripts/setup tests
	swift=$$(scripts/swift-toolchain) && "$$swift" build $(SWIFT_FLAGS) --build-tests
	@mkdir -p $(STAMPS) && touch $(STAMPS)/clebsch
	swift=$$(scripts/swift-toolchain) && \
	  CLEBSCH_POISON=1 "$$swift" test $(SWIFT_FLAGS) --skip-build
	@$(MAKE) --no-print-directory lint

# The kernels under Oclgrind: which ones, and how, is in Tests/KernelChecks.
test-long: test
	@command -v oclgrind >/dev/null || { echo "Oclgrind is missing: apt-get install oclgrind" >&2; exit 69; }
	swift=$$(scripts/swift-toolchain) && \
	  CLEBSCH_FUZZ_ITERATIONS=1000000 "$$swift" test $(SWIFT_FLAGS) --skip-build --filter FuzzTests
	swift=$$(scripts/swift-toolchain) && CLEBSCH_LONG_TESTS=1 "$$swift" test $(SWIFT_FLAGS) --skip-build \
	  --filter 'CanonicalSamplingTests|ConstantPressureTests'
	@$(MAKE) --no-print-directory check-kernels

check-kernels:
	scripts/check-kernels .build/$(CONFIGURATION)/ClebschPackageTests.xctest

bench: $(STAMPS)/clebsch models
	Benchmarks/compare --write

format:
	swift=$$(scripts/swift-toolchain) && "$$swift" format -i -r $(FORMATTED)

lint:
	@swift=$$(scripts/swift-toolchain) && \
	  if "$$swift" format --version >/dev/null 2>&1; then \
	    "$$swift" format lint --strict -r $(FORMATTED) && echo "lint: clean"; \
	  else echo "lint: this toolchain has no swift-format; skipped"; fi

FORMATTED := Package.swift Sources Kernels/KernelSources.swift Tests

setup:
	@scripts/setup

clean:
	rm -rf .build
