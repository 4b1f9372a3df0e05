"""Scores by the definitions of Serianni and Kalita's code, under the names of their columns."""

import torch

ROUNDING = 1e-5


def scores(network, tokens):
    """The scores of one network after a pass of its own, with the sum of its output as the loss."""
    confidences = []
    network(tokens, lambda softmax: confidences.append(softmax.detach().amax(1).mean().item())).sum().backward()
    saliencies, importances = [], []
    for layer in network.layers:
        saliencies += map(saliency, [*layer.feed_forward, layer.output])
        maps = [x for x in layer.mixing.modules() if isinstance(x, torch.nn.Linear) and x.out_features >= 128]
        importances += map(saliency, maps)
    jacobian = network.positions.grad.T.double()
    return {
        **sum_and_mean("Head Softmax Confidence", confidences),
        **sum_and_mean("Synaptic Saliency", saliencies),
        **sum_and_mean("Head Importance", importances),
        "Jacobian Score": covariance(jacobian),
        "Jacobian Score Normalized": cosine(jacobian),
    }


def sum_and_mean(name, values):
    return {name: sum(values), f"{name} Normalized": sum(values) / len(values)}


def saliency(linear):
    return (linear.weight * linear.weight.grad).abs().sum().item()


def covariance(jacobian):
    """Of the correlations of the embedding's units over positions, [units, positions]: minus the sum of log v + 1 / v."""
    values = torch.linalg.eigvalsh(torch.corrcoef(jacobian)).clamp(min=0) + ROUNDING
    return -(values.log() + 1 / values).sum().item()


def cosine(jacobian):
    """1 minus half the mean of the twentieth root of how alike two units are, absolute."""
    directions = jacobian / jacobian.norm(dim=1, keepdim=True)
    alike = (directions @ directions.T).abs().fill_diagonal_(0)
    units = len(alike)
    return 1 - (alike ** (1 / 20)).sum().item() / 2 / (units * units - units)
