"""Times forward and backward of an encoder in plain PyTorch; the yardstick of ForwardBackwardPhase.

Reads the model as JSON from standard input and prints the shortest time of a repetition in seconds.
"""
import json
import math
import sys
import time

import torch
import torch.nn.functional as F

torch.set_num_threads(1)
torch.manual_seed(0)
spec = json.load(sys.stdin)

layers = []
for layer in spec["layers"]:
    parameters = {}
    for parameter in layer["parameters"]:
        is_scale = "layer_norm.weight" in parameter["name"]
        tensor = torch.ones(parameter["shape"]) if is_scale else torch.randn(parameter["shape"]) * 0.02
        parameters[parameter["name"]] = tensor.requires_grad_(parameter["differentiated"])
    layers.append((layer, parameters))

differentiated = [p for _, parameters in layers for p in parameters.values() if p.requires_grad]
embedded = torch.randn(spec["batch"], spec["length"], spec["hidden"]).requires_grad_()
cotangent = torch.randn(spec["batch"], spec["length"], spec["hidden"]).sign()


def linear(parameters, name, x):
    return F.linear(x, parameters[name + ".weight"], parameters.get(name + ".bias"))


def layer_norm(parameters, name, x):
    return F.layer_norm(x, x.shape[-1:], parameters[name + ".weight"], parameters[name + ".bias"], 1e-12)


def split(x, heads):
    return x.view(x.shape[0], x.shape[1], heads, -1).transpose(1, 2)


def forward(layer, parameters, x):
    heads = layer["heads"]
    query, key, value = (split(linear(parameters, "mixing." + name, x), heads) for name in ("query", "key", "value"))
    probabilities = F.softmax(query @ key.transpose(-1, -2) / math.sqrt(query.shape[-1]), -1)
    context = (probabilities @ value).transpose(1, 2).reshape(x.shape[0], x.shape[1], -1)
    mixed = layer_norm(parameters, "projection.layer_norm", linear(parameters, "projection.dense", context) + x)
    hidden = mixed
    for i in range(layer["feed_forwards"]):
        hidden = F.gelu(linear(parameters, f"feed_forward.{i}", hidden))
    return layer_norm(parameters, "output.layer_norm", linear(parameters, "output.dense", hidden) + mixed)


best = math.inf
for _ in range(spec["repetitions"]):
    started = time.perf_counter()
    inputs, hidden = [], embedded
    for layer, parameters in layers:
        inputs.append(hidden)
        hidden = forward(layer, parameters, hidden)
    torch.autograd.grad(hidden, inputs + differentiated, cotangent)
    best = min(best, time.perf_counter() - started)
print(best)
