# make run     build, create a demo province under ./data, serve on http://localhost:8080
# make test    everything: static checks, both databases, real browser, real files; installs what it needs on Debian
# make check   the fast part: static checks and the SQLite half
# make bench   speeds as ratios measured in one run
GO ?= go
export CGO_ENABLED = 0
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)

.PHONY: run build test check bench deps static generate assets assets-check race clean

build:
	$(GO) build -trimpath -ldflags "-s -w -X chungtay/app.Version=$(VERSION)" -o bin/chungtay ./cmd/chungtay

run: build
	./bin/chungtay demo --if-empty
	./bin/chungtay serve

check: static
	$(GO) test ./...

test: deps static
	scripts/with-postgres.sh $(GO) test -timeout 14m ./...

static:
	@out=$$(gofmt -l $$(git ls-files '*.go')); [ -z "$$out" ] || { echo "not gofmt'd: $$out"; exit 1; }
	$(GO) vet ./...
	$(GO) tool -modfile=tools/go.mod staticcheck ./...

# The race detector needs cgo; it runs the concurrent packages.
race:
	CGO_ENABLED=1 scripts/with-postgres.sh $(GO) test -race ./internal/...

bench:
	scripts/with-postgres.sh $(GO) test -run '^$$' -bench . -benchtime 1s ./...

deps:
	scripts/deps.sh

generate:
	$(GO) tool -modfile=tools/go.mod templ generate

clean:
	rm -rf bin data
