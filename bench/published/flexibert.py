"""FlexiBERT as the code of Serianni and Kalita builds it (ACL 2023, repository aaronserianni/training-free-nas), without dropout."""

import math

import torch
from torch import nn
from torch.nn import functional

VOCABULARY, POSITIONS, EMBEDDING, HIDDEN, FEED_FORWARD, EPSILON = 30522, 512, 128, 256, 1024, 1e-12


def linear(inputs, outputs, bias=True):
    """A map with weights of normal 0.02 and biases of 0."""
    result = nn.Linear(inputs, outputs, bias)
    nn.init.normal_(result.weight, std=0.02)
    if bias:
        nn.init.zeros_(result.bias)
    return result


def table(rows):
    return nn.Parameter(torch.randn(rows, EMBEDDING) * 0.02)


def split(states, heads):
    """[B, T, width] to [B, heads, T, width / heads]."""
    return states.unflatten(-1, (heads, -1)).transpose(1, 2)


def join(states):
    return states.transpose(1, 2).flatten(2)


class Attention(nn.Module):
    """Scaled dot-product attention, SA/SDP, or SA/WMA with a further matrix on the query."""

    def __init__(self, heads, width=HIDDEN, is_weighted=False):
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value = (linear(HIDDEN, width) for _ in range(3))
        self.weight = linear(width, width, bias=False) if is_weighted else nn.Identity()

    def forward(self, states, seen):
        return self.attend(self.weight(self.query(states)), states, seen)

    def attend(self, query, states, seen):
        query, key, value = (split(x, self.heads) for x in (query, self.key(states), self.value(states)))
        probabilities = functional.softmax(query @ key.transpose(-1, -2) / math.sqrt(query.shape[-1]), dim=-1)
        seen(probabilities)
        return join(probabilities @ value)


class SpanConvolution(Attention):
    """DSC: half of the heads attend, the others are convolved over time with kernels that the input makes (ConvBERT, 2020)."""

    def __init__(self, heads, kernel):
        width = HIDDEN // 2
        super().__init__(heads // 2, width)
        self.kernel = kernel
        self.depthwise = nn.Conv1d(HIDDEN, HIDDEN, kernel, padding=kernel // 2, groups=HIDDEN, bias=False)
        nn.init.normal_(self.depthwise.weight, std=0.02)
        self.pointwise = nn.Conv1d(HIDDEN, width, 1)
        nn.init.normal_(self.pointwise.weight, std=0.02)
        nn.init.zeros_(self.pointwise.bias)
        self.kernels = linear(width, self.heads * kernel)
        self.output = linear(HIDDEN, width)

    def forward(self, states, seen):
        query = self.query(states)
        span = self.pointwise(self.depthwise(states.transpose(1, 2))).transpose(1, 2) * query
        kernels = functional.softmax(self.kernels(span).unflatten(-1, (self.heads, 1, self.kernel)), dim=-1)
        padded = functional.pad(self.output(states), (0, 0, self.kernel // 2, self.kernel // 2))
        values = padded.unfold(1, self.kernel, 1).unflatten(2, (self.heads, -1))
        return torch.cat([self.attend(query, states, seen), (values * kernels).sum(-1).flatten(2)], dim=2)


class Transform(nn.Module):
    """Over time and head size, the real part of the Fourier transform, LT/DFT, or the cosine transform of type II, LT/DCT."""

    def __init__(self, heads, is_cosine):
        super().__init__()
        self.heads = heads
        self.is_cosine = is_cosine
        self.input = linear(HIDDEN, HIDDEN)

    def forward(self, states, seen):
        states = split(self.input(states), self.heads)
        if self.is_cosine:
            transformed = cosines(states.shape[-2]) @ states @ cosines(states.shape[-1]).T
        else:
            transformed = torch.fft.fft2(states).real
        seen(functional.softmax(transformed, dim=-1))
        return join(transformed)


def cosines(size):
    """The matrix of the cosine transform, [frequency, position], with its factor of 2."""
    indices = torch.arange(size, dtype=torch.float64)
    return (2 * torch.cos(math.pi * indices[:, None] * (2 * indices + 1) / (2 * size))).float()


def mixing(layer):
    kind, heads = f"{layer['operation_type']}/{layer['operation_parameter']}", layer["num_operation_heads"]
    makers = {
        "SA/SDP": lambda: Attention(heads),
        "SA/WMA": lambda: Attention(heads, is_weighted=True),
        "LT/DFT": lambda: Transform(heads, is_cosine=False),
        "LT/DCT": lambda: Transform(heads, is_cosine=True),
        "DSC/5": lambda: SpanConvolution(heads, 5),
        "DSC/9": lambda: SpanConvolution(heads, 9),
    }
    return makers[kind]()


class Layer(nn.Module):
    """One entry of a network's encoder_layers. Projection, residual and normalisation follow the mixing but for transforms."""

    def __init__(self, layer, norm):
        super().__init__()
        self.mixing = mixing(layer)
        self.projection = None if isinstance(self.mixing, Transform) else linear(HIDDEN, HIDDEN)
        self.projection_norm = norm(HIDDEN, EPSILON)
        widths = [HIDDEN] + [FEED_FORWARD] * layer["num_feed_forward"]
        self.feed_forward = nn.ModuleList(linear(inputs, outputs) for inputs, outputs in zip(widths, widths[1:]))
        self.output = linear(FEED_FORWARD, HIDDEN)
        self.output_norm = norm(HIDDEN, EPSILON)

    def forward(self, states, seen):
        mixed = self.mixing(states, seen)
        if self.projection is not None:
            mixed = self.projection_norm(self.projection(mixed) + states)
        hidden = mixed
        for linear_map in self.feed_forward:
            hidden = functional.gelu(linear_map(hidden))
        return self.output_norm(self.output(hidden) + mixed)


class FlexiBert(nn.Module):
    """The embedding and the encoder. `norm` makes a layer normalisation of a width and an epsilon."""

    def __init__(self, layers, norm=nn.LayerNorm):
        super().__init__()
        self.tokens, self.positions, self.token_type = table(VOCABULARY), table(POSITIONS), table(1)
        self.norm = norm(EMBEDDING, EPSILON)
        self.projection = linear(EMBEDDING, HIDDEN)
        self.layers = nn.ModuleList(Layer(layer, norm) for layer in layers)

    def forward(self, tokens, seen):
        """Hidden states, [B, T, 256]. `seen` is called with each layer's softmax, [B, heads, T, T or head size]."""
        embedded = self.tokens[tokens] + self.token_type + self.positions[: tokens.shape[1]]
        states = self.projection(self.norm(embedded))
        for layer in self.layers:
            states = layer(states, seen)
        return states
