using System.CommandLine;
using System.Globalization;
using LPZero.Messages;
using LPZero.Messages.Architectures;
using LPZero.Seed.Evaluation;
using LPZero.Seed.Storage;
using Spectre.Console;

namespace LPZero.Seed.CommandLine;

/// <summary><c>lpzero evaluate</c></summary>
internal static class EvaluateCommand
{
    private const string Text = "text", Markdown = "markdown", Csv = "csv", Latex = "latex", Html = "html", Json = "json";

    // Of a sample: fewer architectures may not hold the networks that it takes to rank them.
    private const int FewestArchitectures = 4;

    public static Command Create()
    {
        var options = new ProbeOptions(configuration => configuration.ProbingOfSplit, severalBenchmarks: true)
        {
            NeedsSplit = false, // there is no table of held-out networks then
        };
        var proxies = new Option<string[]>("--proxies")
        {
            Description = "ids of 'proxy list', expressions and predictors (FILE.predictor.json), separated by commas; all for every id; " +
                "or scores:FILE.csv (an id, then a column for each proxy; higher is better); may be given again",
            HelpName = "PROXIES",
            Required = true,
        };
        var sample = new Option<int?>("--sample")
        {
            Description = "evaluate on so many architectures of each benchmark, drawn by network [default: all]", HelpName = "N",
        };
        var against = new Option<string>("--against")
        {
            Description = "published scores, to hold the proxies of the same names against: scores:FILE.csv, as --proxies takes it or " +
                "BERT_results_activation.csv, or scores:FOLDER with LPZero's *_scores_seed_N.yaml",
            HelpName = "SCORES",
        };
        var format = CommonOptions.OneOf(
            "--format", "what to print; where not given what the ending of --out says, else text",
            [Text, Markdown, Csv, Latex, Html, Json], standard: null);
        var output = new Option<string>("--out") { Description = "file to write instead of standard output", HelpName = "FILE" };
        var command = new DescribedCommand("evaluate",
            "Say how well proxies rank benchmarks, beside the structural baselines: in figures with intervals, and in plots (html).",
            "evaluate --benchmark data/tiny-flexibert.json --proxies 'snip, square(abs_log(H)) * exp(W)' --out evaluation.html")
        {
            WorksOnCluster = true,
        };
        options.AddTo(command, proxies, against, sample, format, output);

        command.SetAction(async (parsed, interrupt) =>
        {
            var written = FormatOf(parsed.GetValue(format), options.Json(parsed), parsed.GetValue(output));
            CheckSample(parsed.GetValue(sample));
            var chosen = ProxyChoices.Read(parsed.GetValue(proxies)!);
            var published = parsed.GetValue(against) is { } source ? PublishedScores.Read(source) : null;
            var benchmarks = options.ReadAll(parsed);
            CheckDifferent(benchmarks);
            foreach (var (benchmark, named) in benchmarks.SelectMany(_ => chosen.Expressions, (benchmark, named) => (benchmark, named)))
            {
                // Said before anything is computed.
                ProxyCommands.CanonicalForm(named.Proxy, benchmark.Configuration);
            }

            CheckFile(parsed.GetValue(output));

            return await KeptWork.DoAsync(
                async () =>
                {
                    // Memory has to have room for what is drawn alone.
                    var drawn = benchmarks.Select(
                        benchmark => benchmark with { Benchmark = BenchmarkSample.Of(benchmark, parsed.GetValue(sample)) });
                    await using var opened = await options.OpenAsync(
                        parsed, ScoreUseCase.Probed([.. drawn], chosen.Predictors), scores: chosen.NeedNetworks,
                        chosen.BuildNetworks);
                    var useCase = new EvaluateUseCase(
                        opened.Terms, opened.ComputingThreads, new ExhaustiveDisplay(quiet: options.Json(parsed)));
                    var evaluations = await useCase.RunAsync(benchmarks, chosen, published, parsed.GetValue(sample), interrupt);
                    var report = new EvaluationReport(evaluations, ProgramVersion.Text, RepeatCommand.Of(parsed))
                    {
                        Notes =
                        [
                            .. PredictorNotes.Of(chosen.Predictors, benchmarks),
                            .. benchmarks.Where((_, i) => evaluations[i].HeldOut is null)
                                .Select(on => NoneHeldOut(BenchmarkSample.Evaluated(on, parsed.GetValue(sample)))),
                        ],
                    };
                    Write(report, written, parsed.GetValue(output));
                    opened.ReportMemory();
                },
                interrupt);
        });
        return command;
    }

    private static string NoneHeldOut(EvaluatedBenchmark asked) =>
        $"{asked.Name} has no table of held-out networks: {HeldOutScore.FindProblem(asked)}.";

    private static string FormatOf(string? named, bool json, string? file)
    {
        if (json && named is not null and not Json)
        {
            throw new UsageException($"--json and --format {named}: give one of them");
        }

        return json ? Json : named ?? (file is null ? Text : Path.GetExtension(file).ToLowerInvariant() switch
        {
            ".md" => Markdown,
            ".csv" => Csv,
            ".tex" => Latex,
            ".html" or ".htm" => Html,
            ".json" => Json,
            ".txt" => Text,
            _ => throw new UsageException(
                $"--out {file}: its ending names no format; give --format, or .md, .csv, .tex, .html, .json or .txt"),
        });
    }

    private static void CheckDifferent(IEnumerable<EvaluatedBenchmark> benchmarks)
    {
        if (benchmarks.GroupBy(each => BenchmarkDigest.Of(each.Benchmark)).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new UsageException($"--benchmark: {twice.Last().Name} was given before; give each benchmark once");
        }
    }

    /// <summary>Whether the file can be where it is wanted, said before anything is computed.</summary>
    private static void CheckFile(string? file)
    {
        if (file is null)
        {
            return;
        }

        if (Directory.Exists(file))
        {
            throw new UsageException($"--out {file}: is a directory; give a file");
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--out {file}: its folder cannot be made ({problem.Message}); give another");
        }
    }

    private static void CheckSample(int? sample)
    {
        if (sample < FewestArchitectures)
        {
            throw new UsageException(string.Create(CultureInfo.InvariantCulture,
                $"--sample {sample}: give a number from {FewestArchitectures}"));
        }
    }

    private static void Write(EvaluationReport report, string format, string? file)
    {
        if (file is null && format == Text)
        {
            EvaluationText.Write(report, AnsiConsole.Console);
            return;
        }

        var text = format switch
        {
            Markdown => EvaluationFormats.Markdown(report),
            Csv => EvaluationFormats.Csv(report),
            Latex => EvaluationFormats.Latex(report),
            Html => EvaluationPage.Render(report),
            Json => EvaluationFormats.Json(report),
            _ => EvaluationText.Plain(report),
        };
        if (file is null)
        {
            Console.Out.Write(text);
        }
        else
        {
            AtomicFile.Write(file, text);
            Console.Error.WriteLine($"written: {file}");
        }
    }
}
