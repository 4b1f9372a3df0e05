import csv
import json
import struct
import tempfile
import unittest
from pathlib import Path

import lpzero
import torch

from tests.models import Encoder
from tests.test_collect import IDS, signs


def read(path):
    """A plain reader: header and data."""
    content = Path(path).read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    return json.loads(content[8 : 8 + length]), content[8 + length :]


class FilesTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        torch.manual_seed(0)
        self.inputs = lpzero.collect(Encoder(), IDS, signs)

    def test_a_file_holds_every_tensor_one_after_the_other(self):
        path = self.inputs.save(self.folder / "a.safetensors")

        header, data = read(path)
        metadata = header.pop("__metadata__")
        self.assertEqual(("lpzero-inputs", "1", "Encoder"), tuple(metadata[k] for k in ("format", "version", "model")))
        self.assertEqual(str(self.inputs.parameters), metadata["parameters"])
        self.assertEqual("MMMFF,MMMFF,MMMFF", metadata["roles"])
        self.assertEqual(3 * (4 + 2 * 5), len(header))
        end = 0
        for name, entry in header.items():
            letter, layer, number = name.split(".")
            tensor = self.inputs[letter][int(layer)][int(number)]
            self.assertEqual(("F32", list(tensor.shape)), (entry["dtype"], entry["shape"]))
            begin, end_of_this = entry["data_offsets"]
            self.assertEqual(end, begin)
            end = end_of_this
            self.assertEqual(tensor.flatten().tolist(), list(struct.unpack(f"<{tensor.numel()}f", data[begin:end])))
        self.assertEqual(len(data), end)
        self.assertEqual(["a.safetensors"], [file.name for file in self.folder.iterdir()])

    def test_what_is_large_becomes_shards_and_halves_are_half_as_large(self):
        whole = self.inputs.save(self.folder / "a.safetensors")
        half = self.inputs.save(self.folder / "b.safetensors", dtype=torch.bfloat16)
        self.assertEqual(len(read(whole)[1]), 2 * len(read(half)[1]))

        index = self.inputs.save(self.folder / "a.safetensors", shard_bytes=2000)
        self.assertEqual("a.safetensors.index.json", index.name)
        self.assertFalse(whole.exists())
        places = json.loads(index.read_text())["weight_map"]
        self.assertGreater(len(set(places.values())), 3)
        for name, file in places.items():
            self.assertIn(name, read(self.folder / file)[0])

    def test_what_a_file_cannot_hold_is_refused_and_not_written(self):
        self.inputs["G"][1][0][0, 0] = 1e5
        for dtype, message in (
            (torch.float16, "G.1.0 holds values too large for torch.float16; save with torch.bfloat16"),
            (torch.float64, "files hold no torch.float64; save with torch.float32"),
            (torch.int8, "files hold no torch.int8; save with torch.float32"),
        ):
            with self.subTest(dtype), self.assertRaisesRegex(ValueError, message):
                self.inputs.save(self.folder / "a.safetensors", dtype=dtype)
            self.assertEqual([], list(self.folder.iterdir()))
        self.inputs.save(self.folder / "a.safetensors", dtype=torch.bfloat16)

    def test_a_folder_is_made_where_there_is_none(self):
        self.assertTrue(self.inputs.save(self.folder / "my" / "space" / "a.safetensors").is_file())

    def test_truths_are_written_for_files_that_are_there(self):
        self.inputs.save(self.folder / "a.safetensors")
        path = lpzero.write_truth(self.folder, {"a": 0.5})
        with open(path, newline="") as file:
            self.assertEqual([{"id": "a", "truth": "0.5"}], list(csv.DictReader(file)))
        with self.assertRaisesRegex(FileNotFoundError, "no b.safetensors"):
            lpzero.write_truth(self.folder, {"b": 0.5})
        with self.assertRaisesRegex(ValueError, "is nan"):
            lpzero.write_truth(self.folder, {"a": float("nan")})

    def test_a_name_must_end_as_such_files_do(self):
        with self.assertRaisesRegex(ValueError, "ends in .safetensors"):
            self.inputs.save(self.folder / "a")
