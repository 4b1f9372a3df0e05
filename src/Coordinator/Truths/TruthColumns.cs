using System.Collections.Immutable;
using LPZero.Coordinator.Ranking;
using LPZero.Messages.Architectures;

namespace LPZero.Coordinator.Truths;

/// <summary>A truth that rankings can be held against.</summary>
/// <param name="Name">Its name in tables.</param>
/// <param name="IsTask">Whether it is a single task.</param>
/// <param name="Ceiling">The rho of a perfect ranking; NaN where it is not known.</param>
/// <param name="CeilingWithoutFailed">The same without failed trainings; NaN where none has failed, too.</param>
public sealed record TruthColumn(string Name, bool IsTask, double Ceiling, double CeilingWithoutFailed);

/// <summary>How scores rank one truth.</summary>
/// <param name="All">Spearman's rho over all architectures; NaN where the scores have none.</param>
/// <param name="WithoutFailed">The same without failed trainings; NaN where none has failed, too.</param>
public readonly record struct TruthRho(double All, double WithoutFailed);

/// <summary>
/// Every truth of a set whose benchmark is made of tasks: as given, weighted by reliability, and each task; with failed trainings and
/// without. There is none where a benchmark has no tasks.
/// </summary>
public sealed class TruthColumns
{
    /// <summary>The name of the truth by reliability.</summary>
    public const string ByReliability = "by reliability";

    private readonly ImmutableArray<int> successful;
    private readonly ImmutableArray<(SpearmanAgainst All, SpearmanAgainst WithoutFailed)> truths;

    private TruthColumns(
        ImmutableArray<TruthColumn> all, ImmutableArray<int> successful,
        ImmutableArray<(SpearmanAgainst All, SpearmanAgainst WithoutFailed)> truths)
    {
        All = all;
        this.successful = successful;
        this.truths = truths;
    }

    /// <summary>The truths: as given, by reliability where that is declared, and each task.</summary>
    public ImmutableArray<TruthColumn> All { get; }

    /// <summary>The truths of architectures, whatever truth they bear themselves.</summary>
    /// <param name="benchmark">The benchmark.</param>
    /// <param name="set">Architectures of it.</param>
    public static TruthColumns Of(Benchmark benchmark, IReadOnlyList<Architecture> set)
    {
        if (benchmark.Tasks is not { } tasks || set.Count == 0)
        {
            return new TruthColumns([], [], []);
        }

        var all = Trainings.Of(benchmark, benchmark.Architectures);
        var places = benchmark.Architectures.Select((architecture, i) => (architecture.Id, i))
            .ToDictionary(pair => pair.Id, pair => pair.i, StringComparer.Ordinal);
        ImmutableArray<int> ofSet = [.. set.Select(architecture => places[architecture.Id])];
        var trainings = all.At(ofSet);
        var withoutFailed = trainings.Successful;
        var columns = ImmutableArray.CreateBuilder<TruthColumn>();
        var ranked = ImmutableArray.CreateBuilder<(SpearmanAgainst All, SpearmanAgainst WithoutFailed)>();
        Add(benchmark.Metric, isTask: false, [.. benchmark.Architectures.Select(architecture => architecture.Truth)]);
        if (!tasks.Reliability.IsEmpty)
        {
            Add(
                ByReliability, isTask: false,
                [.. TaskTruth.Judging(benchmark, benchmark.Architectures).Select(architecture => architecture.Truth)]);
        }

        for (var task = 0; task < tasks.Names.Length; task++)
        {
            Add(tasks.Names[task], isTask: true, [.. benchmark.Architectures.Select(architecture => architecture.Tasks[task])]);
        }

        return new TruthColumns(columns.ToImmutable(), withoutFailed, ranked.ToImmutable());

        void Add(string name, bool isTask, ImmutableArray<double> ofAll)
        {
            ImmutableArray<double> truth = [.. ofSet.Select(i => ofAll[i])];
            var ceiling = NoiseCeiling.Of(trainings, truth, TrainingNoise.Of(all, ofAll));
            columns.Add(new TruthColumn(name, isTask, ceiling?.Rho ?? double.NaN, ceiling?.RhoWithoutFailed ?? double.NaN));
            ranked.Add((
                new SpearmanAgainst(truth.AsSpan()), new SpearmanAgainst(withoutFailed.Select(i => truth[i]).ToArray())));
        }
    }

    /// <summary>How scores rank each of the truths.</summary>
    /// <param name="scores">[n] scores in the set's order, higher is better.</param>
    public ImmutableArray<TruthRho> Rank(ImmutableArray<double> scores)
    {
        double[] withoutFailed = [.. successful.Select(i => scores[i])];
        return
        [
            .. truths.Select(truth => new TruthRho(
                truth.All.Rho(scores.AsSpan()),
                withoutFailed.Length < scores.Length ? truth.WithoutFailed.Rho(withoutFailed) : double.NaN)),
        ];
    }
}
