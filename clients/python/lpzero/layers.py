"""Finds the layers of a model and what plays which part in a layer."""

from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase
from typing import Any, TypedDict, Union

import torch
from torch import nn

Part = Union[str, tuple[str, Callable[[Any], torch.Tensor]]]
"""A module by its name within the layer (``*`` stands for any characters), alone or with what turns its output into the tensor."""


class LayerMapping(TypedDict, total=False):
    """What is where, for models in which it is not found. Every key may be left out; a list names several modules."""

    layers: str | Sequence[nn.Module]
    """The layers, or the name of the module that lists them, such as ``"encoder.layer"``."""

    activation: Part | list[Part]
    """Modules whose outputs are those of the feed-forward's activation functions (A)."""

    query: Part | list[Part]
    """The query projection (H)."""

    softmax: Part | list[Part]
    """A module whose output holds the attention probabilities (S)."""

    attention: str | list[str]
    """Modules or weights of what mixes tokens, by their names within the layer: what their weights in W and G are part of."""

    feed_forward: str | list[str]
    """Those of the feed-forward block. Where either is named, what is found of neither is of something else."""


class CollectError(ValueError):
    """A model whose inputs cannot be collected; the message says what is missing and how to name it."""


_QUERIES = {"query", "query_proj", "q_proj", "q_lin", "q", "to_q", "wq"}
_FUSED_QUERIES = {"c_attn", "qkv", "qkv_proj", "Wqkv"}
_MIXING = {
    "attention", "attn", "self_attn", "multihead_attn", "self_attention", "selfattention", "encdecattention", "crossattention", "mixing",
    "c_attn",
}  # fmt: skip
_FEED_FORWARD = {
    "feed_forward", "feedforward", "ffn", "ffn_output", "mlp", "intermediate", "densereludense", "linear1", "linear2", "fc1", "fc2", "c_fc",
}  # fmt: skip
_OF_MODULES = ("activation", "query", "softmax")
_OF_WEIGHTS = ("attention", "feed_forward")
_NO_ACTIVATIONS = (nn.MultiheadAttention, nn.Softmax, nn.Softmax2d, nn.LogSoftmax, nn.Softmin)
_ACTIVATION_MODULES = {"torch.nn.modules.activation", "transformers.activations"}


def find_layers(model: nn.Module, given: str | Sequence[nn.Module] | None = None) -> list[nn.Module]:
    """The model's layers: those given, or the longest ``ModuleList`` whose modules are of one type, of those that lie in no other such
    list, as the experts of a layer do.

    Raises ``CollectError`` where there is none, or where two lists are equally long.
    """
    if given is not None and not isinstance(given, str):
        if not isinstance(given, Sequence) and not isinstance(given, (nn.ModuleList, nn.Sequential)):
            raise CollectError(f"the mapping's layers are {given!r}; give the modules, or the name of the list that holds them")
        return list(given)
    lists = {name: module for name, module in model.named_modules() if isinstance(module, (nn.ModuleList, nn.Sequential))}
    if given is not None:
        if given not in lists:
            raise CollectError(f"the model has no list of modules named {given!r}; it has {_listed(lists)}")
        return list(lists[given])
    candidates = {
        name: module
        for name, module in lists.items()
        if isinstance(module, nn.ModuleList) and len({type(item) for item in module}) == 1
    }
    inner = {module for candidate in candidates.values() for item in candidate for module in item.modules()}
    longest = max((len(module) for module in candidates.values() if module not in inner), default=0)
    names = [name for name, module in candidates.items() if len(module) == longest and module not in inner]
    if len(names) != 1:
        reason = "the model has no ModuleList of equal modules" if not names else f"{_listed(names)} are equally long"
        raise CollectError(f'{reason}; name the layers: mapping={{"layers": NAME}}')
    return list(candidates[names[0]])


def weights(layer: nn.Module) -> list[tuple[str, nn.Parameter, bool]]:
    """The weights of the layer's linear maps by name, and of each whether it is stored as [in, out] rather than [out, in].

    A weight that the layer has under several names is given once, by the first.
    """
    found = {}
    for place, module in layer.named_modules():
        if isinstance(module, (nn.Embedding, nn.EmbeddingBag)):
            continue
        # transformers.pytorch_utils.Conv1D is a linear map with its weight transposed.
        is_transposed = type(module).__name__ == "Conv1D" and not isinstance(module, nn.Conv1d)
        for name, parameter in module.named_parameters(recurse=False):
            if parameter.ndim >= 2 and "bias" not in name:
                found.setdefault(parameter, (f"{place}.{name}" if place else name, parameter, is_transposed and parameter.ndim == 2))
    return list(found.values())


def parts(mapping: LayerMapping, key: str) -> list[tuple[str, Callable[[Any], torch.Tensor] | None]]:
    """The names that the mapping has under a key other than ``layers``, each with what turns an output into the tensor, if anything does.

    Raises ``CollectError`` where there is something else than names.
    """
    given = mapping.get(key, [])
    found = []
    for part in given if isinstance(given, list) else [given]:
        name, take = part if isinstance(part, tuple) and len(part) == 2 else (part, None)
        if not isinstance(name, str) or (take is not None and (key in _OF_WEIGHTS or not callable(take))):
            allowed = "NAME" if key in _OF_WEIGHTS else "NAME or (NAME, FUNCTION)"
            raise CollectError(f"the mapping's {key} has {part!r}; give {allowed}, or a list of such")
        found.append((name, take))
    return found


def check_names(mapping: LayerMapping, layers: Sequence[nn.Module]) -> None:
    """Raises ``CollectError`` where a name in the mapping is of nothing that any of the layers has."""
    for key in _OF_MODULES + _OF_WEIGHTS:
        for pattern, _ in parts(mapping, key):
            if key in _OF_MODULES:
                is_there, what = any(matching(layer, pattern) for layer in layers), "module"
                has = [name for name, _ in layers[0].named_modules() if name]
            else:
                is_there, what = any(_is_of(name, pattern) for layer in layers for name, _, _ in weights(layer)), "weight"
                has = [name for name, _, _ in weights(layers[0])]
            if not is_there:
                raise CollectError(
                    f"the mapping's {key} {pattern!r} names no {what} of any layer; layer 0 ({type(layers[0]).__name__}) has {_listed(has)}"
                )


def role(name: str, mapping: LayerMapping) -> str | None:
    """What the weight of that name within a layer is part of: ``M`` of what mixes tokens, ``F`` of the feed-forward block, ``O`` of
    something else; None where neither its name nor the mapping tells."""
    given = {"M": parts(mapping, "attention"), "F": parts(mapping, "feed_forward")}
    for letter, named in given.items():
        if any(_is_of(name, pattern) for pattern, _ in named):
            return letter
    words = [word.lower() for word in name.split(".")]
    for word in words:
        if word in _MIXING or word in _FEED_FORWARD:
            return "M" if word in _MIXING else "F"
    # As in BERT, whose attention has an output of its own.
    return "F" if words[0] == "output" else "O" if words[0] == "projection" or any(given.values()) else None


def _is_of(name: str, pattern: str) -> bool:
    return fnmatchcase(name, pattern) or fnmatchcase(name, pattern + ".*")


def is_activation(module: nn.Module) -> bool:
    """Whether the module is an activation function of torch or of transformers."""
    return type(module).__module__ in _ACTIVATION_MODULES and not isinstance(module, _NO_ACTIVATIONS)


def matching(layer: nn.Module, pattern: str) -> list[nn.Module]:
    """The layer's modules of that name."""
    return [module for name, module in layer.named_modules() if name and fnmatchcase(name, pattern)]


def queries(layer: nn.Module) -> list[tuple[nn.Module, Callable[[Any], torch.Tensor]]]:
    """The query projections that are known by their names, and what is the query in their outputs."""
    found: list[tuple[nn.Module, Callable[[Any], torch.Tensor]]] = []
    for name, module in layer.named_modules():
        last = name.rpartition(".")[2]
        weight = getattr(module, "weight", None)
        if not isinstance(weight, torch.Tensor) or weight.ndim != 2:
            continue
        if last in _QUERIES:
            found.append((module, itself))
        elif last in _FUSED_QUERIES and max(weight.shape) == 3 * min(weight.shape):
            found.append((module, _first_of_three))
    return found


def itself(output: Any) -> Any:
    """The output as it is."""
    return output


def _first_of_three(output: torch.Tensor) -> torch.Tensor:
    """The query of an output that is query, key and value one after the other."""
    return output.chunk(3, -1)[0]


def _listed(names) -> str:
    shown = [repr(name) for name in names]
    return ", ".join(shown[:8]) + (", ..." if len(shown) > 8 else "") if shown else "none"
