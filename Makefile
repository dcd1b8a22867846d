# make run     build, create a demo province under ./data, serve on http://localhost:8080
# make test    everything: static checks, both databases, real browser, real files; installs what it needs on Debian
# make check   the fast part: static checks and the SQLite half
# make bench   speeds as ratios measured in one run
GO ?= go
export CGO_ENABLED = 0
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)

.PHONY: run build test check bench deps static plain generated generate assets assets-check race pictures clean

build:
	$(GO) build -trimpath -ldflags "-s -w -X chungtay/app.Version=$(VERSION)" -o bin/chungtay ./cmd/chungtay

run: build
	./bin/chungtay demo --if-empty
	./bin/chungtay serve

check: static
	$(GO) test ./...

# Everything, as CI does it. Browser tests, the JavaScript tests and the files made elsewhere run with CHUNGTAY_E2E=1.
test: deps static generated
	CHUNGTAY_E2E=1 scripts/with-postgres.sh $(GO) test -timeout 14m ./...
	$(MAKE) race

static: plain
	$(GO) tool -modfile=tools/go.mod staticcheck ./...

plain:
	@out=$$(gofmt -l $$(git ls-files '*.go')); [ -z "$$out" ] || { echo "not gofmt'd: $$out"; exit 1; }
	$(GO) vet ./...

# What is generated and committed is what the sources give: templates, assets, licences.
generated: web/node_modules
	scripts/check-generated.sh

# The race detector needs cgo; it runs the packages in which goroutines share something, on SQLite.
race:
	CGO_ENABLED=1 $(GO) test -race -short -timeout 10m $(RACY)
RACY = ./internal/jobs ./internal/web ./internal/blob ./internal/db

bench:
	scripts/with-postgres.sh $(GO) test -run '^$$' -bench . -benchtime 1s -timeout 60m $$($(GO) list ./... | grep -v -e /e2e$$ -e /load$$)
	CHUNGTAY_LOAD=1 CHUNGTAY_PG_DURABLE=1 scripts/with-postgres.sh $(GO) test -run '^$$' -bench . -benchtime 1x -timeout 60m ./load
	CHUNGTAY_E2E=1 $(GO) test -run '^$$' -bench . -benchtime 3x -timeout 30m ./e2e

deps: web/node_modules tools/ooxml/node_modules
	scripts/deps.sh

# The validator of Office documents; where there is none for the machine, tests say that they skip it.
tools/ooxml/node_modules: tools/ooxml/package-lock.json
	scripts/deps.sh nodejs npm
	cd tools/ooxml && npm ci --ignore-scripts --no-audit --no-fund
	@touch tools/ooxml/node_modules

web/node_modules: web/package-lock.json
	scripts/deps.sh nodejs npm
	cd web && npm ci --ignore-scripts --no-audit --no-fund
	@touch web/node_modules

generate:
	$(GO) tool -modfile=tools/go.mod templ generate
	$(GO) run -C tools ./notices .. > app/notices.txt

assets: web/node_modules
	$(GO) build -C tools -o ../bin/assets ./assets && bin/assets

assets-check: web/node_modules
	$(GO) build -C tools -o ../bin/assets ./assets && bin/assets -check

pictures:
	CHUNGTAY_E2E=1 $(GO) test ./e2e -run Pictures -pictures

clean:
	rm -rf bin data web/node_modules
