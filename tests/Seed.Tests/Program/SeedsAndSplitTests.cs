using System.Globalization;
using System.Text.Json;

namespace LPZero.Seed.Tests.Program;

/// <summary>The seeds, each with a job of its own, and what can be given by hand instead of drawn.</summary>
public sealed class SeedsAndSplitTests : IDisposable
{
    private const int SearchArchitectures = 12;
    private const int ReportedProxies = 10;
    private readonly SmallRun run = new();

    public void Dispose() => run.Dispose();

    [Fact]
    public async Task Ten_searches_with_ten_seeds_cost_one_term_table()
    {
        var evaluations = new List<string?>();
        for (var seed = 1; seed <= 10; seed++)
        {
            var shown = await StartAsync($"seed-{seed}", "--seed", Text(seed), "--split-seed", "7");
            var cache = shown.GetProperty("termCache");
            var heldOut = shown.GetProperty("best").GetProperty("heldOut").GetProperty("networks").GetInt32();
            if (seed > 1)
            {
                // Of the search set everything is known; the held-out set is asked for the reported proxies' branches alone.
                Assert.InRange(cache.GetProperty("misses").GetInt64(), 0, 2L * ReportedProxies * heldOut);
            }

            evaluations.Add(shown.GetProperty("best").GetProperty("canonical").GetString());
        }

        Assert.All(run.TimesStored(), times => Assert.Equal(1, times));
        Assert.True(evaluations.Distinct().Count() > 1, "ten seeds searched the same");
    }

    [Fact]
    public async Task Other_weights_and_another_batch_are_other_terms()
    {
        var first = await StartAsync("first", "--split-seed", "7");
        var weights = await StartAsync("weights", "--split-seed", "7", "--weights-seed", "43");
        var batch = await StartAsync("batch", "--split-seed", "7", "--batch-seed", "43");

        Assert.All(new[] { first, weights, batch }, shown => Assert.True(Misses(shown) > Misses(first) / 2));
        Assert.Equal(
            [(42UL, 42UL), (43UL, 42UL), (42UL, 43UL)],
            new[] { first, weights, batch }.Select(shown => (Setting(shown, "weightsSeed"), Setting(shown, "batchSeed"))));

        static long Misses(JsonElement shown) => shown.GetProperty("termCache").GetProperty("misses").GetInt64();
        static ulong Setting(JsonElement shown, string name) => shown.GetProperty("configuration").GetProperty(name).GetUInt64();
    }

    [Fact]
    public async Task The_split_and_the_first_population_can_be_given_by_hand()
    {
        string[] ids = ["a2", "a0", "a9", "a4", "a13"];
        Write("ids.txt", string.Join('\n', ids) + "\n\n");
        Write("known.txt", "exp(A) * W\n\nstd(W) - abs(A)\n");
        await StartAsync("hand", "--search-ids", "ids.txt", "--start-with", "known.txt");

        var events = (await Lpzero.RunAsync(run.Folder, "search", "events", "hand", "--db", run.Database)).Output.Split(
            '\n', StringSplitOptions.RemoveEmptyEntries);
        var started = JsonDocument.Parse(events[0]).RootElement;
        Assert.Equal(ids.OrderBy(id => int.Parse(id[1..], CultureInfo.InvariantCulture)),
            started.GetProperty("searchArchitectures").EnumerateArray().Select(id => id.GetString()));
        var proposals = JsonDocument.Parse(events[1]).RootElement.GetProperty("proposals").EnumerateArray().ToList();
        Assert.Equal(["given", "given", "drawn"], proposals.Take(3).Select(proposal => proposal.GetProperty("origin").GetString()));
        Assert.Equal("sum[no_op(exp(A)) * no_op(no_op(W))]", proposals[0].GetProperty("proxy").GetString());
    }

    [Theory]
    [InlineData("--search-ids a44: the benchmark has no such architecture; did you mean", "--search-ids", "a1\na2\na3\na44")]
    [InlineData("--search-ids a3: give each architecture once", "--search-ids", "a1\na2\na3\na4\na3")]
    [InlineData("--search-ids: 3 architectures are given; give from 4 to 14", "--search-ids", "a1\na2\na3")]
    [InlineData("--search-ids given.txt: the file is empty", "--search-ids", "\n \n")]
    [InlineData("--start-with given.txt: line 3, at character 1: unknown operation 'sqare'", "--start-with", "H\n\nsqare(H) + W")]
    [InlineData("--start-with exp(exp(exp(A))) * W: give branches of at most 2 operations", "--start-with", "exp(exp(exp(A))) * W")]
    [InlineData("--start-with normalize(A) * W: the rule product-with-zero refuses it", "--start-with", "normalize(A) * W")]
    public async Task What_is_given_by_hand_and_cannot_be_meant_gets_one_line(string message, string option, string text)
    {
        Write("given.txt", text);
        await AssertRefusedAsync(message, option, "given.txt");
    }

    [Fact]
    public async Task A_file_that_is_missing_or_no_text_or_contradicted_gets_one_line()
    {
        await AssertRefusedAsync("--search-ids absent.txt: there is no such text file", "--search-ids", "absent.txt");
        File.WriteAllBytes(Path.Combine(run.Folder, "binary.txt"), [0x61, 0xFF, 0xFE, 0x0A]);
        await AssertRefusedAsync("--start-with binary.txt: line 1, position 2: the byte 0xFF is not UTF-8", "--start-with", "binary.txt");
        Write("ids.txt", "a1\na2\na3\na4");
        await AssertRefusedAsync(
            "--search-architectures has no meaning with --search-ids", "--search-ids", "ids.txt", "--search-architectures", "5");
        await AssertRefusedAsync("--sampling has no meaning with --search-ids", "--search-ids", "ids.txt", "--sampling", "first");
    }

    private async Task AssertRefusedAsync(string message, params string[] options)
    {
        var result = await Lpzero.RunAsync(run.Folder,
            ["search", "start", "--benchmark", "small.json", "--name", "x", "--db", run.Database, "--batch", "2x16", .. options]);
        Assert.Equal(2, result.ExitCode);
        Assert.Contains(message, result.Error, StringComparison.Ordinal);
        Assert.Single(result.Error.Trim().Split('\n'));
        Assert.False(File.Exists(run.Database));
    }

    private async Task<JsonElement> StartAsync(string name, params string[] options)
    {
        var searched = options.Contains("--search-ids") ? Array.Empty<string>() : ["--search-architectures", Text(SearchArchitectures)];
        var started = await Lpzero.DoneAsync(run.Folder,
        [
            "search", "start", "--benchmark", "small.json", "--name", name, "--db", run.Database, "--population", "12", "--iterations",
            "20", "--batch", "2x16", "--memory", "4", "--json", .. searched, .. options,
        ]);
        return JsonDocument.Parse(started.Output).RootElement.Clone();
    }

    private void Write(string file, string text) => File.WriteAllText(Path.Combine(run.Folder, file), text);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
