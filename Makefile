# The targets that people use have a comment with two hashes, which `make` shows.
.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:

GO ?= go

# golangci-lint takes minutes to compile and brings hundreds of modules, so it is kept out of go.mod and built once for
# each version. gofumpt and govulncheck are tools of the module.
GOLANGCI_VERSION := v2.15.0
GOLANGCI := $(abspath $(dir $(shell $(GO) env GOCACHE))gatewatch-tools)/golangci-lint-$(GOLANGCI_VERSION)

# Folds and the like have no goroutines, so that the race detector has nothing to say about their tests; where goroutines
# share them, the tests of those are what it looks at.
CALM := accesslog|alert|app/evaluate|app/simulate|archtest|baseline|checkpoint|detect|event|facet|finding|label|protowire|route|signature|sketch
RACY = $(shell $(GO) list ./cmd/... ./internal/... | grep -vE '/internal/($(CALM))(/|$$)')

# What `make generate` writes.
GENERATED := docs/reference/detectors.md docs/reference/formats.md docs/reference/event.md docs/reference/finding.md \
	docs/reference/configuration.md docs/reference/metrics.md docs/reference/cli schemas/config/v1/config.schema.json

# Lines of the log that `make pgo` scans: at 100 samples a second, some hundreds are the least that say anything. The log
# has another seed than that of `make bench`, so that the one does not flatter the other.
PGO_LINES ?= 4000000

.PHONY: help build test test-containers unit race check fmt fmt-check vet lint arch tidy-check generate generate-check vulncheck bench pgo fuzz \
	record demo evaluate simulate-report clean

help:
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## build the programs into bin/
	@mkdir -p bin
	$(GO) build -trimpath -o bin/ ./cmd/...

test-containers: ## start Kafka, NATS and ClickHouse in containers, not as processes, for the tests that need them
	$(GO) test -count=1 -tags containers ./test/servers ./test/e2e ./internal/clickhouse

test: unit race ## run every test, then those that goroutines concern under the race detector

unit: bin/testtally
	$(GO) test -json ./... | bin/testtally | tee bin/test.txt

race: bin/testtally
	CGO_ENABLED=1 $(GO) test -race -short -json $(RACY) | bin/testtally | tee bin/race.txt

bin/testtally: $(wildcard tools/testtally/*.go)
	@mkdir -p bin
	$(GO) build -o $@ ./tools/testtally

check: fmt-check vet lint arch tidy-check generate-check vulncheck ## check format, lint, architecture, generated files, vulnerabilities

fmt: ## format the code
	$(GO) tool gofumpt -w cmd internal test tools

fmt-check:
	@echo "gofumpt"
	@diff=$$($(GO) tool gofumpt -d . || true); \
	if [ -n "$$diff" ]; then echo "$$diff"; echo "not formatted: run make fmt" >&2; exit 1; fi

vet:
	$(GO) vet ./...

lint: $(GOLANGCI)
	$(GOLANGCI) run --allow-parallel-runners

$(GOLANGCI):
	@echo "building golangci-lint $(GOLANGCI_VERSION), once"
	@mkdir -p $(@D)/build
	GOBIN=$(@D)/build $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_VERSION)
	@mv $(@D)/build/golangci-lint $@

arch:
	$(GO) test -count=1 ./internal/archtest

tidy-check:
	$(GO) mod tidy -diff

generate: ## write the reference that comes from code and schemas
	$(GO) run ./tools/detectordoc -o docs/reference/detectors.md internal/detect
	$(GO) run ./tools/configdoc -o docs/reference/configuration.md -schema schemas/config/v1/config.schema.json \
		internal/config/config.go internal/config/stream.go
	$(GO) run ./tools/metricdoc -o docs/reference/metrics.md
	$(GO) run ./tools/formatdoc -o docs/reference/formats.md
	$(GO) run ./tools/schemadoc -o docs/reference/event.md schemas/event/v1/event.schema.json
	$(GO) run ./tools/schemadoc -o docs/reference/finding.md schemas/finding/v1/finding.schema.json
	$(GO) run ./tools/clidoc -o docs/reference/cli

generate-check: generate
	@git diff --exit-code -- $(GENERATED) || { echo "generated files have changed: commit them" >&2; exit 1; }
	@new=$$(git ls-files --others --exclude-standard -- $(GENERATED)); \
	if [ -n "$$new" ]; then echo "generated files are not committed:" $$new >&2; exit 1; fi

vulncheck:
	@.ci/vulncheck

bench: build ## measure speed and memory, beside GoAccess and sonic
	@test/bench/bench.sh 2>&1 | tee bin/bench.txt

pgo: ## measure anew what guides the compiler: a profile of one scan (on a quiet machine)
	$(GO) build -pgo=off -o bin/pgo/ ./cmd/gatewatch ./test/bench/loggen
	bin/pgo/loggen -seed 7 -lines $(PGO_LINES) -o bin/pgo/access.log
	bin/pgo/gatewatch scan -q -o json --cpuprofile bin/pgo/cpu.pprof bin/pgo/access.log >/dev/null
	mv bin/pgo/cpu.pprof cmd/gatewatch/default.pgo
	rm -rf bin/pgo

fuzz: ## run every fuzz target for 20 seconds
	@.ci/fuzz 20s

record: ## record testdata/recordings anew, from real gateways (root, Debian)
	bash test/record/record.sh

# QUICK=1 takes minutes, and says less; WRITE=1 puts the tables into the documentation; CLAIMS=clean,boil measures some.
evaluate: build ## measure on simulated traffic how good the detectors are, and hold it against limits (QUICK=1, WRITE=1)
	$(GO) build -o bin/quality/quality ./test/quality
	bin/quality/quality $(if $(QUICK),-quick) $(if $(CLAIMS),-claims $(CLAIMS)) \
		$(if $(WRITE),-write docs/explanation/detection-quality.md)

# SITE_LOG is any access log, which takes the recordings' place. MINUTE=5 looks at the sixth minute of every hour only.
simulate-report: build ## draw simulated traffic beside the recordings, or a log (SITE_LOG=path), into bin/simulate-report
	@mkdir -p bin/simulate-report
	bin/gatewatch simulate --days 4 --clients 10000 --attacks none --format combined -o bin/simulate-report/simulated.log.gz
	cd test/simreport && $(GO) run . -browsers $(if $(MINUTE),-minute $(MINUTE)) -o ../../bin/simulate-report \
		$(if $(SITE_LOG),site=$(abspath $(SITE_LOG))) simulated=../../bin/simulate-report/simulated.log.gz \
		$(if $(SITE_LOG),,recordings=../../testdata/recordings/nginx-combined.log)

# EXIT=1 ends by itself, with status 0 only if every attacker was found, stored and alerted.
demo: build ## run the whole pipeline on recordings of real attacks, everything in one process (EXIT=1: and end)
	$(GO) build -trimpath -o bin/demo ./test/demo
	bin/demo $(if $(EXIT),-exit)

clean: ## remove what was built
	rm -rf bin
