using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using LPZero.Coordinator.Exhaustive;
using LPZero.Coordinator.Pruning;
using LPZero.Coordinator.Reporting;
using LPZero.Coordinator.Run;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Search;
using LPZero.Seed.Embedded;
using LPZero.Seed.Exhaustive;
using LPZero.Seed.Reporting;
using LPZero.Seed.Storage;

namespace LPZero.Seed.CommandLine;

/// <summary><c>lpzero search exhaustive</c></summary>
internal static class ExhaustiveCommand
{
    private const int LongestBranch = 2;

    public static Command Create()
    {
        var options = new TermOptions(configuration => configuration.Ranking);
        var output = new Option<string>("--out") { Description = "folder for checkpoint and report (default: runs/exhaustive-KEY)", HelpName = "DIR" };
        var top = new Option<int>("--top") { Description = "how many of the best proxies to list", HelpName = "N", DefaultValueFactory = _ => 100 };
        var command = new DescribedCommand("exhaustive", "Rank every proxy of the space; killed or interrupted, the same command goes on.",
            "search exhaustive --benchmark flexibert:BERT_benchmark.json --search-architectures 50 --top 100");
        options.AddTo(command, output, top);

        command.SetAction(async (parsed, interrupt) =>
        {
            var started = Stopwatch.GetTimestamp();
            var (loaded, configuration) = options.Read(parsed);
            Check(configuration, parsed.GetValue(top));
            var work = options.Work(parsed, loaded, configuration);
            var store = new Database(options.Database(parsed));
            await using var devices = new DevicePool(work.Threads, work.MemoryBudget, work.CreateEvaluator);
            var terms = new SplitTerms(loaded, configuration, store, devices, await devices.NumericProfileAsync);
            var key = ExhaustiveKey.Of(configuration, loaded, terms.NumericProfile);
            var folder = parsed.GetValue(output) ?? Path.Combine("runs", $"exhaustive-{key[..12]}");
            OutputFolder.Take(folder, $"the exhaustive search {key[..12]}", goesOn: true);
            var display = new ExhaustiveDisplay(quiet: options.Json(parsed));

            var space = new ProxySpace(configuration);
            await terms.Search.EnsureAsync(space.Branches, display, interrupt);
            var ranking = new ExhaustiveRanking(space, new RankedSet(terms.Sample.Search), terms.Search.Table, configuration.MinDistinct);
            var search = new ExhaustiveSearch(space, ranking, key, parsed.GetValue(top), folder, work.Threads);
            var (tally, distinct) = await Task.Run(() => search.Run(display, interrupt), interrupt);
            var result = ExhaustiveResult.Of(space, tally, distinct, new FitnessFunction(configuration, terms.Sample.Search, terms.Search.Table));
            new ExhaustiveStore(store).Save(key, result);

            List<Member> best = [.. tally.Best.Take(RunReport.Proxies).Select((ranked, i) => MemberOf(space.At(ranked.Ordinal), result.Top[i].Fitness))];
            await terms.HeldOut.EnsureAsync([.. best.SelectMany(member => member.Canonical.Branches).Distinct()], display, interrupt);
            var report = terms.Report($"exhaustive-{key[..12]}", RepeatCommand.Of(parsed), configuration, best, RuleHits(configuration), Stopwatch.GetElapsedTime(started).TotalSeconds);
            report = report with { Notes = [Summary(result), .. report.Notes], Scored = result.Proxies, Invalid = result.Proxies - result.Valid };
            ReportFiles.Write(report, folder);
            var shown = ExhaustiveJson.Of(result, report, configuration, key, Path.GetFullPath(folder));
            AtomicFile.Write(Path.Combine(folder, "exhaustive.json"), ExhaustiveJson.Text(shown));
            search.CleanUp();
            ExhaustiveDisplay.Print(shown, options.Json(parsed));
            PeakMemory.Report(work);
            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>Only spaces that can be enumerated are searched whole.</summary>
    /// <exception cref="UsageException">The branches are too long, or no rules are on.</exception>
    public static void CheckSpace(SearchConfiguration configuration)
    {
        if (configuration.UnaryOperations > LongestBranch)
        {
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--unary {configuration.UnaryOperations}: the whole space is searched for 1 or 2 operations a branch"));
        }

        if (configuration.Pruning == PruningMode.None)
        {
            throw new UsageException("--pruning none: the whole space is that of the canonical proxies; give sound or paper");
        }
    }

    private static void Check(SearchConfiguration configuration, int top)
    {
        CheckSpace(configuration);
        if (top < 1)
        {
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--top {top}: give a positive number"));
        }
    }

    private static Member MemberOf(CanonicalProxy proxy, Fitness fitness) => new(proxy.ToProxy(), proxy, fitness, Iteration: 0);

    private static IReadOnlyDictionary<string, long> RuleHits(SearchConfiguration configuration) =>
        SpaceSize.Measure(configuration.UnaryOperations, configuration.Pruning, configuration.ElementReduction).Rules
            .ToDictionary(share => share.Rule.Name, share => (share.Refused + share.Rewritten) * configuration.LayerReductions.Length);

    private static string Summary(ExhaustiveResult result) => string.Create(CultureInfo.InvariantCulture,
        $"Every one of the {result.Proxies:N0} canonical proxies was ranked: {result.Valid:N0} are valid and give {result.DistinctRankings:N0} different rankings; half of the valid ones have a rho up to {result.RhoAt(0.5):F2}, all but one in a thousand up to {result.RhoAt(0.999):F2}. The optimum is the best of so many on the search set, which inflates its rho there.");
}
