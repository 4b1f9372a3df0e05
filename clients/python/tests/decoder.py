"""A decoder in plain PyTorch, written from the papers and apart from the program's own, and a program that differentiates it.

    python -m tests.decoder FOLDER

reads FOLDER/networks.json (of each network its shape, tokens, and the names and sizes of its weights, which follow each other in
FOLDER/weights.f64) and writes FOLDER/N.safetensors: the loss, ``state.L``, which the embedding (0) and each layer give, and
the loss's gradients ``d.NAME`` with respect to every weight and ``d.state.L`` to every state.
"""

import json
import math
import sys
from pathlib import Path

import torch
from lpzero import safetensors
from torch.nn import functional

EPSILON = 1e-5


class Decoder:
    def __init__(self, shape, weights):
        self.shape, self.weights = shape, weights
        self.has_projections = shape["embedding"]["divisor"] > 1 or shape["embedding"]["width"] != shape["hidden"]

    def loss(self, tokens):
        """The cross entropy of every next token, and the states, from the embedding to the last layer's."""
        states = [self.embed(tokens)]
        for index, layer in enumerate(self.shape["layers"]):
            states.append(self.layer(f"layer.{index}.", layer, states[-1]))
        logarithms = self.log_probabilities(self.norm("norm.last", states[-1]))
        return functional.nll_loss(logarithms[:, :-1].flatten(0, 1), tokens[:, 1:].flatten()), states

    def embed(self, tokens):
        # The wide table of all tokens: what an adaptive embedding saves, it spends again.
        embedded = functional.embedding(tokens, torch.cat([self.widen(c, table) for c, table in enumerate(self.tables())]))
        if self.shape["is_embedding_scaled"]:
            embedded = embedded * self.shape["hidden"] ** 0.5
        if self.shape["positions"]:
            embedded = embedded + functional.embedding(torch.arange(tokens.shape[1]), self.weights["position.weight"])
        return embedded

    def tables(self):
        """The tables of the embedding: one a cluster of tokens, or one for all where no cluster is narrower."""
        clusters = 1 if self.shape["embedding"]["divisor"] == 1 else len(self.shape["embedding"]["ends"])
        return [self.weights[f"token.{cluster}.weight"] for cluster in range(clusters)]

    def widen(self, cluster, table):
        return table @ self.weights[f"token.{cluster}.projection.weight"].T if self.has_projections else table

    def layer(self, prefix, layer, states):
        mixed = states + self.attention(prefix + "attention.", layer, self.norm(prefix + "norm.attention", states))
        source = states if self.shape["is_parallel"] else mixed
        return mixed + self.feed_forward(prefix + "feed_forward.", self.norm(prefix + "norm.feed_forward", source))

    def attention(self, prefix, layer, states):
        query, key, value = (self.linear(prefix + name, states) for name in ("query", "key", "value"))
        if self.shape["has_query_key_norm"]:
            query, key = (functional.layer_norm(x, x.shape[-1:], eps=EPSILON) for x in (query, key))
        query, key, value = (x.unflatten(-1, (layer["heads"], layer["head_width"])) for x in (query, key, value))
        scores = torch.einsum("bihw,bjhw->bhij", self.rotate(query), self.rotate(key)) / math.sqrt(layer["head_width"])
        earlier = torch.ones(scores.shape[-2:], dtype=torch.bool).tril()
        probabilities = torch.where(earlier, scores, -torch.inf).softmax(-1)
        return self.linear(prefix + "output", torch.einsum("bhij,bjhw->bihw", probabilities, value).flatten(2))

    def rotate(self, heads):
        """Rotary positions (Su et al. 2021): the elements i and i + n of the first 2 n are a complex number that is turned."""
        pairs = int(self.shape["rotary_share"] * heads.shape[-1]) // 2
        if pairs == 0:
            return heads
        numbers = torch.complex(heads[..., :pairs], heads[..., pairs : 2 * pairs])
        angles = torch.outer(torch.arange(heads.shape[1]), 10000.0 ** -(torch.arange(pairs, dtype=heads.dtype) / pairs))
        turned = numbers * torch.polar(torch.ones_like(angles), angles)[:, None, :]
        return torch.cat([turned.real, turned.imag, heads[..., 2 * pairs :]], -1)

    def feed_forward(self, prefix, states):
        wide = self.linear(prefix + "input", states)
        kind = self.shape["feed_forward"]
        if kind == "SwiGlu":
            wide = functional.silu(self.linear(prefix + "gate", states)) * wide
        else:
            wide = functional.gelu(wide, approximate={"Gelu": "none", "GeluTanh": "tanh"}[kind])
        return self.linear(prefix + "output", wide)

    def log_probabilities(self, states):
        """Of all tokens; adaptive ones (Grave et al. 2017) are p(cluster) p(token | cluster)."""
        ends = self.shape["embedding"]["ends"]
        if len(ends) == 1:
            table = self.widen(0, self.tables()[0]) if self.shape["is_tied"] else self.weights["output.weight"]
            return functional.linear(states, table).log_softmax(-1)
        sizes = [end - start for start, end in zip([0, *ends], ends)]
        tables = self.tables() if len(self.tables()) > 1 else self.weights["token.0.weight"].split(sizes)
        shifts = self.weights["output.bias"].split(sizes)
        head = functional.linear(
            self.narrow("output", states),
            torch.cat([tables[0], self.weights["output.cluster.weight"]]),
            torch.cat([shifts[0], self.weights["output.cluster.bias"]]),
        ).log_softmax(-1)
        parts = [head[..., : sizes[0]]]
        for cluster in range(1, len(sizes)):
            narrow = self.narrow(f"token.{cluster if len(self.tables()) > 1 else 0}", states)
            # Transformer-XL's code counts the clusters from the end.
            parts.append(head[..., -cluster, None] + functional.linear(narrow, tables[cluster], shifts[cluster]).log_softmax(-1))
        return torch.cat(parts, -1)

    def narrow(self, name, states):
        return states @ self.weights[name + ".projection.weight"] if self.has_projections else states

    def linear(self, name, states):
        return functional.linear(states, self.weights[name + ".weight"], self.weights[name + ".bias"] if self.shape["has_biases"] else None)

    def norm(self, name, states):
        gain = self.weights[name + ".weight"]
        if self.shape["normalization"] == "RmsNorm":
            return states / (states.pow(2).mean(-1, keepdim=True) + EPSILON).sqrt() * gain
        shift = self.weights[name + ".bias"] if self.shape["normalization"] == "LayerNorm" else None
        return functional.layer_norm(states, gain.shape, gain, shift, EPSILON)


def main(folder: Path) -> None:
    torch.set_num_threads(1)
    data = torch.frombuffer(bytearray((folder / "weights.f64").read_bytes()), dtype=torch.float64)
    end = 0
    for number, network in enumerate(json.loads((folder / "networks.json").read_text())):
        weights = {}
        for name, sizes in network["weights"]:
            weights[name] = data[end : end + math.prod(sizes)].reshape(sizes).clone().requires_grad_()
            end += math.prod(sizes)
        loss, states = Decoder(network["shape"], weights).loss(torch.tensor(network["tokens"]))
        shown = {"loss": loss.reshape(1), **{f"state.{index}": state for index, state in enumerate(states)}}
        asked = {**weights, **{f"state.{index}": state for index, state in enumerate(states)}}
        gradients = torch.autograd.grad(loss, list(asked.values()))
        shown |= {f"d.{name}": gradient for name, gradient in zip(asked, gradients)}
        shown = {name: tensor.float() for name, tensor in shown.items()}
        safetensors.write(folder / f"{number}.safetensors", shown, {}, shard_bytes=1 << 30)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
