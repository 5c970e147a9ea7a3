# HM: `make run` to run it, `make test` to test it. Everything else: `make help`.
.DEFAULT_GOAL := help
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-print-directory
.DELETE_ON_ERROR:

# HM is plain Go: no C compiler is needed and the binary runs on any Linux.
export CGO_ENABLED := 0

# What the binary and the web apps are made of. Folders are listed too: their time tells of a file that was removed.
GO_SOURCES := go.mod go.sum web/embed.go $(shell find cmd app kit modules packs migrations \
	-name testdata -prune -o -not -name '*_test.go' -print 2>/dev/null)
WEB_SOURCES := web/package.json $(shell find web/apps web/packages web/scripts \
	\( -name node_modules -o -name dist \) -prune -o -not -name '*.test.ts*' -print 2>/dev/null)
WEB_BUILT := web/apps/staff/dist/index.html web/apps/docs/dist/index.html
# From git where there is one. Go's own stamp is off: with it nothing builds in a tree that belongs to another user.
VERSION = $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)

.PHONY: help run test bench prove build dev lint generate verify module migration

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-22s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: bin/hm ## install what is missing, build, and serve with the demo data on 127.0.0.1:8080
	@scripts/install-postgres.sh
	@scripts/install-typeset.sh
	@exec bin/hm serve --seed-demo $(ARGS)

test: bin/hm ## run every test: Go, web and browser
	@scripts/install-postgres.sh
	@scripts/install-typeset.sh --required
	@scripts/test.sh

bench: bin/hm ## measure on a large load against what PostgreSQL alone can do (ARGS=--help, ARGS=--quick)
	@scripts/install-postgres.sh
	@scripts/bench.sh $(ARGS)

prove: bin/hm ## prove at length, in hours, what the tests prove in short: isolation, faults, races, endurance (only=, endurance=, fuzz=)
	@scripts/install-postgres.sh
	@scripts/install-typeset.sh --required
	@only="$(only)" endurance="$(endurance)" fuzz="$(fuzz)" scripts/prove.sh

build: bin/hm ## build the binary, with the web apps inside, at bin/hm

dev: web/node_modules/.installed ## serve with live changes: web apps on port 5173, server rebuilt on change
	@scripts/install-postgres.sh
	@scripts/install-typeset.sh
	@exec scripts/dev.sh

lint: ## read the code without running it: gofmt, vet, staticcheck, gosec, tsc, OpenAPI
	@scripts/lint.sh

generate: ## write what is generated: sqlc, schema.sql, openapi.json, golden files, client types
	@scripts/generate.sh

verify: ## check that generated files are fresh, lint, and test the walls
	@scripts/verify.sh

module: ## name=x [noun=y]: write a new module whose tests pass
	@scripts/new-module.sh "$(name)" "$(noun)"

migration: ## name=x: begin a migration
	@scripts/new-migration.sh "$(name)"

bin/hm: $(GO_SOURCES) $(WEB_BUILT)
	@echo "Building bin/hm (minutes the first time, seconds later) ..."
	@mkdir -p bin
	@go build -buildvcs=false -ldflags "-X main.version=$(VERSION)" -o $@ ./cmd/hm

# One build writes both apps.
web/apps/docs/dist/index.html: web/apps/staff/dist/index.html ;

web/apps/staff/dist/index.html: $(WEB_SOURCES) web/node_modules/.installed
	@echo "Building the web apps ..."
	@npm --prefix web run --silent build
	@touch $(WEB_BUILT)

web/node_modules/.installed: web/package-lock.json
	@scripts/install-web.sh
