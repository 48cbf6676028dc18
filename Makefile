# The ten verbs. `make` lists them. They need python3 (3.11 or newer), python3-venv and make.
#
#   make PYTHON=python3.12 test      another Python
#   make test ARGS="-k turtle"       more words for pytest, the demo or the benchmark

PYTHON ?= python3
VENV ?= .venv
ARGS ?=
OUT ?= demo
PY := $(VENV)/bin/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help demo test lint format docs bench release check clean
.DELETE_ON_ERROR:

help:  ## 列出这些命令 | list these verbs
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/installed  ## 示例：建图、写报告、在浏览器里看 | the example: build, report, browse
	@"$(VENV)/bin/zhiji" demo --out $(OUT) $(ARGS)

test: $(VENV)/installed-test  ## 运行全部测试 | run all tests
	@"$(PY)" -m pytest -n auto --dist loadgroup $(ARGS)

lint: $(VENV)/installed-test  ## 检查格式、类型、分层 | check style, types and layers
	@"$(PY)" -m ruff check .
	@"$(PY)" -m ruff format --check .
	@"$(PY)" -m docs.turtle --check
	@"$(PY)" -m docs.shapes --check
	@"$(PY)" -m docs.stages --check
	@"$(PY)" -m mypy --strict zhiji_kg
	@"$(PY)" -m mypy --strict --platform win32 zhiji_kg
	@"$(VENV)/bin/lint-imports"

format: $(VENV)/installed-test  ## 统一格式 | bring everything into its one form
	@"$(PY)" -m ruff check --fix-only --quiet .
	@"$(PY)" -m ruff format .
	@"$(PY)" -m docs.stages
	@"$(PY)" -m docs.turtle
	@"$(PY)" -m docs.shapes

docs: $(VENV)/installed  ## 由程序与本体生成文档 | write docs/ from the program and the ontology
	@"$(PY)" -m docs.generate $(ARGS)
	@"$(PY)" -m docs.ontology $(ARGS)
	@"$(PY)" -m docs.changes $(ARGS)
	@"$(PY)" -m docs.findings $(ARGS)

bench: $(VENV)/installed-test  ## 量启动、示例与服务 | measure start, demo and service
	@"$(PY)" -m benchmarks start $(ARGS)
	@"$(PY)" -m benchmarks demo $(ARGS)
	@"$(PY)" -m benchmarks http $(ARGS)

release: $(VENV)/installed-test  ## wheel、本体、数据与 SHA-256，写入 dist/ | wheel, ontology, data and SHA-256, into dist/
	@"$(PY)" -m docs.release $(ARGS)

check: lint docs-check test  ## 以上检查一次做完 | lint, docs --check and test, as before a release

.PHONY: docs-check
docs-check: $(VENV)/installed
	@"$(PY)" -m docs.generate --check
	@"$(PY)" -m docs.ontology --check
	@"$(PY)" -m docs.changes --check
	@"$(PY)" -m docs.findings --check

clean:  ## 删去这些命令造出的一切 | remove all that these verbs made
	rm -rf "$(VENV)" dist build demo .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp marks a finished installation: pip runs again only when pyproject.toml changes.
# The test extra brings the package along, so its stamp stands for both.
$(VENV)/installed: pyproject.toml | $(VENV)/ready
	@echo "安装到 $(VENV)（约一分钟）… | installing into $(VENV) (about a minute) …"
	@$(PIP) -e .
	@touch "$@"

$(VENV)/installed-test: pyproject.toml | $(VENV)/ready
	@echo "安装测试所需（约两分钟）… | installing what the tests need (about two minutes) …"
	@$(PIP) -e ".[test]"
	@touch "$(VENV)/installed" "$@"

$(VENV)/ready:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { echo \
	  "需要 Python 3.11 或更新（sudo apt install python3，或 make PYTHON=python3.12 …） | Python 3.11 or newer is needed (sudo apt install python3, or make PYTHON=python3.12 …)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo \
	  "缺少 python3-venv：sudo apt install python3-venv | python3-venv is missing: sudo apt install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv "$(VENV)"
	@touch "$@"
