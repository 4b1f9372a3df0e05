"""The measured quality of the architectures in a folder."""

import csv
import math
import os
from collections.abc import Mapping
from pathlib import Path


def write_truth(folder: str | os.PathLike[str], truth: Mapping[str, float]) -> Path:
    """Writes ``truth.csv`` (columns id and truth) into the folder and returns its path.

    Ids are the names of the folder's files without ``.safetensors``. Higher is better: negate a loss or a perplexity. Raises
    ``ValueError`` where a truth is not finite, and ``FileNotFoundError`` where the folder has no file for an id.
    """
    folder = Path(folder)
    for name, value in truth.items():
        if not math.isfinite(value):
            raise ValueError(f"the truth of {name!r} is {value}: give a finite number or leave the architecture out")
        if not any((folder / (name + suffix)).is_file() for suffix in (".safetensors", ".safetensors.index.json")):
            raise FileNotFoundError(f"{folder} has no {name}.safetensors: collect the inputs of {name!r} first")
    path = folder / "truth.csv"
    partial = folder / "truth.csv.partial"
    with open(partial, "w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["id", "truth"])
        rows.writerows([name, repr(float(value))] for name, value in truth.items())
    os.replace(partial, path)
    return path
