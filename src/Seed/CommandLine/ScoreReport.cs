using System.Collections.Immutable;
using System.Globalization;
using LPZero.Coordinator.Baselines;
using LPZero.Coordinator.Evaluation;
using LPZero.Coordinator.Ranking;
using LPZero.Coordinator.Scoring;
using LPZero.Coordinator.Truths;
using LPZero.Messages.Control;
using LPZero.Seed.Evaluation;
using LPZero.Seed.Reporting;
using Spectre.Console;
using static LPZero.Seed.Reporting.JsonNumber;

namespace LPZero.Seed.CommandLine;

/// <summary>What <c>proxy score</c> prints: how one proxy ranks a benchmark, beside the structural baselines of its space.</summary>
/// <param name="Scored">The proxy with its scores.</param>
/// <param name="Set">The architectures with the truths that it is judged by.</param>
/// <param name="Baselines">The baselines with theirs, from the simplest to the most informed.</param>
/// <param name="HeldOut">The same on the networks that a search of the same split never sees.</param>
internal sealed record ScoreReport(
    ScoredProxy Scored, ArchitectureSet Set, ImmutableArray<ScoredProxy> Baselines, HeldOutPart HeldOut)
{
    /// <summary>What noise leaves of a perfect ranking of all of them; null where that is not known.</summary>
    public NoiseCeiling? Ceiling { get; init; }

    /// <summary>What a reader has to know besides, in sentences.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>Scores one proxy on all of a benchmark, and once more on what a split holds out.</summary>
    /// <param name="terms">Who computes terms and scores.</param>
    /// <param name="asked">The benchmark, its split, and how its networks are probed.</param>
    /// <param name="chosen">One proxy.</param>
    /// <param name="interrupt">Ends it; what was computed is kept.</param>
    /// <exception cref="UsageException">An expression has nothing to score.</exception>
    /// <exception cref="SearchServiceException">The terms or scores cannot be had.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    public static async Task<ScoreReport> OfAsync(
        ITermCollector terms, EvaluatedBenchmark asked, ProxyChoices chosen, CancellationToken interrupt)
    {
        var (benchmark, configuration) = (asked.Benchmark, asked.Configuration);
        var set = ArchitectureSet.Of(
            TaskTruth.Judging(benchmark, benchmark.Architectures, configuration.Truth), configuration.ShapesOn(benchmark));
        var useCase = new ScoreUseCase(terms, threads: null, progress: null);
        var scored = (await useCase.RunAsync(asked, set, chosen, interrupt))[0];
        var baselines = ScoredProxy.BaselinesOf(new StructuralBaselines(benchmark, configuration.SequenceLength), set);
        return new ScoreReport(
            scored, set, [.. baselines],
            await HeldOutScore.OfAsync(useCase, asked, set, [scored], chosen.Predictors, interrupt))
        {
            Ceiling = NoiseCeiling.Of(benchmark, set.Architectures, configuration.Truth),
            Notes = PredictorNotes.Of(chosen.Predictors, [asked]),
        };
    }

    /// <summary>As JSON has it; docs/json.md names the fields.</summary>
    public object Json()
    {
        var figures = FiguresOf(Scored);
        return new
        {
            expression = Scored.Name,
            rho = figures.Rho,
            tau = figures.TauB,
            tauA = figures.TauA,
            tauB = figures.TauB,
            n = Set.Architectures.Length,
            networks = Set.Networks.Length,
            secondsPerNetwork = Scored.SecondsPerArchitecture,
            invalid = Invalid,
            baselines = Baselines.Select(baseline =>
            {
                var its = FiguresOf(baseline);
                return new { name = baseline.Name, rho = its.Rho, tauA = its.TauA, tauB = its.TauB };
            }),
            ceiling = CeilingJson.Of(Ceiling),
            heldOut = EvaluationFormats.HeldOut(HeldOut),
            notes = Notes.IsEmpty ? null : Notes.AsEnumerable(),
            scores = Scored.Scores.Select((score, i) => new { architecture = Set.Architectures[i].Id, score = Finite(score) }),
        };
    }

    /// <summary>Writes a line of the proxy, one for each baseline, the held-out table, and notes.</summary>
    public void Write(IAnsiConsole console)
    {
        var output = console.Profile.Out.Writer;
        var (time, reason) = (Scored.SecondsPerArchitecture, Invalid);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{Line(Scored)} on {Set.Architectures.Length} architectures ({Set.Networks.Length} networks)" +
            $"{(time is { } each ? $", {each:G3} s a network" : "")}{(reason is null ? "" : $"; {reason}")}"));
        foreach (var baseline in Baselines)
        {
            output.WriteLine($"  baseline {Line(baseline)}");
        }

        EvaluationText.Write(HeldOut, console);
        foreach (var note in Notes)
        {
            output.WriteLine(note);
        }
    }

    private string? Invalid =>
        Scored.Reason is { } undefined ? $"it is not defined here: {undefined}"
        : !Scored.Scores.All(double.IsFinite) ? "some scores are not finite"
        : Scored.Scores.Distinct().Count() == 1 ? "every architecture has the same score"
        : null;

    private string Line(ScoredProxy scored)
    {
        var figures = FiguresOf(scored);
        return $"{scored.Name}: rho {Shown(figures.Rho)}, tau-a {Shown(figures.TauA)}, tau-b {Shown(figures.TauB)}";

        static string Shown(double? value) => value?.ToString("F4", CultureInfo.InvariantCulture) ?? "-";
    }

    /// <summary>Against the truths; null what does not exist.</summary>
    private (double? Rho, double? TauA, double? TauB) FiguresOf(ScoredProxy scored)
    {
        if (scored.Reason is not null || !scored.Scores.All(double.IsFinite))
        {
            return default;
        }

        double[] scores = [.. scored.Scores];
        return (
            Finite(Spearman.Rho(scores, Set.Truths)), Finite(Kendall.TauA(scores, Set.Truths)), Finite(Kendall.TauB(scores, Set.Truths)));
    }
}
