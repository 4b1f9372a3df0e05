"""Layer normalisation in the steps of PyTorch's CUDA kernels (aten/src/ATen/native/cuda/layer_norm_kernel.cu), on any device.

Behind a normalisation the gradient of the plain sum of the output is 0 but for rounding, so where a kernel rounds is all that it holds. A
row is read four elements a thread; threads are joined by halves of a warp of 32 lanes, then by halves of the warps; a product that is
added at once is fused. The CPU's kernel rounds rstd + b x + c, as often up as down. This one rounds 256 - x s - 256, and floats below
256 lie twice as dense as those above, so that what is just below survives and what is just above does not.
"""

import torch
from torch import nn

READ, WARP = 4, 32


def fused(a, b, c):
    """a b + c, rounded once."""
    return (a.double() * b.double() + c.double()).float()


def joined(values, combine):
    """What the threads of each row hold, [rows, threads], combined into [rows, 1] each."""
    values = [v.unflatten(1, (-1, WARP)) for v in values]
    for axis in (2, 1):
        while (size := values[0].shape[axis]) > 1:
            values = combine(*zip(*(v.split(size // 2, axis) for v in values)))
    return [v.squeeze(2) for v in values]


def moments(rows):
    """Mean and sum of squared distances from it, by Welford's recurrence, [rows, 1] each."""
    mean = squares = torch.zeros(rows.shape[:2])
    for count in range(READ):
        value = rows[..., count]
        distance = value - mean
        mean = fused(distance, torch.tensor(1 / (count + 1)), mean)
        squares = fused(distance, value - mean, squares)

    def combine(left, right):
        (mean, squares, count), (other_mean, other_squares, other_count) = left, right
        distance = mean - other_mean
        share = torch.full_like(distance, 0.5)  # both halves hold as many
        return (
            fused(share, other_mean, share * mean),
            fused(distance * distance * other_count, share, squares + other_squares),
            count + other_count,
        )

    return joined([mean, squares, torch.full_like(mean, READ)], combine)[:2]


class CudaNormalisation(torch.autograd.Function):
    @staticmethod
    def forward(context, states, epsilon):
        rows = states.flatten(0, -2)
        mean, squares = moments(rows.unflatten(1, (-1, READ)))
        rstd = torch.rsqrt(squares / rows.shape[1] + epsilon)
        context.save_for_backward(rows, mean, rstd)
        return (rstd * (rows - mean)).view_as(states)

    @staticmethod
    def backward(context, gradient):
        rows, mean, rstd = context.saved_tensors
        width = rows.shape[1]
        gradients = gradient.reshape(rows.shape)
        centred = rows - mean
        products, parts = (x.unflatten(1, (-1, READ)) for x in (gradients * centred, gradients))
        plain = weighted = torch.zeros(parts.shape[:2])
        for i in range(READ):
            plain = plain + parts[..., i]
            weighted = fused(products[..., i], rstd, weighted)
        (plain,), (weighted,) = (joined([x], lambda a, b: [a[0] + b[0]]) for x in (plain, weighted))
        result = fused(-(centred * rstd), weighted, width * gradients) - plain
        return (result * (rstd / width)).view_as(gradient), None


class CudaNorm(nn.Module):
    """In place of nn.LayerNorm with a scale of 1 and a shift of 0. The width is a multiple of 128."""

    def __init__(self, width, epsilon):
        super().__init__()
        self.epsilon = epsilon

    def forward(self, states):
        return CudaNormalisation.apply(states, self.epsilon)
