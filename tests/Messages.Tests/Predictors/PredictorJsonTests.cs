using System.Collections.Immutable;
using System.Text.Json.Nodes;
using LPZero.Messages.Architectures;
using LPZero.Messages.Predictors;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.Messages.Tests.Predictors;

public sealed class PredictorJsonTests
{
    private static readonly Predictor Everything = MadePredictors.Everything;

    public static TheoryData<string, string> BrokenFiles => new()
    {
        { "{", "is no predictor: its JSON is wrong, or breaks off, at line 1, character 2; take the original, or write it again" },
        { "[1]", "is no predictor: a JSON object is expected" },
        { "null", "is no predictor: a JSON object is expected" },
        { "{}", "has no digest" },
        { """{"digest": 7}""", "has no digest" },
        { """{"name": "a", "name": "b", "digest": "0"}""", "is no predictor" },
        { """{"name": "a", "space": "b", "digest": "0"}""", "'root' is missing there" },
        { """{"name": "a", "space": "b", "root": null, "digest": "0"}""", "root" },
        { """{"name": "a", "space": "b", "root": {"rule": "quotient", "parts": []}, "digest": "0"}""", "at $.root.rule: a value " },
        { """{"name": "a", "space": "b", "root": {"rule": "sum", "parts": []}, "digest": "0"}""", "give at least one" },
        { """{"name": "a", "space": "b", "root": {"rule": "sum", "parts": [null]}, "digest": "0"}""", "root.parts[0]: is missing" },
        { OfPart("""{"name": "layers"}"""), "is no predictor at $.root.parts[0]" },
        { OfPart("""{"kind": "guess", "name": "layers"}"""), "guess" },
        { OfPart("""{"kind": "feature", "name": "layers", "weight": 2}"""), "'weight'" },
        { OfPart("""{"kind": "feature", "name": "layers", "scale": 0}"""), "root.parts[0]: the scale is a finite number above 0" },
        { OfPart("""{"kind": "proxy", "proxy": "exp(H) *", "elementReduction": "mean", "tensorReduction": "mean"}"""), "at character" },
        { OfPart("""{"kind": "proxy", "proxy": "exp(H)", "elementReduction": "mean", "tensorReduction": "mean"}"""), "layer reduction" },
        { OfPart("""{"kind": "proxy", "proxy": "sum[exp(H)]", "elementReduction": "mean", "tensorReduction": "mean"}"""), "a probe" },
        { OfPart("""{"kind": "group", "group": {"rule": "sum", "parts": []}}"""), "give at least one" },
        { OfPart("""{"kind": "feature", "name": "layers"}"""), "as its digest says" },
        { OfPart(Nested(9)), "deep" },
    };

    [Fact]
    public void A_predictor_is_read_back_as_it_was_written()
    {
        var text = PredictorJson.Write(Everything);
        var read = PredictorJson.Read(text);

        Assert.Equal(text, PredictorJson.Write(read));
        Assert.Equal(Everything.Probe, read.Probe);
        Assert.Equal(Everything.Root.Leaves, read.Root.Leaves);
        Assert.Equal(PredictorJson.DigestOf(Everything), JsonNode.Parse(text)!["digest"]!.GetValue<string>());
    }

    // Text and digest were not made by this program: the SHA-256 of the JSON on one line, the name empty, without the digest.
    [Fact]
    public void What_version_1_wrote_is_read_for_good()
    {
        const string Text = """
            {
              "schemaVersion": 1, "name": "mixed", "space": "flexibert",
              "root": {
                "rule": "lexicographic",
                "parts": [
                  {"kind": "feature", "name": "layers", "transform": "none", "mean": 0, "scale": 1, "coefficient": 1},
                  {
                    "kind": "group",
                    "group": {
                      "rule": "meanRank",
                      "parts": [
                        {
                          "kind": "proxy", "proxy": "sum[square(abs_log(H)) * exp(W)]", "elementReduction": "mean",
                          "tensorReduction": "mean", "transform": "none", "mean": 0, "scale": 1, "coefficient": 1
                        },
                        {"kind": "baseline", "name": "parameters", "transform": "none", "mean": 0, "scale": 1, "coefficient": 1}
                      ],
                      "intercept": 0
                    },
                    "transform": "none", "mean": 0, "scale": 1, "coefficient": 1
                  }
                ],
                "intercept": 0
              },
              "probe": {
                "batchSize": 4, "sequenceLength": 16, "weightsSeed": 42, "batchSeed": 42, "weights": "all", "loss": "signs",
                "start": "normal", "mode": "eval", "combine": "means"
              },
              "digest": "e0822f9937eb822e3e14f7774dc849e5a8414af07483de223586592dae78d22f"
            }
            """;
        Assert.Equal(
            "layers, then (rank sum of sum[square(abs_log(H)) * exp(W)] and parameters)", PredictorJson.Read(Text).ToString());
    }

    [Fact]
    public void One_without_proxies_has_no_probe()
    {
        var structural = new Predictor("depth", "gpt2", PredictorGroup.Of(new FeaturePart(FeaturePart.Layers)));
        Assert.Null(PredictorJson.Read(PredictorJson.Write(structural)).Probe);
    }

    [Fact]
    public void The_digest_says_everything_but_the_name()
    {
        var digest = PredictorJson.DigestOf(Everything);
        var changed = Changes().Select(PredictorJson.DigestOf).ToList();

        Assert.Equal(digest, PredictorJson.DigestOf(Everything with { Name = "another" }));
        Assert.DoesNotContain(digest, changed);
        Assert.Equal(changed.Count, changed.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Every_number_and_word_of_a_file_is_covered_by_its_digest()
    {
        var text = PredictorJson.Write(Everything);
        var covered = 0;
        foreach (var path in Leaves(JsonNode.Parse(text)!).Where(path => path[^1] is not ("digest" or "name") || path.Length > 1).ToList())
        {
            var changed = JsonNode.Parse(text)!;
            var parent = path.SkipLast(1).Aggregate(changed, (node, step) => step is int index ? node[index]! : node[(string)step]!);
            var value = parent is JsonArray list ? list[(int)path[^1]]! : parent[(string)path[^1]]!;
            JsonNode other = value.GetValueKind() == System.Text.Json.JsonValueKind.Number
                ? JsonValue.Create(value.GetValue<double>() + 1)
                : JsonValue.Create(value.GetValue<string>() + "x");
            value.ReplaceWith(other);
            var problem = Record.Exception(() => PredictorJson.Read(changed.ToJsonString()));
            Assert.True(problem is FormatException, $"{string.Join('/', path)} became {other.ToJsonString()}: {problem}");
            covered++;
        }

        Assert.InRange(covered, 40, 100);
    }

    [Theory]
    [MemberData(nameof(BrokenFiles))]
    public void A_file_that_cannot_be_meant_is_refused_in_one_line(string text, string says)
    {
        var message = Assert.Throws<FormatException>(() => PredictorJson.Read(text)).Message;
        Assert.Contains(says, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
        Assert.InRange(message.Length, 1, 300);

        // The serializer's own words are about types of this program.
        Assert.All(
            ["LPZero.", "JSON value", "type discriminator", "LineNumber", "deserializ"],
            word => Assert.DoesNotContain(word, message, StringComparison.OrdinalIgnoreCase));
    }

    private static string OfPart(string part) =>
        $$$"""{"name": "a", "space": "b", "root": {"rule": "sum", "parts": [{{{part}}}]}, "digest": "0"}""";

    private static string Nested(int depth) => depth == 0
        ? """{"kind": "feature", "name": "layers"}"""
        : $$$"""{"kind": "group", "group": {"rule": "sum", "parts": [{{{Nested(depth - 1)}}}]}}""";

    private static IEnumerable<Predictor> Changes()
    {
        var (root, probe) = (Everything.Root, Everything.Probe!);
        var part = root.Parts[0];
        yield return Everything with { Space = "gpt2" };
        yield return With(root with { Rule = PredictorRule.MeanRank });
        yield return With(root with { Intercept = 1 });
        yield return With(root with { Parts = root.Parts.Reverse().ToImmutableArray() });
        yield return WithFirst(new FeaturePart("hidden size") { Coefficient = -1 });
        yield return WithFirst(new BaselinePart("layers") { Coefficient = -1 });
        yield return WithFirst(part with { Coefficient = -1.0000000000000002 });
        yield return WithFirst(part with { Mean = double.Epsilon });
        yield return WithFirst(part with { Scale = 2 });
        yield return WithFirst(part with { Transform = PartTransform.Log });
        yield return WithFirst(MadePredictors.Exponential);
        yield return WithFirst(MadePredictors.Exponential with { Proxy = ProxyText.ParseProxy("last[exp(H) * abs(W)]") });
        yield return WithFirst(MadePredictors.Exponential with { ElementReduction = Reduction.Sum });
        yield return WithFirst(MadePredictors.Exponential with { TensorReduction = Reduction.Mean });
        yield return WithFirst(new GroupPart(PredictorGroup.Of(part)));
        yield return Everything with { Probe = probe with { BatchSize = 9 } };
        yield return Everything with { Probe = probe with { SequenceLength = 9 } };
        yield return Everything with { Probe = probe with { WeightsSeed = 9 } };
        yield return Everything with { Probe = probe with { BatchSeed = 9 } };
        yield return Everything with { Probe = probe with { Weights = WeightSelection.Mixing } };
        yield return Everything with { Probe = probe with { Loss = LossKind.Masked } };
        yield return Everything with { Probe = probe with { Start = WeightStart.AsTrained } };
        yield return Everything with { Probe = probe with { Mode = ProbeMode.Training } };
        yield return Everything with { Probe = probe with { Combine = Combination.Tensors } };
        yield return Everything with { Probe = probe with { Shapes = Shapes.Published } };
        yield return Everything with { Probe = probe with { Shapes = null } };

        Predictor With(PredictorGroup group) => Everything with { Root = group };

        Predictor WithFirst(PredictorPart other) => With(root with { Parts = root.Parts.SetItem(0, other) });
    }

    private static IEnumerable<object[]> Leaves(JsonNode node) => node switch
    {
        JsonObject members => members.SelectMany(member => Leaves(member.Value!), (member, rest) => (object[])[member.Key, .. rest]),
        JsonArray list => list.Select((item, i) => (item, i))
            .SelectMany(at => Leaves(at.item!), (at, rest) => (object[])[at.i, .. rest]),
        _ => [[]],
    };
}
