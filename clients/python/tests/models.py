"""Small models of the kinds that people have."""

import math

import torch
from torch import nn
from torch.nn import functional


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value = (nn.Linear(width, width) for _ in range(3))

    def forward(self, states):
        query, key, value = (self.split(part(states)) for part in (self.query, self.key, self.value))
        probabilities = functional.softmax(query @ key.transpose(-1, -2) / math.sqrt(query.shape[-1]), dim=-1)
        return (probabilities @ value).transpose(1, 2).flatten(2)

    def split(self, states):
        return states.unflatten(-1, (self.heads, -1)).transpose(1, 2)


class EncoderLayer(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.attention = Attention(width, heads)
        self.norm = nn.LayerNorm(width)
        self.feed_forward = nn.ModuleList([nn.Linear(width, 2 * width), nn.Linear(2 * width, width)])
        self.act = nn.GELU()
        self.dropout = nn.Dropout(0.5)

    def forward(self, hidden_states):
        mixed = self.norm(hidden_states + self.attention(hidden_states))
        return mixed + self.dropout(self.feed_forward[1](self.act(self.feed_forward[0](mixed))))


class Encoder(nn.Module):
    """As BERT: an embedding, and a list of layers that is not the only list."""

    def __init__(self, layers=3, width=8, heads=2):
        super().__init__()
        self.embedding = nn.Embedding(20, width)
        self.heads_of_tasks = nn.ModuleList([nn.Linear(width, 2)])
        self.layer = nn.ModuleList([EncoderLayer(width, heads) for _ in range(layers)])

    def forward(self, ids):
        states = self.embedding(ids)
        for layer in self.layer:
            states = layer(hidden_states=states)
        return states


class Conv1D(nn.Module):
    """A linear map as transformers writes GPT-2's: the weight is [in, out]."""

    def __init__(self, outputs, inputs):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(inputs, outputs) * 0.02)
        self.bias = nn.Parameter(torch.zeros(outputs))

    def forward(self, states):
        return states @ self.weight + self.bias


class DecoderLayer(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.c_attn, self.c_fc, self.c_proj = Conv1D(3 * width, width), Conv1D(4 * width, width), Conv1D(width, 4 * width)

    def forward(self, states, scale):
        query, key, value = (p.unflatten(-1, (self.heads, -1)).transpose(1, 2) for p in self.c_attn(states).chunk(3, -1))
        scores = query @ key.transpose(-1, -2) * scale
        scores = scores.masked_fill(torch.ones(scores.shape[-2:], dtype=torch.bool).triu(1), -math.inf)
        states = states + (scores.softmax(-1) @ value).transpose(1, 2).flatten(2)
        return states + self.c_proj(functional.gelu(self.c_fc(states)))


class Output:
    def __init__(self, loss):
        self.loss = loss


class Decoder(nn.Module):
    """As GPT-2: fused maps, functions for modules, and a loss in the output."""

    def __init__(self, width=8, heads=2):
        super().__init__()
        self.wte = nn.Embedding(20, width)
        self.h = nn.ModuleList([DecoderLayer(width, heads) for _ in range(2)])

    def forward(self, input_ids, labels):
        states = self.wte(input_ids)
        for layer in self.h:
            states = layer(states, 0.5)
        logits = states @ self.wte.weight.t()
        return Output(functional.cross_entropy(logits[:, :-1].flatten(0, 1), labels[:, 1:].flatten()))
