using System.Text.Json.Nodes;
using LPZero.Seed.Tests.Benchmarks;

namespace LPZero.Seed.Tests.Program;

/// <summary>Small parts of <c>ablate</c>, <c>reproduce</c> and <c>search exhaustive --permutations</c>, on the tiny benchmarks.</summary>
public sealed class StudyTests : IDisposable
{
    private static readonly string Encoders = Path.Combine(Repository.Root!, "data", "tiny-flexibert.json");
    private static readonly string Decoders = Path.Combine(Repository.Root!, "data", "tiny-decoder.json");

    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("evolution", "--seeds", "2", "--populations", "6,8")]
    [InlineData("operations", "--seeds", "1", "--unary", "1..2", "--sample", "40")]
    [InlineData("variance", "--variance", "2x2x2", "--unary", "1", "--populations", "6")]
    public async Task Each_study_writes_its_files_and_the_same_command_says_the_same(string name, params string[] arguments)
    {
        string[] command =
            ["ablate", "--benchmark", Encoders, "--inputs", "W", "--iterations", "5", "--offspring", "2", .. arguments, "--out", "study"];
        var first = await RunAsync(command);
        Assert.True(first.ExitCode == 0, first.Error);
        Assert.Equal(name, (string)JsonNode.Parse(first.Output)!["study"]!);
        var files = Directory.EnumerateFiles(folder.File("study")).Select(Path.GetFileName).ToList();
        Assert.All(new[] { ".md", ".csv", ".json" }, ending => Assert.Contains(name + ending, files));
        Assert.Contains(name == "evolution" ? "figure-6.svg" : $"{name}.svg", files);

        var second = await RunAsync(command);
        Assert.Equal(first.Output, second.Output);
    }

    [Theory]
    [InlineData("--sample has no meaning without --unary FROM..TO, such as 2..5: give that", "--sample", "40")]
    [InlineData("--sample has no meaning without --unary FROM..TO", "--sample", "40", "--variance", "2x2x2")]
    [InlineData("--populations has no meaning with --unary FROM..TO", "--populations", "6,8", "--unary", "1..2")]
    [InlineData("--seeds has no meaning with --variance", "--seeds", "2", "--variance", "2x2x2")]
    [InlineData("--populations has no meaning with --options", "--populations", "6,8", "--options", "options.txt")]
    [InlineData("--folds has no meaning without --options FILE: give that", "--folds", "2")]
    public async Task What_a_study_does_not_take_is_one_line_and_writes_nothing(string expected, params string[] arguments)
    {
        var refused = await RunAsync(["ablate", "--benchmark", Encoders, "--inputs", "W", .. arguments, "--out", "study"]);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains(expected, Assert.Single(refused.Error.TrimEnd('\n').Split('\n')), StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.File("study")));
    }

    [Fact]
    public async Task What_is_published_of_one_space_does_not_stand_beside_another()
    {
        var refused = await RunAsync(["reproduce", "paper", "--flexibert", Decoders, "--inputs", "W"]);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("--flexibert: tiny-decoder is of space gpt2", refused.Error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.File("paper")));
    }

    [Fact]
    public async Task A_folder_that_holds_results_of_something_else_is_left_alone()
    {
        Directory.CreateDirectory(folder.File("study"));
        await File.WriteAllTextAsync(Path.Combine(folder.File("study"), "evolution.json"), "mine");
        var refused = await RunAsync(
        [
            "ablate", "--benchmark", Encoders, "--inputs", "W", "--iterations", "5", "--seeds", "2", "--populations", "6", "--out", "study",
        ]);
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("--out study: it holds evolution.json of something else", refused.Error, StringComparison.Ordinal);
        Assert.Equal("mine", await File.ReadAllTextAsync(Path.Combine(folder.File("study"), "evolution.json")));
    }

    [Fact]
    public async Task The_papers_tables_and_figures_are_made_again_in_one_folder()
    {
        var made = await RunAsync(
        [
            "reproduce", "paper", "--flexibert", Encoders, "--gpt2", Decoders, "--inputs", "W", "--iterations", "5", "--offspring", "2",
            "--seeds", "2", "--populations", "6,8", "--unary", "1..2", "--win-rate-seeds", "1", "--sample", "40",
        ]);
        Assert.True(made.ExitCode == 0, made.Error);
        var parts = JsonNode.Parse(made.Output)!["parts"]!.AsArray();
        Assert.Equal(
            ["figure 1", "figure 5", "figure 6", "figure 7", "table 3", "table 4", "table 5"],
            parts.Select(part => (string)part!["part"]!).Distinct().Order(StringComparer.Ordinal));
        Assert.All(parts, part =>
        {
            Assert.Null(part!["skipped"]);
            Assert.NotEmpty(part["files"]!.AsArray());
            Assert.All(part["files"]!.AsArray(), file => Assert.True(File.Exists(Path.Combine(folder.File("paper"), (string)file!))));
        });
        foreach (var table in new[] { "table-3.json", "table-4.json" })
        {
            var rows = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(folder.File("paper"), table)))!["rows"]!.AsArray();
            Assert.NotNull(rows.Single(row => (string?)row!["id"] == "synflow")!["rho"]);
            Assert.NotNull(rows.Single(row => (string?)row!["id"] == "found")!["rho"]);
        }

        var without = await RunAsync(
        [
            "reproduce", "paper", "--flexibert", Encoders, "--inputs", "W", "--iterations", "5", "--offspring", "2",
            "--seeds", "2", "--populations", "6,8", "--unary", "1..2", "--win-rate-seeds", "1", "--sample", "40",
        ]);
        Assert.True(without.ExitCode == 0, without.Error);
        var left = JsonNode.Parse(without.Output)!["left"]!.AsArray().Select(file => (string)file!).ToList();
        Assert.All(
            new[] { "table-4.md", "table-4.json", "table-4.csv", "gpt2/evolution.md", "gpt2/evolution.json", "gpt2/evolution.csv" },
            file => Assert.Contains(file, left));
        Assert.DoesNotContain("table-3.json", left);
    }

    [Fact]
    public async Task The_winner_of_a_whole_space_is_held_against_permuted_truths()
    {
        var ranked = await RunAsync(
        [
            "search", "exhaustive", "--benchmark", Encoders, "--inputs", "W", "--unary", "1", "--fitness", "truth", "--answer", "proxy",
            "--permutations", "7", "--out", "space",
        ]);
        Assert.True(ranked.ExitCode == 0, ranked.Error);
        var test = JsonNode.Parse(ranked.Output)!["permutation"]!;
        Assert.Equal(7, (int)test["permutations"]!);
        // Phipson and Smyth (2010): the winner itself is one of the permutations.
        Assert.Equal((1.0 + (int)test["asGood"]!) / 8, (double)test["pValue"]!, 1e-12);
    }

    private Task<ProgramResult> RunAsync(string[] arguments) => Lpzero.RunAsync(
        folder.Path, [.. arguments, "--json", "--db", "terms.db", "--batch", "2x16", "--threads", "1"]);
}
