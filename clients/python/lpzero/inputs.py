"""The inputs of one architecture."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import torch

from . import safetensors

INPUTS = ("A", "J", "G", "H", "W", "S")
"""A activation, J Jacobian, G gradient, H head, W weight, S softmax."""

_SHARD_BYTES = 4 << 30


class Inputs(Mapping[str, list[list[torch.Tensor]]]):
    """For each of the letters A, J, G, H, W and S the tensors of each layer: ``inputs["H"][layer][tensor]``, float32 on the CPU.

    A module that ``./lpzero search export --format python`` writes takes it as it is: ``score(inputs)``.
    """

    def __init__(self, layers: list[dict[str, list[torch.Tensor]]], parameters: int, model: str, roles: list[str] | None = None):
        self._layers = layers
        self.parameters = parameters
        """Number of the model's parameters, each shared one counted once."""
        self.model = model
        """Name of the model's class."""
        self.roles = roles
        """For each layer a letter for each weight in W: ``M`` of what mixes tokens, ``F`` of the feed-forward block, ``O`` of something
        else; None where it is not known of all of them."""

    def __getitem__(self, letter: str) -> list[list[torch.Tensor]]:
        if letter not in INPUTS:
            raise KeyError(letter)
        return [layer[letter] for layer in self._layers]

    def __iter__(self) -> Iterator[str]:
        return iter(INPUTS)

    def __len__(self) -> int:
        return len(INPUTS)

    def __repr__(self) -> str:
        return f"Inputs of {self.model}: {len(self._layers)} layers, {self.parameters} parameters"

    def save(
        self, path: str | os.PathLike[str], dtype: torch.dtype = torch.float32, shard_bytes: int = _SHARD_BYTES
    ) -> Path:
        """Writes ``DIR/ID.safetensors``, the file of one architecture of the benchmark ``inputs:DIR``, and returns its path.

        ``dtype`` is float32, or float16 or bfloat16 for half the size at the price of digits. A file of more than
        ``shard_bytes`` becomes several beside an index. Raises ``ValueError``, and writes nothing, where ``dtype`` is another one or
        a value is too large for it.
        """
        if dtype not in safetensors.DTYPES:
            raise ValueError(f"files hold no {dtype}; save with torch.float32, torch.float16 or torch.bfloat16")
        tensors = {
            f"{letter}.{index}.{number}": tensor.to(dtype)
            for index, layer in enumerate(self._layers)
            for letter in INPUTS
            for number, tensor in enumerate(layer[letter])
        }
        for name, tensor in tensors.items():
            if not tensor.isfinite().all():
                raise ValueError(f"{name} holds values too large for {dtype}; save with torch.bfloat16 or torch.float32")
        metadata = {"format": "lpzero-inputs", "version": "1", "parameters": str(self.parameters), "model": self.model}
        if self.roles is not None:
            metadata["roles"] = ",".join(self.roles)
        return safetensors.write(path, tensors, metadata, shard_bytes)
