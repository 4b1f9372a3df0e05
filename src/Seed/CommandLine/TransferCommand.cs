using System.CommandLine;
using System.Globalization;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Architectures;
using LPZero.Messages.Predictors;
using LPZero.Messages.Search;
using LPZero.Seed.Benchmarks;
using LPZero.Seed.Evaluation;
using LPZero.Seed.Storage;
using Spectre.Console;

namespace LPZero.Seed.CommandLine;

/// <summary><c>lpzero transfer</c></summary>
internal static class TransferCommand
{
    public static Command Create()
    {
        var chooseOn = Sources("--choose-on", "a set on whose search part the formula is chosen, and on whose held-out part it is judged");
        var judgeOn = Sources("--judge-on", "a set on which it is judged alone");
        var options = new ProbeOptions(configuration => configuration.JointRanking, [chooseOn, judgeOn]);
        var expression = new Option<string>("--expression")
        {
            Description = "judge this expression, or predictor (a file NAME.predictor.json), instead of choosing one",
            HelpName = "EXPRESSION",
        };
        var allReductions = new Option<bool>("--all-reductions")
        {
            Description = "choose among all reductions of layers, tensors and elements, instead of those that are given",
        };
        var sample = new Option<int?>("--sample")
        {
            Description = "of each set that is judged on alone, take so many architectures, drawn by network [default: all]",
            HelpName = "N",
        };
        var output = new Option<string>("--out") { Description = "folder for the report (default: runs/transfer-KEY)", HelpName = "DIR" };
        var command = new DescribedCommand("transfer",
            "Choose one formula on the search parts of several sets, freeze it, then judge it on networks that it was not chosen on, " +
            "beside the best hand formula of each set and a regression on structure.",
            "transfer --choose-on data/tiny-flexibert.json --judge-on data/tiny-decoder.json --unary 1")
        {
            WorksOnCluster = true,
        };
        options.AddTo(command, expression, allReductions, sample, output);

        command.SetAction(async (parsed, interrupt) =>
        {
            var request = Read(parsed, options, (chooseOn, judgeOn), expression, parsed.GetValue(allReductions), parsed.GetValue(sample));
            return await KeptWork.DoAsync(
                async () =>
                {
                    var all = request.ChooseOn.AddRange(request.JudgeOn);
                    await using var opened = await options.OpenAsync(parsed, all);
                    var key = KeyOf(request);
                    var folder = parsed.GetValue(output) ?? Path.Combine("runs", $"transfer-{key}");
                    OutputFolder.Take(folder, $"the transfer {key}", goesOn: true);
                    var report = await new TransferUseCase(opened.Terms, new ExhaustiveDisplay(quiet: options.Json(parsed))).RunAsync(
                        request with { Threads = opened.Threads }, formula => Freeze(formula, folder), interrupt);
                    var shown = TransferJson.Of(report, all[0].Configuration, Path.GetFullPath(folder));
                    OutputFolder.WriteReport(folder, report.Markdown(), report.Html(), "transfer.json", TransferJson.Text(shown));
                    Print(report, shown, options.Json(parsed));
                    opened.ReportMemory();
                },
                interrupt);
        });
        return command;
    }

    /// <summary>What the options ask for; all sets are probed alike.</summary>
    private static TransferRequest Read(
        ParseResult parsed, ProbeOptions options, (Option<string[]> ChooseOn, Option<string[]> JudgeOn) sources,
        Option<string> expression, bool allReductions, int? sample)
    {
        if (sample < Benchmark.FewestArchitectures)
        {
            throw new UsageException(string.Create(CultureInfo.InvariantCulture,
                $"--sample {sample}: give a number from {Benchmark.FewestArchitectures}"));
        }

        // A set counts once, and is not foreign where the formula is chosen on a part of it; a sample of it has another digest.
        var known = new HashSet<string>(StringComparer.Ordinal);
        var again = new List<string>();
        var chooseOn = options.ReadAll(parsed, sources.ChooseOn, whole => IsNew(whole) ? whole.Benchmark : null);
        var judgeOn = options.ReadAll(parsed, sources.JudgeOn, whole => IsNew(whole) ? PartOf(whole, sample) : null);
        var text = parsed.GetValue(expression);
        if (chooseOn.IsEmpty && (text is null || judgeOn.IsEmpty))
        {
            throw new UsageException("--choose-on: give a set to choose the formula on, or --expression and a set to --judge-on");
        }

        // A formula is not one formula where its networks are probed in different ways; what is smallest has room on every set.
        var all = chooseOn.AddRange(judgeOn);
        var (batch, length) = (all.Min(set => set.Configuration.BatchSize), all.Min(set => set.Configuration.SequenceLength));
        var request = new TransferRequest(
            [.. chooseOn.Select(set => Alike(set))], [.. judgeOn.Select(set => Alike(set))], Given: null, allReductions, Threads: 1,
            RepeatCommand.Of(parsed))
        {
            Notes = [.. again.Distinct(StringComparer.Ordinal).Select(name => $"The set {name} is given more than once and counts once.")],
        };
        if (text is null)
        {
            ExhaustiveUseCase.CheckSpace(request.ChooseOn[0].Configuration);
            return request;
        }

        if (allReductions)
        {
            throw new UsageException("--all-reductions has no meaning with --expression: nothing is chosen");
        }

        return PredictorFile.Find(text) is { } predictor
            ? WithPredictor(request, predictor)
            : request with { Given = TransferUseCase.Freeze(ExpressionOf(text), Alike(all[0])) };

        bool IsNew(EvaluatedBenchmark whole)
        {
            var isNew = known.Add(BenchmarkDigest.Of(whole.Benchmark));
            if (!isNew)
            {
                again.Add(whole.Name);
            }

            return isNew;
        }

        EvaluatedBenchmark Alike(EvaluatedBenchmark set) => set with
        {
            Configuration = set.Configuration with
            {
                BatchSize = batch,
                SequenceLength = length,
                Fitness = FitnessTarget.Truth,
                Prefix = null,
            },
        };
    }

    private static Option<string[]> Sources(string name, string description) => new(name)
    {
        Description = $"{description}: {BenchmarkSource.Forms}; may be given again [default: none]",
        HelpName = "SOURCE",
        Arity = ArgumentArity.OneOrMore,
    };

    /// <summary>What is judged of a set: all of it, or a sample.</summary>
    /// <exception cref="UsageException">The sample is of too few networks to rank.</exception>
    internal static Benchmark PartOf(EvaluatedBenchmark whole, int? sample)
    {
        var part = BenchmarkSample.Of(whole, sample);
        var networks = ArchitectureSet.Of(part.Architectures, whole.Configuration.ShapesOn(part)).Networks.Length;
        return part == whole.Benchmark || networks >= Benchmark.FewestArchitectures
            ? part
            : throw new UsageException(string.Create(CultureInfo.InvariantCulture,
                $"--sample {sample}: so many of {whole.Name} are {networks} different networks, too few to rank; give more"));
    }

    private static Messages.Proxies.Proxy ExpressionOf(string text)
    {
        var proxy = ProxyNames.FindExpression(text) ?? throw new UsageException(
            $"--expression {text}: give an expression; what 'evaluate' says of a proxy that people designed is on each set by itself");
        ProxyCommands.CanonicalForm(proxy, SearchConfiguration.Presets["default"]);
        return proxy;
    }

    /// <summary>The same sets, probed as the predictor was.</summary>
    private static TransferRequest WithPredictor(TransferRequest request, Predictor predictor) => request with
    {
        ChooseOn = [.. request.ChooseOn.Select(set => PredictorProbing.Required(set, predictor))],
        JudgeOn = [.. request.JudgeOn.Select(set => PredictorProbing.Required(set, predictor))],
        Given = predictor,
        Notes =
        [
            .. request.Notes,
            .. request.ChooseOn.AddRange(request.JudgeOn).Select(set => PredictorProbing.NoteOn(predictor, set)).OfType<string>()
                .Distinct(StringComparer.Ordinal),
        ],
    };

    private static string KeyOf(TransferRequest asked)
    {
        return RequestKey.Of(new
        {
            chooseOn = asked.ChooseOn.Select(Set), judgeOn = asked.JudgeOn.Select(Set),
            given = asked.Given is null ? null : PredictorJson.DigestOf(asked.Given), asked.AllReductions,
        });

        static object Set(EvaluatedBenchmark set) => new { digest = BenchmarkDigest.Of(set.Benchmark), set.Configuration };
    }

    /// <summary>What is frozen is on disk, and on the screen, before anything is judged.</summary>
    private static void Freeze(Predictor formula, string folder)
    {
        AtomicFile.Write(Path.Combine(folder, "transfer.predictor.json"), PredictorJson.Write(formula));
        Console.Error.WriteLine($"frozen: {formula}, digest {PredictorJson.DigestOf(formula)}");
    }

    private static void Print(TransferReport report, TransferJson shown, bool json)
    {
        if (json)
        {
            Console.Out.WriteLine(TransferJson.Text(shown));
            return;
        }

        Console.WriteLine($"{report.Formula} ({report.Details})");
        foreach (var table in report.TruthsOfEach().Prepend(report.Table()))
        {
            FittedTable.Of(table).Write(AnsiConsole.Console);
        }

        Console.WriteLine(report.Summary);
        foreach (var note in report.Notes)
        {
            Console.WriteLine($"note: {note}");
        }

        Console.WriteLine($"report and all figures: {shown.Output}");
    }
}
