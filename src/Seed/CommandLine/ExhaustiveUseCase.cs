using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using LPZero.Coordinator.Baselines;
using LPZero.Coordinator.Exhaustive;
using LPZero.Coordinator.Pruning;
using LPZero.Coordinator.Reporting;
using LPZero.Coordinator.Run;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Architectures;
using LPZero.Messages.Control;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using LPZero.Seed.Exhaustive;
using LPZero.Seed.Reporting;
using LPZero.Seed.Storage;

namespace LPZero.Seed.CommandLine;

/// <summary>An exhaustive search that is asked for.</summary>
/// <param name="Benchmark">The benchmark.</param>
/// <param name="Configuration">The space, and how its proxies are scored.</param>
/// <param name="Top">How many of the best proxies to list.</param>
/// <param name="Threads">Blocks of proxies ranked side by side.</param>
/// <param name="Output">The folder for checkpoint and report; null for one named by the search's key.</param>
/// <param name="Command">What a reader of the report types to do the same again.</param>
/// <param name="Permutations">On how many permutations of the truths to rank the space once more; 0 for no test of the winner.</param>
internal sealed record ExhaustiveRequest(
    Benchmark Benchmark, SearchConfiguration Configuration, int Top, int Threads, string? Output, string Command, int Permutations = 0);

/// <summary>
/// Ranks every proxy of a space: terms of the search set, the ranking with its checkpoints, the held-out set, report and figures. The
/// folder is this machine's, wherever the terms are computed.
/// </summary>
/// <param name="terms">Who computes terms.</param>
/// <param name="keep">Stores the result under its key for later runs of the same space; null where there is no such place.</param>
/// <param name="display">Told how far it has come.</param>
internal sealed class ExhaustiveUseCase(ITermCollector terms, Func<string, ExhaustiveResult, Task>? keep, ExhaustiveDisplay display)
{
    private const int LongestBranch = 2;

    /// <summary>Searches, and writes what is found into the folder.</summary>
    /// <param name="asked">What is asked for.</param>
    /// <param name="interrupt">Stops it; the same search goes on from its last checkpoint.</param>
    /// <returns>What it found, as it is printed.</returns>
    /// <exception cref="UsageException">The folder holds the results of another search.</exception>
    /// <exception cref="SearchServiceException">The terms cannot be had.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    public async Task<ExhaustiveJson> RunAsync(ExhaustiveRequest asked, CancellationToken interrupt)
    {
        var started = Stopwatch.GetTimestamp();
        var configuration = asked.Configuration;
        var split = await SplitTerms.OpenAsync(asked.Benchmark, configuration, terms, display, interrupt);
        var key = ExhaustiveKey.Of(configuration, asked.Benchmark, split.NumericProfile);
        var folder = asked.Output ?? Path.Combine("runs", $"exhaustive-{key[..12]}");
        OutputFolder.Take(folder, $"the exhaustive search {key[..12]}", goesOn: true);

        var space = new ProxySpace(configuration);
        await split.Search.EnsureAsync(space.Branches, display, interrupt);
        var criterion = Criteria.Of(configuration, asked.Benchmark, split.Sample.Search);
        var ranking = new ExhaustiveRanking(
            space, new RankedSet(split.Sample.Search, criterion), split.Search.Table, configuration.MinDistinct);
        var search = new ExhaustiveSearch(space, ranking, key, asked.Top, folder, asked.Threads);
        var (tally, distinct) = await Task.Run(() => search.Run(display, interrupt), interrupt);
        var result = ExhaustiveResult.Of(
            space, tally, distinct, new FitnessFunction(configuration, split.Sample.Search, split.Search.Table, criterion));
        if (keep is not null)
        {
            await keep(key, result);
        }

        var test = tally.Best.IsEmpty || asked.Permutations == 0 ? null : await Task.Run(
            () => Permute(split, space, key, folder, tally.Best[0].Rho, asked, interrupt), interrupt);
        List<Member> best =
        [
            .. tally.Best.Take(RunReport.Proxies).Select((ranked, i) => MemberOf(space.At(ranked.Ordinal), result.Top[i].Fitness)),
        ];
        await split.HeldOut.EnsureAsync([.. best.SelectMany(member => member.Canonical.Branches).Distinct()], display, interrupt);
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        var report = split.Report($"exhaustive-{key[..12]}", asked.Command, configuration, best, RuleHits(configuration), seconds);
        report = report with
        {
            Notes =
            [
                Summary(result, report.Compared), .. test is null ? [] : ImmutableArray.Create(Sentence(test, report.Compared)),
                .. report.Notes,
            ],
            Scored = result.Proxies,
            Invalid = result.Proxies - result.Valid,
        };
        ReportFiles.Write(report, folder);
        var shown = ExhaustiveJson.Of(result, report, configuration, key, Path.GetFullPath(folder), test);
        AtomicFile.Write(Path.Combine(folder, "exhaustive.json"), ExhaustiveJson.Text(shown));
        search.CleanUp();
        Permuted(split, space, key, folder).CleanUp();
        return shown;
    }

    private PermutationTest Permute(
        SplitTerms split, ProxySpace space, string key, string folder, double rho, ExhaustiveRequest asked, CancellationToken interrupt)
    {
        var set = split.Sample.Search;
        var best = Permuted(split, space, key, folder).Best(
            asked.Permutations, asked.Threads, done => display.ReportRankings(done, asked.Permutations), interrupt);
        return new PermutationTest(rho, best, set.Networks.Length, TruthPermutation.Movable(set));
    }

    private static PermutedSpaces Permuted(SplitTerms split, ProxySpace space, string key, string folder) => new(
        space, split.Sample.Search, split.Search.Table, set => Criteria.Of(split.Configuration, split.Benchmark, set),
        split.Configuration.MinDistinct, key, split.Configuration.Seed, folder);

    /// <summary>Only spaces that can be enumerated are searched whole.</summary>
    /// <exception cref="UsageException">The branches are too long, or no rules are on.</exception>
    public static void CheckSpace(SearchConfiguration configuration)
    {
        if (configuration.UnaryOperations > LongestBranch)
        {
            throw new UsageException(string.Create(
                CultureInfo.InvariantCulture,
                $"--unary {configuration.UnaryOperations}: the whole space is searched for 1 or 2 operations a branch"));
        }

        if (configuration.Pruning == PruningMode.None)
        {
            throw new UsageException("--pruning none: the whole space is that of the canonical proxies; give sound or paper");
        }

        if (configuration.Combine == Combination.Tensors)
        {
            throw new UsageException(
                "--combine tensors: a whole space is ranked by the terms of single branches, and a product of tensors is a term of its " +
                "own (with all inputs 717 on every network for one operation a branch, 100,759 for two); search start computes those " +
                "that it comes upon");
        }
    }

    private static Member MemberOf(CanonicalProxy proxy, Fitness fitness) => new(proxy.ToProxy(), proxy, fitness, Iteration: 0);

    private static IReadOnlyDictionary<string, long> RuleHits(SearchConfiguration configuration) =>
        SpaceSize.Measure(configuration.UnaryOperations, configuration.Pruning, configuration.ElementReduction).Rules
            .ToDictionary(share => share.Rule.Name, share => (share.Refused + share.Rewritten) * configuration.LayerReductions.Length);

    private static string Sentence(PermutationTest test, string compared) => string.Create(CultureInfo.InvariantCulture,
        $"Permutation test of the winner: on {test.AsGood} of {test.Best.Length} permutations of the truths within groups of equal " +
        $"layers and hidden size, by network, the best of the whole space was as good (p = {test.PValue:G3}; {test.Movable} of the " +
        $"{test.Networks} networks have another one to exchange with; the best {compared} on a permutation is " +
        $"{test.Best.Average():F3} in the mean).");

    private static string Summary(ExhaustiveResult result, string compared)
    {
        var ranked = string.Create(CultureInfo.InvariantCulture,
            $"Every one of the {result.Proxies:N0} canonical proxies was ranked: " +
            $"{result.Valid:N0} are valid and give {result.DistinctRankings:N0} different rankings; ");
        var quantiles = string.Create(CultureInfo.InvariantCulture,
            $"half of the valid ones have a {compared} up to {result.RhoAt(0.5):F2}, all but one in a thousand up to " +
            $"{result.RhoAt(0.999):F2}. ");
        return ranked + quantiles + "The optimum is the best of so many on the search set, which inflates its figures there.";
    }
}
