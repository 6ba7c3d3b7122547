# Everything here needs Go and nothing else. The tools are pinned, and fetched
# by Go when they are first used.
GOFUMPT     = mvdan.cc/gofumpt@v0.12.0
STATICCHECK = honnef.co/go/tools/cmd/staticcheck@v0.8.2
BUF         = github.com/bufbuild/buf/cmd/buf@v1.57.0

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

.PHONY: scenarios
scenarios: ## run all scenarios in both worlds; results in reports/out
	go run . run

.PHONY: demo
demo: ## a page on which faults are dragged about; see `go run . demo -h`
	go run . demo

.PHONY: test
test: ## all Go tests, the properties among them
	go test -p 1 ./... # one package at a time: many start real processes

.PHONY: browser
browser: ## the reports in a real browser, if there is one; pictures in reports/browser/out
	cd reports/browser && go test -count=1 ./...

.PHONY: property
property: ## what every variant of every lab promises
	go test -run Property . -rapid.checks=2000

.PHONY: soak
soak: ## the long tests at full length: 200 seeds a scenario, 1000 replays a variant
	FAULTLAB_SOAK=1 go test -count=1 -timeout 60m . ./sim/lab/rpc ./systems/...

.PHONY: bench
bench: ## benchmarks
	go test -run '^$$' -bench . -benchmem ./...

.PHONY: lint
lint: ## vet, formatting, staticcheck
	go vet ./...
	@unformatted=$$(go run $(GOFUMPT) -l .) && if [ -n "$$unformatted" ]; then \
		echo "to be formatted with: go run $(GOFUMPT) -w ."; echo "$$unformatted"; exit 1; fi
	go run $(STATICCHECK) ./...

.PHONY: generate
generate: ## write generated files anew
	cd systems && go run $(BUF) generate
	go test -run 'TestReferenceIsCurrent|TestStories|TestPictureIsCurrent' . -update

.PHONY: clean
clean: ## remove results and binaries
	rm -rf reports/out faultlab faultlab.exe
