"""FlexiBERT layers in plain PyTorch, and a program that collects the inputs of a network whose weights it is given.

    python -m tests.flexibert FOLDER

reads FOLDER/network.json (layers with operation, heads and widths, and where the tensors are in FOLDER/tensors.f32) and writes
FOLDER/collected.safetensors.
"""

import json
import math
import sys
from pathlib import Path

import lpzero
import torch
from torch import nn
from torch.nn import functional


class Attention(nn.Module):
    """Scaled dot-product attention, or with a further matrix on the query."""

    def __init__(self, width, heads, is_weighted):
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value = (nn.Linear(width, width) for _ in range(3))
        self.weight = nn.Linear(width, width, bias=False) if is_weighted else nn.Identity()

    def forward(self, states):
        query, key, value = (
            x.unflatten(-1, (self.heads, -1)).transpose(1, 2)
            for x in (self.weight(self.query(states)), self.key(states), self.value(states))
        )
        probabilities = functional.softmax(query @ key.transpose(-1, -2) / math.sqrt(query.shape[-1]), dim=-1)
        return (probabilities @ value).transpose(1, 2).flatten(2)


class Fourier(nn.Module):
    """The real part of the Fourier transform over time and head size."""

    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.input = nn.Linear(width, width)

    def forward(self, states):
        transformed = torch.fft.fft2(self.input(states).unflatten(-1, (self.heads, -1)).transpose(1, 2)).real
        transformed.softmax(-1)  # nothing but the input S
        return transformed.transpose(1, 2).flatten(2)


class Layer(nn.Module):
    def __init__(self, width, operation, heads, widths):
        super().__init__()
        has_projection = operation != "LT/DFT"
        self.mixing = Attention(width, heads, operation == "SA/WMA") if has_projection else Fourier(width, heads)
        self.projection = nn.ModuleDict(
            {"dense": nn.Linear(width, width), "layer_norm": nn.LayerNorm(width, eps=1e-12)} if has_projection else {}
        )
        self.feed_forward = nn.ModuleList(nn.Linear(a, b) for a, b in zip([width, *widths], widths))
        self.output = nn.ModuleDict({"dense": nn.Linear(widths[-1], width), "layer_norm": nn.LayerNorm(width, eps=1e-12)})

    def forward(self, states):
        mixed = self.mixing(states)
        if self.projection:
            mixed = self.projection["layer_norm"](self.projection["dense"](mixed) + states)
        hidden = mixed
        for linear in self.feed_forward:
            hidden = functional.gelu(linear(hidden))
        return self.output["layer_norm"](self.output["dense"](hidden) + mixed)


class Encoder(nn.Module):
    def __init__(self, width, layers):
        super().__init__()
        self.layers = nn.ModuleList(Layer(width, layer["operation"], layer["heads"], layer["widths"]) for layer in layers)

    def forward(self, states):
        for layer in self.layers:
            states = layer(states)
        return states


def main(folder: Path) -> None:
    torch.set_num_threads(1)
    network = json.loads((folder / "network.json").read_text())
    data = torch.frombuffer(bytearray((folder / "tensors.f32").read_bytes()), dtype=torch.float32)
    tensors, end = {}, 0
    for name, shape in network["tensors"]:
        tensors[name] = data[end : end + math.prod(shape)].reshape(shape).clone()
        end += math.prod(shape)
    model = Encoder(network["hidden"], network["layers"])
    embedded, signs = tensors.pop("embedded"), tensors.pop("signs")
    model.load_state_dict(tensors)
    lpzero.collect(
        model, embedded, lambda output: (output * signs).sum(), folder / "collected.safetensors",
        mapping={"layers": "layers", "query": "mixing.[qi]*"},
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
