"""Watches a forward pass: what the layers take in, and what their parts give."""

import inspect
import math
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import nn
from torch.nn import functional
from torch.overrides import TorchFunctionMode

from .layers import CollectError, LayerMapping, is_activation, itself, matching, parts, queries

_ACTIVATIONS = {
    "celu", "elu", "gelu", "glu", "hardsigmoid", "hardswish", "hardtanh", "leaky_relu", "mish", "prelu", "relu", "relu6", "relu_", "rrelu",
    "selu", "silu", "silu_", "softplus",
}  # fmt: skip


class Recorder(TorchFunctionMode):
    """While it is entered and :meth:`watch` has wrapped the layers, a forward pass fills ``shown`` and ``hidden``."""

    def __init__(self, layers: Sequence[nn.Module], mapping: LayerMapping):
        super().__init__()
        self.shown: list[dict[str, list[torch.Tensor]]] = [{"A": [], "H": [], "S": []} for _ in layers]
        self.hidden: list[torch.Tensor | None] = [None for _ in layers]
        self._layers = layers
        self._mapping = mapping
        self._current: int | None = None
        self._is_inside_activation = False
        self._wrapped: dict[nn.Module, Any] = {}

    def watch(self) -> None:
        """Wraps the layers and their parts; :meth:`release` takes that back."""
        # What layers share, such as a softmax without weights, is wrapped once: what it gives is of the layer that runs.
        for module in dict.fromkeys(module for layer in self._layers for module in layer.modules()):
            if isinstance(module, nn.MultiheadAttention):
                self._wrap(module, self._attention(module))
            elif is_activation(module) and "activation" not in self._mapping:
                self._wrap(module, self._activation(module))
        for letter, module, take in dict.fromkeys(part for layer in self._layers for part in self._parts(layer)):
            self._wrap(module, self._part(module.forward, letter, take))
        for index, layer in enumerate(self._layers):
            self._wrap(layer, self._layer(index, layer.forward))

    def release(self) -> None:
        """Gives every module its own forward again."""
        for module, before in self._wrapped.items():
            if before is None:
                del module.forward
            else:
                module.forward = before
        self._wrapped.clear()

    def __torch_function__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        result = func(*args, **kwargs)
        name = getattr(func, "__name__", "")
        if self._current is None or self._is_inside_activation:
            return result
        if name in _ACTIVATIONS and "activation" not in self._mapping:
            self._record("A", result)
        elif "softmax" not in self._mapping:
            if name == "softmax" and result.ndim >= 3 and _dimension(args, kwargs) in (-1, result.ndim - 1):
                self._record("S", result)
            elif name == "scaled_dot_product_attention":
                self._record("S", probabilities(*args, **kwargs))
        return result

    def _record(self, letter: str, tensor: Any) -> None:
        if self._current is not None:
            if not isinstance(tensor, torch.Tensor):
                raise CollectError(f"layer {self._current}: what was named for {letter} gives no tensor; give (NAME, FUNCTION)")
            # An expert to whom no token came shows nothing.
            if tensor.numel():
                self.shown[self._current][letter].append(detached(tensor))

    def _wrap(self, module: nn.Module, forward: Callable[..., Any]) -> None:
        self._wrapped.setdefault(module, module.__dict__.get("forward"))
        module.forward = forward

    def _parts(self, layer: nn.Module):
        for letter, key in (("A", "activation"), ("H", "query"), ("S", "softmax")):
            for pattern, take in parts(self._mapping, key):
                for module in matching(layer, pattern):
                    yield letter, module, take or (_probabilities_of if letter == "S" else itself)
        if "query" not in self._mapping:
            for module, take in queries(layer):
                yield "H", module, take

    def _layer(self, index: int, forward: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*args, **kwargs):
            if self.hidden[index] is not None:
                raise CollectError(f"layer {index} is called twice in one forward pass")
            place, hidden = _hidden(index, args, kwargs)
            if not hidden.requires_grad:
                hidden = hidden.detach().requires_grad_()
            self.hidden[index] = hidden
            # The layer has a copy: what it would change in place would no longer be its input.
            own = hidden.clone()
            args = tuple(own if place == i else a for i, a in enumerate(args))
            kwargs = {key: own if place == key else a for key, a in kwargs.items()}
            self._current = index
            try:
                return forward(*args, **kwargs)
            finally:
                self._current = None

        return wrapped

    def _activation(self, module: nn.Module) -> Callable[..., Any]:
        forward = module.forward

        def wrapped(*args, **kwargs):
            self._is_inside_activation, before = True, self._is_inside_activation
            try:
                output = forward(*args, **kwargs)
            finally:
                self._is_inside_activation = before
            if not before:
                self._record("A", output)
            return output

        return wrapped

    def _part(self, forward: Callable[..., Any], letter: str, take: Callable[[Any], torch.Tensor]) -> Callable[..., Any]:
        def wrapped(*args, **kwargs):
            output = forward(*args, **kwargs)
            self._record(letter, take(output))
            return output

        return wrapped

    def _attention(self, module: nn.MultiheadAttention) -> Callable[..., Any]:
        forward = module.forward
        signature = inspect.signature(forward)

        def wrapped(*args, **kwargs):
            call = signature.bind(*args, **kwargs)
            call.apply_defaults()
            wants, averages = call.arguments["need_weights"], call.arguments["average_attn_weights"]
            call.arguments.update(need_weights=True, average_attn_weights=False)
            output, probabilities = forward(*call.args, **call.kwargs)
            if "softmax" not in self._mapping:
                self._record("S", probabilities)
            if "query" not in self._mapping:
                self._record("H", _query(module, call.arguments["query"]))
            return output, (probabilities.mean(-3) if averages else probabilities) if wants else None

        return wrapped


def detached(tensor: torch.Tensor) -> torch.Tensor:
    """A copy of the tensor as files hold it: float32 on the CPU, contiguous, without gradients."""
    return tensor.detach().to("cpu", torch.float32, copy=True).contiguous()


def _probabilities_of(output: Any) -> Any:
    """The output, or the attention probabilities [..., T, T] among several."""
    if isinstance(output, (tuple, list)):
        return next((o for o in output if isinstance(o, torch.Tensor) and o.ndim >= 4), None)
    return output


def _hidden(index: int, args: tuple, kwargs: dict[str, Any]) -> tuple[int | str, torch.Tensor]:
    """The layer's input hidden states, its first argument of floating point, and the argument's place."""
    for place, value in [*enumerate(args), *kwargs.items()]:
        if isinstance(value, torch.Tensor) and value.is_floating_point():
            return place, value
    raise CollectError(f"layer {index} takes no hidden states: its arguments hold no tensor of floating point")


def _dimension(args: tuple, kwargs: dict[str, Any]) -> int | None:
    return kwargs.get("dim", args[1] if len(args) > 1 else None)


def _query(module: nn.MultiheadAttention, query: torch.Tensor) -> torch.Tensor:
    width = module.embed_dim
    weight = module.in_proj_weight[:width] if module.in_proj_weight is not None else module.q_proj_weight
    bias = None if module.in_proj_bias is None else module.in_proj_bias[:width]
    projected = functional.linear(query, weight, bias)
    return projected if module.batch_first or projected.ndim == 2 else projected.transpose(0, 1)


def probabilities(
    query, key, value, attn_mask=None, dropout_p=0.0, is_causal=False, *, scale=None, enable_gqa=False
) -> torch.Tensor:
    """What scaled_dot_product_attention computes within: softmax of the scaled and masked scores, 0 where a row is masked whole."""
    with torch.no_grad():
        if enable_gqa:
            key = key.repeat_interleave(query.shape[-3] // key.shape[-3], -3)
        scores = query @ key.transpose(-2, -1) * (1 / math.sqrt(query.shape[-1]) if scale is None else scale)
        if is_causal:
            attn_mask = torch.ones(scores.shape[-2:], dtype=torch.bool, device=scores.device).tril()
        if attn_mask is not None:
            scores = scores.masked_fill(~attn_mask, -math.inf) if attn_mask.dtype == torch.bool else scores + attn_mask
        return scores.softmax(-1).masked_fill((scores == -math.inf).all(-1, keepdim=True), 0)
