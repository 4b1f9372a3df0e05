import math
import tempfile
import unittest
from pathlib import Path

import lpzero
import torch
from lpzero.recording import probabilities
from torch import nn
from torch.nn import functional

from tests.models import Attention, Decoder, Encoder, EncoderLayer

IDS = torch.tensor([[1, 2, 3, 4, 5], [6, 7, 8, 9, 10]])


def signs(output):
    generator = torch.Generator().manual_seed(5)
    return (output * (torch.randint(0, 2, output.shape, generator=generator) * 2 - 1)).sum()


class CollectTest(unittest.TestCase):
    def setUp(self):
        torch.manual_seed(0)

    def assert_equal(self, expected, actual):
        self.assertEqual(expected.shape, actual.shape)
        self.assertLess((expected - actual).abs().max().item(), 1e-6)

    def test_the_inputs_of_an_encoder_are_what_its_parts_compute(self):
        model = Encoder().eval()
        inputs = lpzero.collect(model, IDS, signs)

        self.assertEqual(list("AJGHWS"), list(inputs))
        states = model.embedding(IDS)
        seen = []
        for layer in model.layer:
            states.retain_grad()
            seen.append(states)
            states = layer(states)
        signs(states).backward()
        for index, (layer, hidden) in enumerate(zip(model.layer, seen)):
            query = layer.attention.query(hidden)
            split = layer.attention.split
            scores = split(query) @ split(layer.attention.key(hidden)).transpose(-1, -2) / 2
            mixed = layer.norm(hidden + layer.attention(hidden))
            self.assert_equal(query, inputs["H"][index][0])
            self.assert_equal(scores.softmax(-1), inputs["S"][index][0])
            self.assert_equal(functional.gelu(layer.feed_forward[0](mixed)), inputs["A"][index][0])
            self.assert_equal(hidden.grad, inputs["J"][index][0])
            weights = [m.weight for m in layer.modules() if isinstance(m, nn.Linear)]
            self.assertEqual(5, len(weights))
            for number, weight in enumerate(weights):
                self.assert_equal(weight, inputs["W"][index][number])
                self.assert_equal(weight.grad, inputs["G"][index][number])
            self.assertEqual([1, 1, 1], [len(inputs[letter][index]) for letter in "AHS"])
        self.assertEqual(sum(p.numel() for p in model.parameters()), inputs.parameters)
        self.assertEqual(["MMMFF"] * 3, inputs.roles)

    def test_a_decoder_with_fused_maps_and_its_own_loss(self):
        model = Decoder()
        inputs = lpzero.collect(model, {"input_ids": IDS, "labels": IDS})

        layer = model.h[0]
        hidden = model.wte(IDS)
        self.assert_equal(layer.c_attn(hidden)[..., :8], inputs["H"][0][0])
        self.assert_equal(layer.c_attn.weight.t(), inputs["W"][0][0])
        self.assertEqual([(24, 8), (32, 8), (8, 32)], [tuple(g.shape) for g in inputs["G"][0]])
        self.assertEqual(0, inputs["S"][1][0].triu(1).abs().max())
        self.assertEqual((2, 5, 32), tuple(inputs["A"][1][0].shape))

    def test_torch_s_own_layers(self):
        for batch_first in (True, False):
            with self.subTest(batch_first=batch_first):
                layer = nn.TransformerEncoderLayer(8, 2, 16, batch_first=batch_first)
                inputs = lpzero.collect(nn.TransformerEncoder(layer, 2), torch.randn(2, 5, 8), signs)
                batch, time = (2, 5) if batch_first else (5, 2)
                self.assertEqual((batch, 2, time, time), tuple(inputs["S"][1][0].shape))
                self.assertLess((inputs["S"][1][0].sum(-1) - 1).abs().max(), 1e-5)
                self.assertEqual((batch, time, 8), tuple(inputs["H"][1][0].shape))
                self.assertEqual(16, inputs["A"][1][0].shape[-1])
                self.assertEqual([(24, 8), (8, 8), (16, 8), (8, 16)], [tuple(w.shape) for w in inputs["W"][1]])
                self.assertEqual(["MMFF"] * 2, inputs.roles)

    def test_torch_s_own_decoder_layers_have_roles(self):
        layers = nn.TransformerDecoder(nn.TransformerDecoderLayer(8, 2, 16, batch_first=True), 2)
        self.assertEqual(["MMMMFF"] * 2, lpzero.collect(layers, (torch.randn(2, 5, 8), torch.randn(2, 4, 8)), signs).roles)

    def test_what_a_weight_is_part_of_is_found_or_named_and_never_guessed(self):
        batch = {"input_ids": IDS, "labels": IDS}
        self.assertIsNone(lpzero.collect(Decoder(), batch).roles)
        for mapping, roles in (
            ({"feed_forward": ["c_proj"]}, "MFF"),
            ({"feed_forward": "c_fc"}, "MFO"),
            ({"attention": "c_*", "feed_forward": ["c_fc.weight"]}, "MMM"),
        ):
            with self.subTest(mapping):
                self.assertEqual([roles] * 2, lpzero.collect(Decoder(), batch, mapping=mapping).roles)

    @unittest.skipUnless(hasattr(functional, "scaled_dot_product_attention"), "torch 2 has this function")
    def test_attention_probabilities_that_a_fused_function_hides(self):
        class Layer(nn.Module):
            def __init__(self):
                super().__init__()
                self.q_proj, self.k_proj, self.v_proj = (nn.Linear(8, 8) for _ in range(3))
                self.act_fn = nn.SiLU()

            def forward(self, x):
                q, k, v = (p(x).unflatten(-1, (2, 4)).transpose(1, 2) for p in (self.q_proj, self.k_proj, self.v_proj))
                mixed = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
                return x + self.act_fn(mixed.transpose(1, 2).flatten(2))

        layer = Layer()
        x = torch.randn(2, 5, 8)
        inputs = lpzero.collect(layer, x, signs, mapping={"layers": [layer]})
        v = layer.v_proj(x).unflatten(-1, (2, 4)).transpose(1, 2)
        self.assert_equal(functional.silu((inputs["S"][0][0] @ v).transpose(1, 2).flatten(2)), inputs["A"][0][0])

    def test_the_probabilities_of_a_fused_function_are_those_of_its_definition(self):
        q, k = torch.randn(2, 4, 5, 3), torch.randn(2, 2, 5, 3)
        mask = torch.rand(5, 5) < 0.7
        mask.fill_diagonal_(True)
        every = k.repeat_interleave(2, 1)
        scores = q @ every.transpose(-1, -2)
        causal = scores.masked_fill(torch.ones(5, 5, dtype=torch.bool).triu(1), -math.inf)
        for expected, given in (
            (causal / math.sqrt(3), probabilities(q, every, None, is_causal=True)),
            (scores.masked_fill(~mask, -math.inf) * 2, probabilities(q, every, None, mask, scale=2)),
            (scores / math.sqrt(3) + mask, probabilities(q, k, None, mask.float(), enable_gqa=True)),
        ):
            self.assert_equal(expected.softmax(-1), given)
        mask[1] = False
        given = probabilities(q, every, None, mask)
        self.assertEqual(0, given[..., 1, :].abs().max())
        self.assert_equal((scores / math.sqrt(3)).masked_fill(~mask, -math.inf).softmax(-1)[..., 2:, :], given[..., 2:, :])

    def test_lists_within_layers_are_no_layers(self):
        def mixture(layers, experts):
            model = Encoder(layers)
            del model.heads_of_tasks
            for layer in model.layer:
                layer.feed_forward = nn.ModuleList([nn.Sequential(nn.Linear(8, 8), nn.GELU()) for _ in range(experts)])
            return model

        for layers, experts in ((24, 60), (2, 3), (1, 2), (2, 2)):
            with self.subTest(layers=layers, experts=experts):
                model = mixture(layers, experts)
                self.assertEqual(list(model.layer), lpzero.find_layers(model))
        nested = nn.ModuleDict({"encoder": mixture(3, 60), "decoder": mixture(3, 1)})
        with self.assertRaisesRegex(lpzero.CollectError, "^'encoder.layer', 'decoder.layer' are equally long"):
            lpzero.find_layers(nested)

    def test_weights_of_several_layers_are_refused(self):
        class Attended(nn.Module):
            def __init__(self, attention, **arguments):
                super().__init__()
                self.attention, self.arguments = attention, arguments
                self.output, self.act = nn.Linear(8, 8), nn.GELU()

            def forward(self, x):
                mixed = self.attention(*[x] * self.arguments.get("inputs", 1))
                return self.act(self.output(mixed[0] if isinstance(mixed, tuple) else mixed))

        attention, of_torch, output = Attention(8, 2), nn.MultiheadAttention(8, 2), Attended(Attention(8, 2))
        output.output.weight = attention.key.weight
        for layers, message in (
            ([Attended(attention) for _ in range(3)], "layer 1 shares the weight 'attention.query.weight' with layer 0"),
            ([Attended(of_torch, inputs=3) for _ in range(3)], "layer 1 shares the weight 'attention.in_proj_weight' with layer 0"),
            ([Attended(attention), Attended(Attention(8, 2)), output], "layer 2 shares the weight 'output.weight' with layer 0"),
        ):
            model = nn.Sequential(*layers)
            with self.subTest(message), self.assertRaisesRegex(lpzero.CollectError, message):
                lpzero.collect(model, torch.randn(2, 5, 8), signs, mapping={"layers": layers})
            self.assertFalse(any("forward" in module.__dict__ for module in model.modules()))

    def test_what_layers_share_without_weights_is_of_the_layer_that_runs(self):
        own, shared = Encoder(), Encoder()
        shared.load_state_dict(own.state_dict())
        act, dropout = nn.GELU(), nn.Dropout(0.5)
        for layer in shared.layer:
            layer.act, layer.dropout = act, dropout
        mapping = {"softmax": [("drop*", lambda o: o), "dropout", "dro*"]}
        expected, actual = (lpzero.collect(model, IDS, signs, mapping=mapping) for model in (own, shared))
        for letter in "AHS":
            for one, other in zip(expected[letter], actual[letter]):
                self.assertEqual(2 if letter == "S" else 1, len(other))
                self.assertTrue(all(torch.equal(a, b) for a, b in zip(one, other)))

    def test_a_weight_that_a_layer_has_twice_is_shown_once(self):
        model = Encoder()
        for layer in model.layer:
            layer.attention.key.weight = layer.attention.query.weight
        inputs = lpzero.collect(model, IDS, signs)
        self.assertEqual(["MMFF"] * 3, inputs.roles)
        self.assertEqual([4, 4], [len(inputs[letter][1]) for letter in "WG"])

    def test_a_mapping_names_what_is_not_found(self):
        class Layer(nn.Module):
            def __init__(self):
                super().__init__()
                self.transform, self.up, self.down = nn.Linear(8, 8), nn.Linear(8, 16), nn.Linear(16, 8)

            def forward(self, x):
                return self.down(self.up(self.transform(x)).clamp(0, 1))

        model = nn.Sequential(Layer(), Layer())
        inputs = lpzero.collect(model, torch.randn(2, 5, 8), signs, mapping={
            "layers": list(model), "query": "transform", "activation": [("up", lambda o: o.clamp(0, 1))],
            "softmax": ("transform", lambda o: o.softmax(-1)),
        })
        self.assertLess((inputs["S"][0][0].sum(-1) - 1).abs().max(), 1e-5)
        self.assertLessEqual(inputs["A"][0][0].max(), 1)
        self.assert_equal(inputs["H"][0][0].softmax(-1), inputs["S"][0][0])

    def test_a_name_in_a_mapping_that_is_of_nothing_is_refused_in_one_line(self):
        for mapping, message in (
            ({"query": "nosuch"}, "the mapping's query 'nosuch' names no module of any layer; layer 0 (EncoderLayer) has 'attention', "),
            ({"query": ["attention.query", "attention.q"]}, "the mapping's query 'attention.q' names no module"),
            ({"activation": ("acts", lambda output: output)}, "the mapping's activation 'acts' names no module"),
            ({"attention": ["attention.query", "kx"]}, "the mapping's attention 'kx' names no weight of any layer; layer 0 (EncoderLayer) "
             "has 'attention.query.weight', "),
            ({"feed_forward": "norm"}, "the mapping's feed_forward 'norm' names no weight"),
            ({"query": 3}, "the mapping's query has 3; give NAME or (NAME, FUNCTION), or a list of such"),
            ({"softmax": [("dropout", "attention")]}, "the mapping's softmax has ('dropout', 'attention'); give NAME or"),
            ({"attention": [3]}, "the mapping's attention has 3; give NAME, or a list of such"),
            ({"layers": 3}, "the mapping's layers are 3; give the modules"),
        ):
            with self.subTest(mapping), self.assertRaises(lpzero.CollectError) as caught:
                lpzero.collect(Encoder(), IDS, signs, mapping=mapping)
            self.assertIn(message, str(caught.exception))
            self.assertNotIn("\n", str(caught.exception))

    def test_a_name_in_a_mapping_may_be_of_some_layers_alone(self):
        model = Encoder()
        model.layer[1].feed_forward[0] = nn.Sequential(nn.Linear(8, 16))
        mapping = {"attention": "attention", "feed_forward": ["feed_forward.0.0", "feed_forward.*"]}
        self.assertEqual(["MMMFF"] * 3, lpzero.collect(model, IDS, signs, mapping=mapping).roles)
        with self.assertRaisesRegex(lpzero.CollectError, "^layer 0 .* shows no A; what the mapping's activation names does not"):
            lpzero.collect(model, IDS, signs, mapping={"activation": "feed_forward.0.0"})

    @unittest.skipIf(torch.__version__ >= "2", "torch 2 computes in half precision on the CPU")
    def test_half_precision_that_torch_does_not_have_is_refused_in_one_line(self):
        with self.assertRaisesRegex(lpzero.CollectError, "^torch cannot compute the model in half precision on this device"):
            lpzero.collect(Encoder().half(), IDS, signs)

    def test_a_model_is_afterwards_as_it_was(self):
        model = Encoder().train()
        model.embedding.weight.requires_grad_(False)
        model.layer[1].attention.query.weight.requires_grad_(False)
        model.layer[2].eval()
        before = {name: value.clone() for name, value in model.state_dict().items()}
        first = lpzero.collect(model, IDS, signs)
        second = lpzero.collect(model, IDS, signs)

        self.assertTrue(all(torch.equal(before[name], value) for name, value in model.state_dict().items()))
        self.assertTrue(all(parameter.grad is None for parameter in model.parameters()))
        self.assertEqual([True, True, False], [layer.training for layer in model.layer])
        self.assertFalse(model.layer[1].attention.query.weight.requires_grad)
        self.assertFalse(any("forward" in module.__dict__ for module in model.modules()))
        self.assertTrue(torch.equal(first["J"][0][0], second["J"][0][0]))
        self.assertGreater(first["G"][1][0].abs().max(), 0)

    def test_an_expert_without_tokens_shows_no_activation(self):
        class Experts(nn.Module):
            def __init__(self):
                super().__init__()
                self.experts = nn.ModuleList([nn.Linear(8, 8) for _ in range(3)])

            def forward(self, states):
                flat = states.flatten(0, 1)
                chosen = torch.arange(len(flat)) % 2
                return torch.cat([functional.gelu(expert(flat[chosen == i])) for i, expert in enumerate(self.experts)]).view_as(states)

        model = Encoder()
        for layer in model.layer:
            layer.feed_forward, layer.act = nn.ModuleList([Experts(), nn.Linear(8, 8)]), nn.Identity()
        inputs = lpzero.collect(model, IDS, signs)
        self.assertEqual([(5, 8), (5, 8)], [tuple(a.shape) for a in inputs["A"][0]])
        self.assertEqual(0, inputs["G"][0][5].abs().max())

    def test_the_Jacobian_is_of_what_a_layer_was_given_though_it_changes_that_in_place(self):
        class Layer(nn.Module):
            def __init__(self, is_in_place):
                super().__init__()
                self.attention, self.act, self.is_in_place = Attention(8, 2), nn.GELU(), is_in_place

            def forward(self, x):
                x = x.mul_(3) if self.is_in_place else x * 3
                return x + self.act(self.attention(x))

        x = torch.randn(2, 5, 8)
        for are_given_gradients in (False, True):
            jacobians = []
            for is_in_place in (False, True):
                torch.manual_seed(1)
                model = nn.Sequential(nn.Linear(8, 8), Layer(is_in_place), Layer(is_in_place))
                model[0].requires_grad_(are_given_gradients)
                jacobians.append(lpzero.collect(model, x, signs, mapping={"layers": list(model)[1:]})["J"])
            for expected, actual in zip(*jacobians):
                self.assert_equal(expected[0], actual[0])

    def test_what_has_no_usable_loss_or_weight_is_refused_in_one_line_and_left_as_it_was(self):
        def without_gradient(output):
            with torch.no_grad():
                return signs(output)

        def broken(value):
            model = Encoder()
            with torch.no_grad():
                model.layer[1].feed_forward[0].weight[0, 0] = value
            return model

        quantised, empty, dark = Encoder(), Encoder(), Encoder()
        quantised.layer[1].attention.key.weight = nn.Parameter(torch.ones(8, 8, dtype=torch.int8), requires_grad=False)
        empty.layer[2].attention.key = nn.Linear(8, 8, device="meta")
        embed = dark.embedding.forward
        of_embedding = type("OfEmbedding", (nn.Module,), {"forward": lambda _, ids: embed(ids)})()
        dark.register_forward_hook(lambda *_: of_embedding(IDS))
        for model, loss, message in (
            (Encoder(), without_gradient, "the loss has no gradient"),
            (Encoder(), lambda output: signs(output.detach()), "the loss has no gradient"),
            (Encoder(), lambda output: torch.tensor(signs(output).item()), "the loss has no gradient"),
            (Encoder(), lambda output: signs(output).item(), "the loss is not a scalar tensor"),
            (Encoder(), lambda output: signs(output) * 1j, "the loss is not a scalar tensor"),
            (Encoder(), lambda output: signs(output) * math.nan, "the loss is nan"),
            (Encoder(), None, "the model's output has no loss"),
            (broken(math.inf), signs, "the loss is nan"),
            (broken(math.nan), lambda output: output[:, :, 0].nan_to_num().sum(), "shows values in J that are not finite"),
            (Encoder().double(), lambda output: signs(output) * 1e300, "layer 0 (EncoderLayer) shows values in J that are not"),
            (quantised, signs, "layer 1's weight 'attention.key.weight' is of torch.int8"),
            (empty, signs, "layer 2's weight 'attention.key.weight' has no values"),
            (dark, signs, "the loss depends on no layer"),
        ):
            model.layer[0].attention.query.weight.requires_grad_(False)
            model.layer[1].eval()
            asked = [parameter.requires_grad for parameter in model.parameters()]
            with self.subTest(message), tempfile.TemporaryDirectory() as folder:
                with self.assertRaises(lpzero.CollectError) as caught:
                    lpzero.collect(model, IDS, loss, Path(folder) / "a.safetensors")
                self.assertIn(message, str(caught.exception))
                self.assertNotIn("\n", str(caught.exception))
                self.assertEqual([], list(Path(folder).iterdir()))
                self.assertEqual([True, False, True], [layer.training for layer in model.layer])
                self.assertEqual(asked, [parameter.requires_grad for parameter in model.parameters()])
                self.assertTrue(all(parameter.grad is None for parameter in model.parameters()))
                self.assertFalse(any("forward" in module.__dict__ for module in model.modules()))

    def test_a_caller_s_inference_mode_and_a_mapping_as_output_are_no_hindrance(self):
        class Mapped(Decoder):
            def forward(self, **batch):
                return {"loss": super().forward(**batch).loss}

        model, batch = Mapped(), {"input_ids": IDS, "labels": IDS}
        expected = lpzero.collect(model, batch)
        with torch.inference_mode():
            inputs = lpzero.collect(model, batch)
        self.assertTrue(torch.equal(expected["J"][0][0], inputs["J"][0][0]))

    def test_a_model_that_shows_too_little_is_refused_in_one_line(self):
        class Plain(nn.Module):
            def __init__(self, *widths):
                super().__init__()
                self.first = nn.ModuleList([nn.Linear(8, 8) for _ in range(2)])
                self.second = nn.ModuleList([nn.Linear(8, 8) for _ in range(2)])

            def forward(self, x):
                for layer in [*self.first, *self.second]:
                    x = layer(x)
                return x

        x = torch.randn(2, 5, 8)
        for mapping, loss, message in (
            ({}, signs, "'first', 'second' are equally long"),
            ({"layers": "third"}, signs, "no list of modules named 'third'; it has 'first', 'second'"),
            ({"layers": "first"}, signs, "layer 0 (Linear) shows no A"),
            ({"layers": []}, signs, "no layers"),
            ({"layers": "first", "queries": "0"}, signs, "the unknown key 'queries'; it may have layers, activation, query, softmax,"),
            ({"layers": "first"}, lambda output: output, "not a scalar"),
            ({"layers": [nn.Linear(8, 8)]}, signs, "layer 0 takes no part in the forward pass"),
        ):
            with self.subTest(message), self.assertRaises(lpzero.CollectError) as caught:
                lpzero.collect(Plain(), x, loss, mapping=mapping)
            self.assertIn(message, str(caught.exception))
            self.assertNotIn("\n", str(caught.exception))
        with self.assertRaisesRegex(lpzero.CollectError, "no ModuleList"):
            lpzero.collect(nn.Linear(8, 8), x, signs)
        shared = EncoderLayer(8, 2)
        with self.assertRaisesRegex(lpzero.CollectError, "layer 1 shares the weight 'attention.query.weight' with layer 0"):
            lpzero.collect(nn.Sequential(shared, shared), x, signs, mapping={"layers": [shared, shared]})
        with self.assertRaisesRegex(lpzero.CollectError, "called twice"):
            lpzero.collect(nn.Sequential(shared, shared), x, signs, mapping={"layers": [shared]})
