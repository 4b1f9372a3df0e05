using System.Collections.Immutable;
using LPZero.Coordinator.Ablation;
using LPZero.Coordinator.ArchitectureSearch;
using LPZero.Coordinator.Evaluation;
using LPZero.Coordinator.Truths;

namespace LPZero.Seed.ArchitectureSearch;

/// <summary>Which networks a search of architectures may choose.</summary>
internal enum NasAmong
{
    /// <summary>The benchmark's, without those that rankings were fitted on.</summary>
    HeldOut,

    /// <summary>All of the benchmark's.</summary>
    All,

    /// <summary>All that genotypes build whose genes take the values that they have in the benchmark.</summary>
    Genotypes,
}

/// <summary>How a strategy did with one seed.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Scored">Networks that were scored.</param>
/// <param name="Best">The best of them by score.</param>
/// <param name="Score">Its score.</param>
/// <param name="RegretTop1">The best truth there is minus that of the best by score; NaN where truths are not known.</param>
/// <param name="RegretTop10">The same of the best truth among the ten best by score.</param>
internal sealed record NasRun(ulong Seed, int Scored, SearchedNetwork Best, double Score, double RegretTop1, double RegretTop10);

/// <summary>How a ranking did with a strategy.</summary>
/// <param name="Ranking">The ranking's name.</param>
/// <param name="Kind">What kind of ranking it is.</param>
/// <param name="Strategy">Where networks to score came from: evolution, or random draws.</param>
/// <param name="Runs">One for each seed.</param>
internal sealed record NasMethod(string Ranking, string Kind, string Strategy, ImmutableArray<NasRun> Runs)
{
    /// <summary>The regrets of the best one by score.</summary>
    public Spread RegretTop1 => Spread.Of([.. Runs.Select(run => run.RegretTop1)]);

    /// <summary>The regrets of the ten best by score.</summary>
    public Spread RegretTop10 => Spread.Of([.. Runs.Select(run => run.RegretTop10)]);
}

/// <summary>What the networks that might have been chosen are worth.</summary>
/// <param name="Size">Their number, and that of the architectures that build them.</param>
/// <param name="Best">The best by truth.</param>
/// <param name="ChanceTop1">The regret that is expected of one drawn at random.</param>
/// <param name="ChanceTop10">The regret that is expected of the best by truth among ten drawn at random.</param>
/// <param name="Noise">
/// Standard deviation between trainings of one network, in the truth's unit; null where the benchmark has no network that was trained
/// twice.
/// </param>
/// <param name="Ceiling">What that noise leaves of a perfect ranking of these architectures; null where that is not known.</param>
internal sealed record NasTruth(
    SetSize Size, SearchedNetwork Best, double ChanceTop1, double ChanceTop10, double? Noise, NoiseCeiling? Ceiling);

/// <summary>All that <c>lpzero nas</c> has found.</summary>
internal sealed record NasResult
{
    /// <summary>The benchmark's name.</summary>
    public required string Benchmark { get; init; }

    /// <summary>What its truth measures.</summary>
    public required string Metric { get; init; }

    /// <summary>SHA-256 of its content.</summary>
    public required string Digest { get; init; }

    /// <summary>Which networks might be chosen.</summary>
    public required NasAmong Among { get; init; }

    /// <summary>The limits.</summary>
    public required SizeLimits Limits { get; init; }

    /// <summary>How the search went on.</summary>
    public required EvolutionSettings Settings { get; init; }

    /// <summary>What is known of those that might be chosen; null among genotypes, of which few have a truth.</summary>
    public required NasTruth? Truth { get; init; }

    /// <summary>The ranking that was asked for with each strategy first, then the baselines.</summary>
    public required ImmutableArray<NasMethod> Methods { get; init; }

    /// <summary>Every network that the evolution with the ranking that was asked for scored, with any seed, scored together.</summary>
    public required SearchOutcome Found { get; init; }

    /// <summary>What a reader has to know besides, in sentences.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>The method that was asked for.</summary>
    public NasMethod Asked => Methods[0];

    /// <summary>The Pareto front of what was found: indices, smallest first.</summary>
    public ImmutableArray<int> Front => Found.Front(Settings.Measure);
}
