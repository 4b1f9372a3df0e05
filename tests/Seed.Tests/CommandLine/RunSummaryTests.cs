using LPZero.Coordinator.Pruning;
using LPZero.Coordinator.Run;
using LPZero.Messages.Search;
using LPZero.Seed.Embedded;
using LPZero.Seed.Storage;
using LPZero.Seed.Tests.Benchmarks;

namespace LPZero.Seed.Tests.CommandLine;

public sealed class RunSummaryTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_best_proxy_is_written_in_one_way_wherever_it_is_named()
    {
        var (found, canonical) = StoreRunWhoseBestWasFoundInAnotherSpelling();
        var shown = await Program.Lpzero.RunAsync(folder.Path, "search", "show", "run", "--db", folder.File("runs.db"));
        Assert.Contains($"best so far: {canonical} ", shown.Output, StringComparison.Ordinal);
        Assert.Equal(2, shown.Output.Split('\n').Count(line => line.Contains(canonical, StringComparison.Ordinal)));
        Assert.DoesNotContain(found, shown.Output, StringComparison.Ordinal);

        var status = await Program.Lpzero.RunAsync(folder.Path, "search", "status", "run", "--db", folder.File("runs.db"), "--json");
        Assert.Contains($"\"bestExpression\": \"{canonical}\"", System.Text.RegularExpressions.Regex.Unescape(status.Output), StringComparison.Ordinal);
    }

    /// <summary>A run whose first population was scored, the best of it a proxy that pruning rewrites.</summary>
    private (string Found, string Canonical) StoreRunWhoseBestWasFoundInAnotherSpelling()
    {
        var database = new Database(folder.File("runs.db"));
        var configuration = SearchConfiguration.Presets["default"] with { SearchArchitectures = 12 };
        NewRun.Create(database, "run", SmallBenchmark.Create(), configuration, folder.File("out"));
        var runs = new RunStore(database);
        var events = runs.Events("run");
        var proposals = events.OfType<RoundProposed>().Single().Proposals;
        var pruning = new RuleBasedPruning(configuration.Pruning, configuration.ElementReduction);
        var canonical = proposals.Select(proposal => pruning.Judge(proposal.Proxy).Canonical!.ToString()).ToList();
        var best = Enumerable.Range(0, canonical.Count).First(i => !proposals[i].Proxy.ToString().Contains(canonical[i], StringComparison.Ordinal));
        var outcomes = proposals.Select((_, i) => new Outcome(new Fitness(i == best ? 0.9 : 0.1, 0, 0, Ranking: (ulong)i), Invalid: null));
        runs.Append("run", events.Count, [new RoundScored(0, [.. outcomes])], SearchPhase.Running, new NewUsage(0, 0));
        return (proposals[best].Proxy.ToString(), canonical[best]);
    }
}
