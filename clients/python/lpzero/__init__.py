"""What an untrained PyTorch network shows on one mini-batch, as the inputs of LPZero's zero-cost proxies."""

from .collecting import collect
from .inputs import INPUTS, Inputs
from .layers import CollectError, LayerMapping, find_layers
from .truth import write_truth

__all__ = ["INPUTS", "CollectError", "Inputs", "LayerMapping", "collect", "find_layers", "write_truth"]
