using System.CommandLine;
using System.Globalization;
using LPZero.Coordinator.ArchitectureSearch;
using LPZero.GpuNode.Proxies;
using LPZero.Messages;
using LPZero.Messages.Architectures;
using LPZero.Messages.Predictors;
using LPZero.Seed.ArchitectureSearch;
using LPZero.Seed.Reporting.Charts;
using LPZero.Seed.Storage;
using Spectre.Console;

namespace LPZero.Seed.CommandLine;

/// <summary><c>lpzero nas</c></summary>
internal static class NasCommand
{
    private const string HeldOut = "held-out", All = "all", Genotypes = "genotypes";
    private const int MostScored = 100_000;
    private const int MostSeeds = 1000;

    public static Command Create()
    {
        var options = new ProbeOptions(configuration => configuration.ProbingOfSplit);
        var ranking = new Argument<string>("ranking")
        {
            Description = "an expression, an id of 'proxy list', a predictor (NAME.predictor.json), a structural baseline such as " +
                "parameters, 'layers, then hidden size', 'structure regression' or 'stacked structure regressions'",
        };
        var among = CommonOptions.OneOf("--among",
            "what may be chosen: the benchmark's networks that rankings were not fitted on, all of them, or all that genotypes build " +
            "whose genes take the values that they have in the benchmark", [HeldOut, All, Genotypes], HeldOut);
        var parameters = new Option<double?>("--max-parameters")
        {
            Description = "no network has more parameters, embedding included [default: no limit]", HelpName = "N",
        };
        var flops = new Option<double?>("--max-flops")
        {
            Description = "no network takes more floating-point operations a token, forwards [default: no limit]", HelpName = "N",
        };
        var size = CommonOptions.OneOf("--size", "what the Pareto front holds scores against", [Name(SizeMeasure.Parameters),
            Name(SizeMeasure.Flops)], Name(SizeMeasure.Parameters));
        var budget = Count("--budget", "networks that each search scores", 50);
        var population = Count("--population", "networks that are drawn first, and of which parents are chosen later", 10);
        var offspring = Count("--offspring", "networks that are bred before the next are scored", 5);
        var seeds = Count("--seeds", "repeat with so many seeds, from --seed on", 5);
        var output = new Option<string>("--out") { Description = "folder for the report (default: runs/nas-KEY)", HelpName = "DIR" };
        var command = new DescribedCommand("nas",
            "Find architectures by a ranking, with evolution under limits on their size: the Pareto front, and what is lost against the " +
            "best, beside random draws and the structural baselines.",
            "nas 'square(abs_log(H)) * exp(W)' --benchmark data/tiny-flexibert.json --max-parameters 90000 --budget 20")
        {
            ranking,
        };
        command.WorksOnCluster = true;
        options.AddTo(command, among, parameters, flops, size, budget, population, offspring, seeds, output);

        command.SetAction(async (parsed, interrupt) =>
        {
            var read = options.ReadOne(parsed);
            Check(parsed, parameters, flops);
            var text = parsed.GetValue(ranking)!;
            var predictor = PredictorFile.Find(text);
            var on = predictor is null ? read : PredictorProbing.Required(read, predictor);
            var configuration = on.Configuration;
            var scored = Checked(parsed, budget, 1, MostScored);
            var request = new NasRequest(
                on, text, predictor,
                parsed.GetValue(among) switch { All => NasAmong.All, Genotypes => NasAmong.Genotypes, _ => NasAmong.HeldOut },
                new SizeLimits(parsed.GetValue(parameters), parsed.GetValue(flops)),
                new EvolutionSettings(
                    scored, Math.Min(scored, Checked(parsed, population, 1, MostScored)), Checked(parsed, offspring, 1, MostScored),
                    parsed.GetValue(size) == Name(SizeMeasure.Flops) ? SizeMeasure.Flops : SizeMeasure.Parameters),
                [.. Enumerable.Range(0, Checked(parsed, seeds, 1, MostSeeds)).Select(i => configuration.Seed + (ulong)i)]);
            return await KeptWork.DoAsync(
                async () =>
                {
                    await using var opened = await options.OpenAsync(
                        parsed, NasUseCase.LargestOf(request) is { } largest ? [on, largest] : [on],
                        scores: predictor is null && DesignedProxies.Find(text) is { NeedsNetwork: true });
                    var key = KeyOf(request);
                    var folder = parsed.GetValue(output) ?? Path.Combine("runs", $"nas-{key}");
                    var result = await new NasUseCase(opened.Terms, new ExhaustiveDisplay(quiet: options.Json(parsed))).RunAsync(
                        request, () => OutputFolder.Take(folder, $"the search of architectures {key}", goesOn: true), interrupt);
                    var report = new NasReport(result, ProgramVersion.Text, RepeatCommand.Of(parsed));
                    var shown = NasJson.Of(result, configuration, Path.GetFullPath(folder));
                    foreach (var (file, _, drawing) in report.Drawings())
                    {
                        AtomicFile.Write(Path.Combine(folder, file), SvgFile.Text(drawing));
                    }

                    OutputFolder.WriteReport(folder, report.Markdown(), report.Html(), "nas.json", NasJson.Text(shown));
                    Print(report, shown, options.Json(parsed));
                    opened.ReportMemory();
                },
                interrupt);
        });
        return command;
    }

    /// <summary>The word for a measure, which options and messages share.</summary>
    public static string Name(SizeMeasure measure) => measure == SizeMeasure.Parameters ? "parameters" : "flops";

    private static Option<int> Count(string name, string description, int standard) => new(name)
    {
        Description = description, HelpName = "N", DefaultValueFactory = _ => standard,
    };

    private static int Checked(ParseResult parsed, Option<int> option, int least, int most) =>
        parsed.GetValue(option) is var value && value >= least && value <= most
            ? value
            : throw new UsageException(string.Create(
                CultureInfo.InvariantCulture, $"{option.Name} {value}: give a number {new Bounds(least, most)}"));

    private static void Check(ParseResult parsed, params ReadOnlySpan<Option<double?>> limits)
    {
        foreach (var option in limits)
        {
            if (parsed.GetValue(option) is { } value && !(double.IsFinite(value) && value > 0))
            {
                throw new UsageException(
                    string.Create(CultureInfo.InvariantCulture, $"{option.Name} {value}: give a finite number above 0"));
            }
        }
    }

    private static string KeyOf(NasRequest asked) => RequestKey.Of(new
    {
        benchmark = BenchmarkDigest.Of(asked.On.Benchmark), asked.On.Configuration,
        ranking = asked.Predictor is null ? asked.Ranking : PredictorJson.DigestOf(asked.Predictor), asked.Among, asked.Limits,
        asked.Settings, asked.Seeds,
    });

    private static void Print(NasReport report, NasJson shown, bool json)
    {
        if (json)
        {
            Console.Out.WriteLine(NasJson.Text(shown));
            return;
        }

        Console.WriteLine(report.Summary);
        foreach (var note in report.Result.Notes)
        {
            Console.WriteLine($"note: {note}");
        }

        foreach (var table in report.Tables())
        {
            FittedTable.Of(table).Write(AnsiConsole.Console);
        }

        Console.WriteLine($"report and all figures: {shown.Output}");
    }
}
