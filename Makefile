# frontdesk: everything a contributor runs. "make test" is what CI runs.

GO         ?= go
STATICCHECK = $(GO) tool -modfile=.ci/tools/go.mod staticcheck

.PHONY: run test soak bench lint setup build dist docs pictures

run: ## the console against the embedded sandbox
	$(GO) run . demo

build:
	CGO_ENABLED=0 $(GO) build -trimpath -ldflags "-s -w" -o frontdesk .

dist: ## static archives, Debian packages and checksums in dist/
	@.ci/dist

setup: ## what the tests drive: a session bus, a keyring, a terminal multiplexer, a PostgreSQL server
	@.ci/setup

lint:
	@files=$$(gofmt -l $$(git ls-files '*.go')); test -z "$$files" || { echo "gofmt: $$files"; exit 1; }
	$(GO) vet ./...
	$(STATICCHECK) ./...

# The race detector does not watch what was translated from SQLite's C: that
# would be half of the time of every test with a database. Races in there go
# unseen. The second it sleeps at the end of every process is left out, and vet
# has been through all by then.
RACE = -vet=off -race -gcflags=modernc.org/sqlite/lib=-race=false -gcflags=modernc.org/libc/...=-race=false
export GORACE = atexit_sleep_ms=20

# These drive real terminals and daemons, wait more than they work, and share
# the machine with each other only.
ALONE = frontdesk/ui/tty frontdesk/state/secrets

test: setup lint ## under 10 minutes on 2 cores
	$(GO) test $(RACE) -timeout 9m $(filter-out frontdesk $(ALONE),$(shell $(GO) list ./...))
	$(GO) test $(RACE) -p 2 -timeout 9m $(ALONE)
	$(GO) test -vet=off -parallel 8 -timeout 9m . # drives the real binary: the detector would watch the driver only

soak: setup ## the long runs in full
	FRONTDESK_SOAK=1 $(GO) test -timeout 3h -count=1 ./...
	$(GO) test -run '^$$' -fuzz FuzzLine -fuzztime 5m ./clients/safe

docs: ## the generated tables of the README: keys of the tabs, keys of the configuration
	UPDATE_GOLDEN=1 $(GO) test -count=1 -p 1 -run TestReadme ./state/config .

pictures: ## the README's pictures, from the real program
	FRONTDESK_PICTURES=1 $(GO) test -count=1 -run TestPictures .

bench: ## one table of figures beside their aims; nothing fails on time
	@$(GO) run ./.ci/bench
