"""Writes safetensors files with nothing but the standard library and torch."""

import ctypes
import json
import os
import struct
from collections.abc import Mapping
from pathlib import Path

import torch

DTYPES = {torch.float32: "F32", torch.float16: "F16", torch.bfloat16: "BF16"}
"""What tensors may be made of, and how files call it."""

_ALIGNMENT = 8

SUFFIX = ".safetensors"
INDEX_SUFFIX = SUFFIX + ".index.json"


def write(
    path: str | os.PathLike[str], tensors: Mapping[str, torch.Tensor], metadata: Mapping[str, str], shard_bytes: int
) -> Path:
    """Writes the tensors to ``path``, which ends in ``.safetensors``, and returns it.

    More than ``shard_bytes`` become shards beside it (``NAME-00001-of-00003.safetensors``), and the path returned is that of their
    index, ``NAME.safetensors.index.json``. The folder is made where it is absent. Files appear whole or not at all, the index last.
    """
    path = Path(path)
    if not path.name.endswith(SUFFIX):
        raise ValueError(f"{path}: give a name that ends in {SUFFIX}")
    path.parent.mkdir(parents=True, exist_ok=True)
    base = path.name[: -len(SUFFIX)]
    shards = _shards(tensors, shard_bytes)
    index = path.with_name(base + INDEX_SUFFIX)
    if len(shards) == 1:
        _replace(path, lambda file: _write_tensors(file, shards[0], metadata))
        index.unlink(missing_ok=True)
        return path

    names = [f"{base}-{number:05}-of-{len(shards):05}{SUFFIX}" for number in range(1, len(shards) + 1)]
    for name, shard in zip(names, shards):
        _replace(path.with_name(name), lambda file, shard=shard: _write_tensors(file, shard, metadata))
    text = json.dumps(
        {
            "metadata": {"total_size": sum(_size(tensor) for tensor in tensors.values())},
            "weight_map": {tensor: name for name, shard in zip(names, shards) for tensor in shard},
        },
        indent=1,
    )
    _replace(index, lambda file: file.write(text.encode()))
    path.unlink(missing_ok=True)
    return index


def _shards(tensors: Mapping[str, torch.Tensor], shard_bytes: int) -> list[dict[str, torch.Tensor]]:
    shards: list[dict[str, torch.Tensor]] = [{}]
    filled = 0
    for name, tensor in tensors.items():
        if shards[-1] and filled + _size(tensor) > shard_bytes:
            shards.append({})
            filled = 0
        shards[-1][name] = tensor
        filled += _size(tensor)
    return shards


def _write_tensors(file, tensors: Mapping[str, torch.Tensor], metadata: Mapping[str, str]) -> None:
    header: dict[str, object] = {"__metadata__": dict(metadata)}
    end = 0
    for name, tensor in tensors.items():
        header[name] = {"dtype": DTYPES[tensor.dtype], "shape": list(tensor.shape), "data_offsets": [end, end + _size(tensor)]}
        end += _size(tensor)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % _ALIGNMENT)
    file.write(struct.pack("<Q", len(text)))
    file.write(text)
    for tensor in tensors.values():
        # A view of the memory: neither numpy nor a copy is needed.
        contiguous = tensor.detach().cpu().contiguous()
        if contiguous.numel():
            file.write((ctypes.c_char * _size(contiguous)).from_address(contiguous.data_ptr()))


def _size(tensor: torch.Tensor) -> int:
    return tensor.numel() * tensor.element_size()


def _replace(path: Path, write_to) -> None:
    partial = path.with_name(path.name + ".partial")
    try:
        with open(partial, "wb") as file:
            write_to(file)
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
