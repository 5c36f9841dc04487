# make rehearse | test | workflows | conformance | lint | bench | lock | tools | clean. Each target installs what it needs, once.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/ready
# The same, and the libraries of clouds and of Sigstore; apart, because they slow every command down.
CLOUDS := .clouds
CLOUDS_BIN := $(CLOUDS)/bin
CLOUDS_READY := $(CLOUDS)/ready
PARTS := repository signer online_sign
TOOLS := .tools
TOOLS_READY := $(TOOLS)/ready
ARGS ?=

.PHONY: rehearse test workflows conformance lint format bench lock system tools clean clean-tools

rehearse: $(READY)
	$(BIN)/tufline rehearse $(ARGS)

test: $(READY) $(CLOUDS_READY) $(TOOLS_READY)
	$(CLOUDS_BIN)/pytest tests/clouds -n auto --dist worksteal --cov --cov-report= --cov-fail-under=0 $(ARGS)
	$(BIN)/pytest --ignore tests/clouds -n auto --dist worksteal --cov --cov-append --cov-report=term $(ARGS)

# The whole ceremony on an emulated GitHub, by running the real workflow files.
workflows: $(READY) $(TOOLS_READY)
	$(BIN)/pytest tests/workflows $(ARGS)

# All the clients, those that take long to build too; the matrix is printed at the end.
conformance: $(READY) $(CLOUDS_READY) $(TOOLS_READY)
	sh bin/install-clients $(TOOLS)/clients tuf-js go-tuf sigstore-tuf tuftool
	TUFLINE_CONFORMANCE=1 $(BIN)/pytest tests/clients $(ARGS)
	sh bin/install-sigstore $(TOOLS)/sigstore
	TUFLINE_CONFORMANCE=1 $(CLOUDS_BIN)/pytest tests/clouds/sigstore $(ARGS)

lint: $(READY) $(CLOUDS_READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(CLOUDS_BIN)/mypy
	$(BIN)/zizmor --offline --no-progress --quiet --persona auditor .github actions

format: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(READY) $(CLOUDS_READY) $(TOOLS_READY)
	$(BIN)/python -m bench.run $(ARGS)

# Resolve what requirements.in files ask for anew. The results name versions and hashes, and no index.
# Those of the actions hold less, in the versions that the tests use.
COMPILE = $(BIN)/uv pip compile --upgrade --generate-hashes --no-emit-index-url \
    --no-header --no-annotate --python-version 3.11

lock: $(READY)
	$(COMPILE) requirements-uv.in --output-file requirements-uv.lock
	$(COMPILE) requirements.in --output-file requirements.lock
	$(COMPILE) requirements-clouds.in --constraint requirements.lock --output-file requirements-clouds.lock
	$(COMPILE) tests/support/peer/requirements.in --output-file tests/support/peer/requirements.lock
	$(COMPILE) signer/requirements.in --constraint requirements.lock --output-file signer/requirements.lock
	for folder in signer/sigstore actions actions/sigstore actions/online-sign; do \
	    $(COMPILE) $$folder/requirements.in --constraint requirements-clouds.lock \
	        --output-file $$folder/requirements.lock || exit 1; \
	done

system:
	@PYTHON="$(PYTHON)" sh bin/install-system-packages

$(READY): bin/install-python requirements-uv.lock requirements.lock $(PARTS:%=%/pyproject.toml) | system
	PYTHON="$(PYTHON)" sh bin/install-python $(VENV) requirements.lock $(PARTS)
	touch $(READY)

$(CLOUDS_READY): bin/install-python requirements-uv.lock requirements-clouds.lock $(PARTS:%=%/pyproject.toml) | system
	PYTHON="$(PYTHON)" sh bin/install-python $(CLOUDS) requirements-clouds.lock $(PARTS)
	touch $(CLOUDS_READY)

$(TOOLS_READY): bin/install-tools bin/install-clients bin/install-peer bin/install-python $(wildcard clients/*/* tests/support/peer/*.lock) | system
	sh bin/install-tools $(TOOLS)
	PYTHON="$(PYTHON)" sh bin/install-peer $(TOOLS)/tuf-on-ci-sign
	sh bin/install-clients $(TOOLS)/clients tuf-js go-tuf
	touch $(TOOLS_READY)

clean: clean-tools
	rm -rf $(VENV) $(CLOUDS) .bench

clean-tools:
	rm -rf $(TOOLS)
