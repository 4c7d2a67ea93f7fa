# make run    the page on http://localhost:8501 (PORT=8600 for another port, HOST=0.0.0.0 for other machines)
# make test   the whole test suite
.POSIX:
.SUFFIXES:
.PHONY: run test port index browser

PORT ?= 8501
HOST = 127.0.0.1
PYTHON = $$(command -v python3.11 || command -v python3.12 || command -v python3)
BIN = .venv/bin

run: .venv/run.stamp port index
	@echo "正在启动：http://localhost:$(PORT)（按 Ctrl+C 停止）"
	@exec $(BIN)/python -m streamlit run app.py --server.address $(HOST) --server.port $(PORT)

test: .venv/test.stamp index browser
	$(BIN)/python -m pytest

port: .venv/run.stamp
	@$(BIN)/python scripts/check_port.py $(HOST) $(PORT)

# Up to date after either, so that every command of README answers; 3: some files could not be read, the others are in.
index: .venv/run.stamp
	@$(BIN)/python -m index build || test $$? -eq 3

# What the browser tests need and pip cannot bring.
browser:
	@sh scripts/install_browser.sh

.venv/bin/python:
	@sh scripts/make_venv.sh "$(PYTHON)"

# torch first, alone and pinned: resolved together with the others, pip takes the CUDA build.
.venv/run.stamp: requirements.txt .venv/bin/python
	$(BIN)/python -m pip install --quiet --upgrade pip
	$(BIN)/python -m pip install --quiet "$$(grep '^torch==' requirements.txt)"
	$(BIN)/python -m pip install --quiet -r requirements.txt
	@touch $@

.venv/test.stamp: requirements-dev.txt .venv/run.stamp
	$(BIN)/python -m pip install --quiet -r requirements-dev.txt
	@touch $@
