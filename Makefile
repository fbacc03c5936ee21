# `make help` lists what there is. The work is in .ci/, in scripts that run alone as well.
#
#   PKG=./billing/...     which packages test, race and cover take
#   ARGS="-run X -v"      further arguments of run, test, race, bench, drill and cover

# Go alone builds and runs the server: no C compiler.
export CGO_ENABLED := 0
PKG ?= ./...
ARGS ?=
export PKG

.DEFAULT_GOAL := help
.PHONY: help run build test test-sqlite test-mariadb race lint fmt generate fuzz bench drill cover ci proof clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## start the server with config.yaml: SQLite, sandbox, loopback (ARGS=a command and its flags)
	go run ./server $(ARGS)

build: ## the one binary, ./wuyepay
	go build -trimpath -o wuyepay ./server

test: ## all tests on SQLite, then on a private MariaDB; installs MariaDB and Chromium where it can
	@.ci/test $(ARGS)

test-sqlite: ## all tests on SQLite only
	@ON=sqlite .ci/test $(ARGS)

test-mariadb: ## all tests on MariaDB only
	@ON=mariadb .ci/test $(ARGS)

race: ## all tests on SQLite with the race detector (needs gcc)
	@ON=sqlite RACE=1 .ci/test $(ARGS)

lint: ## gofmt, file sizes, go vet, staticcheck, golangci-lint with the import rules, go mod tidy
	@.ci/lint

fmt: ## gofmt all of it
	gofmt -l -w .

generate: ## write what is drawn from the code: the schema of both dialects, docs/architecture.md
	UPDATE_GENERATED=1 PKG='./models/store ./server' .ci/test -count=1 -run 'TestSchemaPicture$$|TestArchitecturePicture$$'

fuzz: ## every fuzz target for FUZZTIME (10s)
	@.ci/fuzz

bench: ## measure on this machine, on SQLite and on a MariaDB with full durability
	@if .ci/need mariadb >/dev/null; then \
		.ci/mariadb go run ./bench $(ARGS); \
	else \
		.ci/loud 'SKIPPED: all measurements on MariaDB. No MariaDB server here.'; \
		go run ./bench $(ARGS); \
	fi

drill: ## pay, fail, kill and reconcile at random, then hold our books against WeChat's to the fen
	@if .ci/need mariadb >/dev/null; then \
		.ci/mariadb go run ./drill $(ARGS); \
	else \
		.ci/loud 'ONE PROCESS ON SQLITE ONLY: no MariaDB server here.'; \
		go run ./drill $(ARGS); \
	fi

cover: ## the share of statements that the tests reach
	@.ci/cover $(ARGS)

ci: ## lint and all tests, as before a change is taken in
	@bash .ci/run

proof: ## what takes longer: ci, fuzz, drill and bench; before a release
	@.ci/proof

clean: ## what was built and measured; never the database in data/
	rm -f wuyepay coverage.out cpu.out mem.out *.test
