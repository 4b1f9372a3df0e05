using System.Text.Json.Nodes;
using LPZero.Seed.Tests.Benchmarks;

namespace LPZero.Seed.Tests.Program;

/// <summary>A small part of <c>lpzero transfer</c> on the tiny benchmarks.</summary>
public sealed class TransferTests : IDisposable
{
    private static readonly string Encoders = Path.Combine(Repository.Root!, "data", "tiny-flexibert.json");
    private static readonly string Decoders = Path.Combine(Repository.Root!, "data", "tiny-decoder.json");

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_formula_is_chosen_frozen_and_judged_and_its_file_says_the_same_again()
    {
        // A set that is given again is none of the foreign ones, sampled or not.
        string[] sets = ["--choose-on", Encoders, "--judge-on", Encoders, "--judge-on", Decoders, "--judge-on", Decoders, "--sample", "20"];
        var chosen = await RunAsync([.. sets, "--unary", "1", "--inputs", "W", "--json", "--out", "chosen"]);
        Assert.True(chosen.ExitCode == 0, chosen.Error);
        var json = JsonNode.Parse(chosen.Output)!;
        Assert.Contains($"digest {json["digest"]}", chosen.Error, StringComparison.Ordinal);
        Assert.Equal([true, false], json["sets"]!.AsArray().Select(set => (bool)set!["chosenOn"]!));
        Assert.InRange((int)json["sets"]![1]!["architectures"]!, 15, 20);
        Assert.Equal(
            new[] { "tiny-flexibert", "tiny-decoder" }.Select(name => $"The set {name} is given more than once and counts once."),
            json["notes"]!.AsArray().Select(note => (string)note!));
        Assert.All(json["sets"]!.AsArray(), set => Assert.NotNull(set!["minusHandLow"]));

        var file = Path.Combine("chosen", "transfer.predictor.json");
        var judged = await RunAsync([.. sets, "--expression", file, "--json", "--out", "judged"]);
        Assert.True(judged.ExitCode == 0, judged.Error);
        Assert.Equal(json["digest"]!.ToJsonString(), JsonNode.Parse(judged.Output)!["digest"]!.ToJsonString());
        Assert.Equal(json["sets"]!.ToJsonString(), JsonNode.Parse(judged.Output)!["sets"]!.ToJsonString());
    }

    [Fact]
    public async Task What_cannot_be_meant_is_one_line_and_writes_nothing()
    {
        (string[] Arguments, string Expected)[] cases =
        [
            ([], "--choose-on: give a set to choose the formula on"),
            (["--expression", "W"], "--choose-on: give a set to choose the formula on"),
            (["--choose-on", Encoders, "--sample", "7"], "--sample 7: give a number from 8"),
            (["--choose-on", Encoders, "--unary", "3"], "--unary 3: the whole space"),
            (["--judge-on", Encoders, "--expression", "snip"], "--expression snip: give an expression"),
            (["--judge-on", Encoders, "--expression", "W", "--all-reductions"], "--all-reductions has no meaning with --expression"),
            (["--judge-on", Encoders, "--expression", "absent.predictor.json"], "absent.predictor.json"),
        ];
        foreach (var (arguments, expected) in cases)
        {
            var result = await RunAsync([.. arguments, "--out", "found"]);
            Assert.Equal(2, result.ExitCode);
            Assert.Contains(expected, Assert.Single(result.Error.TrimEnd('\n').Split('\n')), StringComparison.Ordinal);
        }

        Assert.False(Directory.Exists(folder.File("found")));
    }

    private Task<ProgramResult> RunAsync(string[] arguments) => Lpzero.RunAsync(
        folder.Path, ["transfer", .. arguments, "--db", "terms.db", "--batch", "2x16", "--threads", "1"]);
}
