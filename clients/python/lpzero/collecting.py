"""One forward and one backward pass."""

import contextlib
import os
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import torch
from torch import nn

from .inputs import INPUTS, Inputs
from .layers import CollectError, LayerMapping, check_names, find_layers, role, weights
from .recording import Recorder, detached

_KEYS = {"A": "activation", "H": "query", "S": "softmax"}
_HOW_TO_NAME = {
    "A": 'name the activation modules: mapping={"activation": [NAME]}',
    "H": 'name the query projection: mapping={"query": NAME}',
    "S": 'name what gives attention probabilities: mapping={"softmax": NAME}, or load the model with attn_implementation="eager"',
    "W": "a layer without linear maps, or whose maps are quantised, has no weights to show",
}


def collect(
    model: nn.Module,
    batch: Any,
    loss: Callable[[Any], torch.Tensor] | None = None,
    path: str | os.PathLike[str] | None = None,
    *,
    mapping: LayerMapping | None = None,
) -> Inputs:
    """The six inputs of each layer of a model on a mini-batch, written to ``path`` where one is given.

    ``batch`` is the model's argument, a tuple of its arguments, or a mapping of them by name. ``loss`` makes a scalar of the
    model's output; left out, it is ``output.loss``, which models of Hugging Face have where the batch has ``labels``.
    ``path`` is ``DIR/ID.safetensors``. ``mapping`` names what is not found (:class:`LayerMapping`).

    The model runs in eval mode; weights, modes, ``grad`` fields and modules are afterwards as they were. Raises
    ``CollectError`` where a layer does not show one of the inputs, or shows values that are not finite; nothing is then written.
    """
    mapping = mapping or {}
    if unknown := sorted(mapping.keys() - LayerMapping.__annotations__.keys()):
        raise CollectError(f"the mapping has the unknown key {unknown[0]!r}; it may have {', '.join(LayerMapping.__annotations__)}")
    layers = find_layers(model, mapping.get("layers"))
    if not layers:
        raise CollectError("the model has no layers; name at least one")
    check_names(mapping, layers)
    shown_weights = [weights(layer) for layer in layers]
    _check_weights(shown_weights)
    recorder = Recorder(layers, mapping)
    parameters = [parameter for layer in shown_weights for _, parameter, _ in layer]
    with _as_it_was(model, parameters), torch.inference_mode(False), torch.enable_grad(), _without_half_precision():
        try:
            recorder.watch()
            with recorder:
                output = _call(model, batch)
        finally:
            recorder.release()
        value = _loss_in(output) if loss is None else loss(output)
        _check_loss(value)
        hidden = [states for states in recorder.hidden if states is not None]
        if len(hidden) < len(layers):
            raise CollectError(f"layer {recorder.hidden.index(None)} takes no part in the forward pass; name the layers that do")
        gradients = torch.autograd.grad(value.reshape(()), hidden + parameters, allow_unused=True)
    if all(gradient is None for gradient in gradients):
        raise CollectError("the loss depends on no layer; make it of what the layers give, and run them without no_grad or detach()")

    # Where nothing depends on a tensor, its gradient is 0.
    every = iter([torch.zeros_like(t) if g is None else g for t, g in zip(hidden + parameters, gradients)])
    result = [{**shown, "J": [detached(next(every))]} for shown in recorder.shown]
    for layer, own in zip(result, shown_weights):
        layer["W"] = [detached(parameter.t() if is_transposed else parameter) for _, parameter, is_transposed in own]
        layer["G"] = [detached(gradient.t() if is_transposed else gradient) for (_, _, is_transposed), gradient in zip(own, every)]
    _check(result, layers, mapping)
    roles = [[role(name, mapping) for name, _, _ in layer] for layer in shown_weights]
    are_known = all(letter is not None for layer in roles for letter in layer)
    inputs = Inputs(
        result, sum(p.numel() for p in model.parameters()), type(model).__name__,
        ["".join(layer) for layer in roles] if are_known else None,
    )  # fmt: skip
    if path is not None:
        inputs.save(path)
    return inputs


def _call(model: nn.Module, batch: Any) -> Any:
    if isinstance(batch, Mapping):
        return model(**batch)
    return model(*batch) if isinstance(batch, tuple) else model(batch)


def _loss_in(output: Any) -> Any:
    loss = output.get("loss") if isinstance(output, Mapping) else getattr(output, "loss", None)
    if loss is None:
        raise CollectError("the model's output has no loss; give the batch labels, or collect a function of the output that makes one")
    return loss


def _check_loss(value: Any) -> None:
    if not isinstance(value, torch.Tensor) or value.numel() != 1 or value.is_complex():
        raise CollectError("the loss is not a scalar tensor; give a function of the model's output that returns one")
    if not value.requires_grad:
        raise CollectError("the loss has no gradient; compute it of the model's output without no_grad, detach() or item()")
    if not value.isfinite():
        raise CollectError(f"the loss is {value.item()}; run the model in float32, with weights, masks and labels that give a finite one")


def _check_weights(layers: Sequence[Sequence[tuple[str, nn.Parameter, bool]]]) -> None:
    owners: dict[nn.Parameter, int] = {}
    for index, layer in enumerate(layers):
        for name, parameter, _ in layer:
            if not parameter.is_floating_point():
                raise CollectError(f"layer {index}'s weight {name!r} is of {parameter.dtype}; load the model without quantising it")
            if parameter.is_meta:
                raise CollectError(f"layer {index}'s weight {name!r} has no values; load or make the model on a device that is not meta")
            owner = owners.setdefault(parameter, index)
            if owner != index:
                raise CollectError(
                    f"layer {index} shares the weight {name!r} with layer {owner}, so that its gradient is neither layer's alone; "
                    "give each layer a copy (copy.deepcopy)"
                )


def _check(layers: Sequence[Mapping[str, Sequence[torch.Tensor]]], modules: Sequence[nn.Module], mapping: LayerMapping) -> None:
    for index, (layer, module) in enumerate(zip(layers, modules)):
        for letter in INPUTS:
            if not layer[letter]:
                key = _KEYS.get(letter)
                mend = f"what the mapping's {key} names does not run in it" if key in mapping else _HOW_TO_NAME[letter]
                raise CollectError(f"layer {index} ({type(module).__name__}) shows no {letter}; {mend}")
            if not all(tensor.isfinite().all() for tensor in layer[letter]):
                raise CollectError(
                    f"layer {index} ({type(module).__name__}) shows values in {letter} that are not finite; run the model in float32, "
                    "with weights and masks that give finite ones"
                )


@contextlib.contextmanager
def _without_half_precision():
    """Says in a line what torch says at length where it has no operation of half precision, as on a CPU."""
    try:
        yield
    except RuntimeError as error:
        if "not implemented for 'Half'" not in str(error) and "not implemented for 'BFloat16'" not in str(error):
            raise
        raise CollectError("torch cannot compute the model in half precision on this device; load it in float32") from error


@contextlib.contextmanager
def _as_it_was(model: nn.Module, parameters: Sequence[nn.Parameter]):
    """Eval mode, and gradients for the parameters; afterwards every module and parameter is as before."""
    modes = [(module, module.training) for module in model.modules()]
    frozen = [parameter for parameter in parameters if not parameter.requires_grad]
    try:
        model.eval()
        for parameter in frozen:
            parameter.requires_grad_(True)
        yield
    finally:
        for module, training in modes:
            module.training = training
        for parameter in frozen:
            parameter.requires_grad_(False)
