using System.Collections.Immutable;
using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using LPZero.Coordinator.Choosing;
using LPZero.Coordinator.Ranking;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using LPZero.Seed.Embedded;
using LPZero.Seed.Exhaustive;
using LPZero.Seed.Reporting;
using LPZero.Seed.Storage;
using Spectre.Console;

namespace LPZero.Seed.CommandLine;

/// <summary><c>lpzero search choose</c></summary>
internal static class ChooseCommand
{
    private const int ShownOptions = 15;

    public static Command Create()
    {
        var options = new TermOptions(configuration => configuration.Choosing);
        var output = new Option<string>("--out") { Description = "folder for the choice and the report (default: runs/choice-KEY)", HelpName = "DIR" };
        var folds = new Option<int>("--folds") { Description = "folds of the cross-validation, by network", HelpName = "N", DefaultValueFactory = _ => 5 };
        var command = new DescribedCommand("choose", "Choose reductions and selection by cross-validation on the search set, then score the held-out set once.",
            "search choose --benchmark flexibert:BERT_benchmark.json --search-architectures 100 --unary 1");
        var only = new Option<string[]>("--only") { Description = "only options with this part in their name, such as 'structure first' or 'layers all_but_last'; several narrow further", HelpName = "PART", AllowMultipleArgumentsPerToken = true };
        options.AddTo(command, output, folds, only);

        command.SetAction(async (parsed, interrupt) =>
        {
            var started = Stopwatch.GetTimestamp();
            var (loaded, configuration) = options.Read(parsed);
            Check(configuration, parsed.GetValue(folds));
            var considered = Considered(configuration, parsed.GetValue(only) ?? []);
            var work = options.Work(parsed, loaded, configuration);
            var store = new Database(options.Database(parsed));
            await using var devices = new DevicePool(work.Threads, work.MemoryBudget, work.CreateEvaluator);
            var profile = await devices.NumericProfileAsync;
            var name = $"choice-{ExhaustiveKey.Of(configuration, loaded, profile)[..12]}";
            var folder = parsed.GetValue(output) ?? Path.Combine("runs", name);
            OutputFolder.Take(folder, $"the choice {name}", goesOn: true);
            var display = new ExhaustiveDisplay(quiet: options.Json(parsed));

            // One pass over the devices and one reading of the cache serve every reduction.
            ImmutableArray<(Reduction Elements, Reduction Tensors)> reductions =
                [.. Enum.GetValues<Reduction>().SelectMany(elements => Enum.GetValues<Reduction>().Select(tensors => (elements, tensors)))];
            var terms = new SplitTerms(loaded, configuration, store, devices, profile, reductions);
            await terms.Search.EnsureAsync([.. Enum.GetValues<Reduction>().SelectMany(elements => CrossValidation.Branches(configuration, elements)).Distinct()], display, interrupt);
            var validation = new CrossValidation(
                configuration, considered, terms.Sample.Search, reductions.ToDictionary(way => way, way => terms.Search.TableOf(way.Elements, way.Tensors)), parsed.GetValue(folds));
            var candidates = await Task.Run(() => RankAll(validation, work.Threads, display, interrupt), interrupt);
            var validated = validation.Validate(candidates);
            var chosen = CrossValidation.Choose(validated);

            // The choice is on disk before the held-out set is looked at.
            var choice = ChoiceJson.Of(configuration, validated, chosen, heldOutRhos: []);
            AtomicFile.Write(Path.Combine(folder, "choice.json"), ChoiceJson.Text(choice));

            var heldOutRhos = await HeldOutRhosAsync();
            var report = ChoiceReport.Create(name, RepeatCommand.Of(parsed), terms, validated, heldOutRhos, chosen, Stopwatch.GetElapsedTime(started).TotalSeconds);
            ReportFiles.Write(report, folder);
            choice = ChoiceJson.Of(configuration, validated, chosen, heldOutRhos) with { HeldOut = HeldOutJson.Of(report.Proxies[0].HeldOut, report.HeldOut), Output = Path.GetFullPath(folder) };
            AtomicFile.Write(Path.Combine(folder, "choice.json"), ChoiceJson.Text(choice));
            Print(choice, options.Json(parsed));
            PeakMemory.Report(work);
            return ExitCode.Done;

            async Task<ImmutableArray<double>> HeldOutRhosAsync()
            {
                ImmutableArray<Branch> branches = [.. validated.SelectMany(option => option.Predictor.Proxies).SelectMany(proxy => proxy.Branches).Distinct()];
                await terms.HeldOut.EnsureAsync(branches, display, interrupt);
                return
                [
                    .. validated.Select(option => Spearman.Rho(
                        option.Predictor.Score(terms.Sample.HeldOut, terms.HeldOut.TableOf(option.Option.Elements, option.Option.Tensors)), terms.Sample.HeldOut.Truths)),
                ];
            }
        });
        return command;
    }

    private static Dictionary<RankingTask, ImmutableArray<Candidate>> RankAll(
        CrossValidation validation, int threads, ExhaustiveDisplay display, CancellationToken interrupt)
    {
        var candidates = new ImmutableArray<Candidate>[validation.Tasks.Length];
        var done = 0;
        Parallel.For(0, candidates.Length, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = interrupt }, i =>
        {
            candidates[i] = validation.Run(validation.Tasks[i]);
            display.ReportRankings(Interlocked.Increment(ref done), candidates.Length);
        });
        return Enumerable.Range(0, candidates.Length).ToDictionary(i => validation.Tasks[i], i => candidates[i]);
    }

    private static void Check(SearchConfiguration configuration, int folds)
    {
        ExhaustiveCommand.CheckSpace(configuration);
        if (folds is < 2 or > 20)
        {
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--folds {folds}: give a number from 2 to 20"));
        }
    }

    /// <summary>The options whose names have all of the given parts.</summary>
    /// <exception cref="UsageException">There is none.</exception>
    private static ImmutableArray<ChoosingOption> Considered(SearchConfiguration configuration, string[] parts)
    {
        var all = ChoosingOption.All(configuration.Inputs, configuration.MinDistinct).ToList();
        ImmutableArray<ChoosingOption> considered = [.. all.Where(option => parts.All(option.Parts.Contains))];
        return !considered.IsEmpty ? considered : throw new UsageException(
            $"--only {string.Join(", ", parts)}: no option has all of these; the parts are {string.Join(", ", all.SelectMany(option => option.Parts).Distinct(StringComparer.Ordinal))}");
    }

    private static void Print(ChoiceJson choice, bool json)
    {
        if (json)
        {
            Console.Out.WriteLine(ChoiceJson.Text(choice));
            return;
        }

        var table = new FittedTable("", "option", "cross-validated rho");
        foreach (var option in choice.Options.OrderByDescending(option => option.CrossValidatedRho).Take(ShownOptions))
        {
            table.Add(option.Chosen ? ">" : "", option.Name, Figures.Correlation(option.CrossValidatedRho));
        }

        table.Write(AnsiConsole.Console);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"chosen of {choice.Options.Count} options on the search set alone: {choice.Predictor}"));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"rho {choice.SearchRho:F4} on the search set, {choice.HeldOut?.Rho:F4} on the held-out set ({choice.HeldOut?.RhoLow:F4} to {choice.HeldOut?.RhoHigh:F4}, {choice.HeldOut?.Networks} networks)"));
        Console.WriteLine($"report: {choice.Output}");
    }
}
