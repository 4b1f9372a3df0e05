"""What lies between the published FlexiBERT scores and ours: the figures of docs/proxies.md that no ./lpzero command makes.

    python3 bench/published/published_scores.py counts ../shared/benchmarks/flexibert --out activations.csv
    python3 bench/published/published_scores.py networks ../shared/benchmarks/flexibert --norm cuda --limit 40

The folder holds BERT_results_activation.csv and BERT_benchmark.json of Serianni and Kalita (ACL 2023, repository
aaronserianni/training-free-nas). `counts` is arithmetic on the two; `networks`, which needs PyTorch, computes scores by the authors'
definitions on networks with random weights of our own and prints Spearman's rho with theirs.
"""

import argparse
import csv
import itertools
import json
from pathlib import Path


def read(folder, limit=None):
    """The published rows, each a dictionary of numbers, with the encoder layers of its network."""
    entries = json.loads((folder / "BERT_benchmark.json").read_text())
    layers = {entry["id"]: entry["hparams"]["model_hparam_overrides"]["nas_config"]["encoder_layers"] for entry in entries}
    with open(folder / "BERT_results_activation.csv", newline="") as file:
        rows = [{name: float(value) for name, value in row.items()} for row in csv.DictReader(file)]
    return [(row, layers[row["ID"]]) for row in rows[:limit]]


def ranks(values):
    """Ranks from 0 on, the mean of theirs for those that are equal."""
    order = sorted(range(len(values)), key=values.__getitem__)
    result, place = [0.0] * len(values), 0
    for _, tied in itertools.groupby(order, key=values.__getitem__):
        tied = list(tied)
        for index in tied:
            result[index] = place + (len(tied) - 1) / 2
        place += len(tied)
    return result


def rho(left, right):
    """Spearman's rank correlation."""
    left, right = ranks(left), ranks(right)
    middle = (len(left) - 1) / 2

    def product(a, b):
        return sum((x - middle) * (y - middle) for x, y in zip(a, b))

    return product(left, right) / (product(left, left) * product(right, right)) ** 0.5


def column(rows, name):
    return [row[name] for row, _ in rows]


def activations(layers):
    return sum(layer["num_feed_forward"] for layer in layers)


def structure(layers):
    """What the published code builds of a network: it takes 1024 for every feed_forward_dimension."""
    return tuple((x["operation_type"], x["operation_parameter"], x["num_operation_heads"], x["num_feed_forward"]) for x in layers)


def counts(arguments):
    rows = read(arguments.folder)
    glue = column(rows, "GLUE Score")

    layers_before, rows_off = 0, 0
    for row, layers in rows:
        layers_before += len(layers)
        added = row["Activation Distance"] / row["Activation Distance Normalized"]
        rows_off += abs(added - activations(layers) * (layers_before + 26)) > 0.5
    once = [row["Activation Distance Normalized"] * activations(layers) for row, layers in rows]
    print(f"activation tensors added up = activations x (layers of all rows so far + 26), but for {rows_off} of {len(rows)} rows")
    print(f"rho with GLUE: as published {rho(column(rows, 'Activation Distance'), glue):.3f}, each activation once {rho(once, glue):.3f}")

    alike = {}
    for row, layers in rows:
        alike.setdefault(structure(layers), []).append(row)
    pairs = [pair for group in alike.values() for pair in itertools.permutations(group, 2)]
    print(f"rho of a row with another of the same network, {len(pairs) // 2} pairs:")
    for name in list(rows[0][0])[2:]:
        print(f"  {name}: {rho([a[name] for a, _ in pairs], [b[name] for _, b in pairs]):.3f}")

    if arguments.out:
        with open(arguments.out, "w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["id", "activation-distance"])
            writer.writerows([int(row["ID"]), distance] for (row, _), distance in zip(rows, once))


def networks(arguments):
    import torch
    from cuda_norm import CudaNorm
    from flexibert import VOCABULARY, FlexiBert
    from published_definitions import scores

    rows = read(arguments.folder, arguments.limit)
    sequences, length = map(int, arguments.batch.split("x"))
    norm = CudaNorm if arguments.norm == "cuda" else torch.nn.LayerNorm

    def scored(seed):
        tokens = torch.randint(VOCABULARY, (sequences, length), generator=torch.Generator().manual_seed(seed))
        for row, layers in rows:
            torch.manual_seed(seed + int(row["ID"]))
            yield scores(FlexiBert(layers, norm), tokens)

    runs = [list(scored(seed)) for seed in arguments.seeds]
    print(f"rho on {len(rows)} rows, {len({structure(layers) for _, layers in rows})} networks:")
    for name in runs[0][0]:
        ours = [[score[name] for score in run] for run in runs]
        theirs = " ".join(f"{rho(run, column(rows, name)):.3f}" for run in ours)
        itself = " ".join(f"{rho(a, b):.3f}" for a, b in itertools.combinations(ours, 2))
        print(f"  {name}: ours with theirs {theirs}" + (f", ours with ours {itself}" if itself else ""))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("counts", help="arithmetic on the published figures")
    command.set_defaults(run=counts)
    command.add_argument("folder", type=Path)
    command.add_argument("--out", type=Path, help="a CSV of the activation distance with each activation counted once")
    command = commands.add_parser("networks", help="scores of networks, by the authors' definitions")
    command.set_defaults(run=networks)
    command.add_argument("folder", type=Path)
    command.add_argument("--norm", choices=["cpu", "cuda"], default="cpu", help="whose layer normalisation, on a CPU either way")
    command.add_argument("--limit", type=int, help="the first so many rows; all 300 where left out")
    command.add_argument("--batch", default="4x512", help="sequences x tokens; as long as the published ones are 512")
    command.add_argument("--seeds", type=int, nargs="+", default=[42], help="of tokens and weights; two are also held against each other")
    arguments = parser.parse_args()
    arguments.run(arguments)


if __name__ == "__main__":
    main()
