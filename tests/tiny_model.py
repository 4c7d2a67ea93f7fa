"""A tiny language model with random weights, and the real server of transformers that runs it."""

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

from tests.browser.server import free_port

PIECES, WIDTH, LAYERS = 1000, 32, 2
READY_WITHIN = 120  # seconds: the server imports torch, on a busy machine
TEMPLATE = "{% for m in messages %}{{ m['role'] }}: {{ m['content'] }}\n{% endfor %}assistant:"
CONFIG = {
    "architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": PIECES, "hidden_size": WIDTH,
    "intermediate_size": 2 * WIDTH, "num_hidden_layers": LAYERS, "num_attention_heads": 2, "num_key_value_heads": 2,
    "max_position_embeddings": 8192, "bos_token_id": 0, "eos_token_id": 1, "tie_word_embeddings": True, "dtype": "float32",
}  # fmt: skip


def make(folder: Path, texts: list[str]) -> Path:
    """Write a model whose pieces are those of `texts`, and return its folder."""
    folder.mkdir(parents=True)
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    tokenizer.train_from_iterator(texts, trainers.BpeTrainer(
        vocab_size=PIECES, special_tokens=["<s>", "</s>"], initial_alphabet=alphabet, show_progress=False))  # fmt: skip
    tokenizer.save(str(folder / "tokenizer.json"))
    about = {"tokenizer_class": "PreTrainedTokenizerFast", "bos_token": "<s>", "eos_token": "</s>", "chat_template": TEMPLATE}
    (folder / "tokenizer_config.json").write_text(json.dumps(about))
    (folder / "config.json").write_text(json.dumps(CONFIG))
    save_file(_weights(), str(folder / "model.safetensors"), metadata={"format": "pt"})
    return folder


def _weights() -> dict[str, np.ndarray]:
    random = np.random.default_rng(0)
    shapes = {"model.embed_tokens.weight": (PIECES, WIDTH), "model.norm.weight": (WIDTH,)}
    for layer in range(LAYERS):
        at = f"model.layers.{layer}"
        shapes |= {f"{at}.self_attn.{name}_proj.weight": (WIDTH, WIDTH) for name in "qkvo"}
        shapes |= {f"{at}.mlp.{name}_proj.weight": (2 * WIDTH, WIDTH) for name in ("gate", "up")}
        shapes |= {f"{at}.mlp.down_proj.weight": (WIDTH, 2 * WIDTH)}
        shapes |= {f"{at}.{name}_layernorm.weight": (WIDTH,) for name in ("input", "post_attention")}
    return {name: (random.standard_normal(shape) * (0.3 if len(shape) > 1 else 1)).astype(np.float32) for name, shape in shapes.items()}


@contextmanager
def serving(folder: Path, home: Path) -> Iterator[str]:
    """Run `transformers serve` on a model and yield its address; the name of the model is its folder."""
    (home / "hub").mkdir(parents=True)
    port = free_port()
    command = [Path(sys.executable).parent / "transformers", "serve", folder, "--host", "127.0.0.1", "--port", str(port), "--device", "cpu"]
    environment = os.environ | {"HF_HUB_OFFLINE": "1", "HF_HOME": str(home)}
    with (home / "log").open("w") as log:
        server = subprocess.Popen([*map(str, command)], env=environment, stdout=log, stderr=log)
        try:
            _wait(f"http://127.0.0.1:{port}/health", server, home / "log")
            yield f"http://127.0.0.1:{port}/v1"
        finally:
            server.kill()
            server.wait()


def _wait(address: str, server: subprocess.Popen, log: Path) -> None:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"the server did not start:\n{log.read_text()}")
