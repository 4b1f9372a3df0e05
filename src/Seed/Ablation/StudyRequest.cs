using System.Collections.Immutable;
using LPZero.Coordinator.Evaluation;
using LPZero.Coordinator.Scoring;
using LPZero.Coordinator.Truths;
using LPZero.Messages.Architectures;
using LPZero.Messages.Control;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;
using LPZero.Seed.Reporting;

namespace LPZero.Seed.Ablation;

/// <summary>What a study is of, and who works for it.</summary>
/// <param name="Benchmark">The benchmark.</param>
/// <param name="Configuration">The space, how its proxies are scored, and the first seed.</param>
/// <param name="Folder">Where the finished parts are kept.</param>
/// <param name="Command">What to type to do the same again.</param>
/// <param name="Terms">Who computes terms.</param>
/// <param name="Progress">Told how far terms have come; null where nobody wants to know.</param>
/// <param name="Say">Told in a line what is done; may be called on any thread.</param>
internal sealed record StudyRequest(
    Benchmark Benchmark, SearchConfiguration Configuration, string Folder, string Command, ITermCollector Terms,
    IProgress<TermProgress>? Progress, Action<string> Say)
{
    /// <summary>What noise leaves of a perfect ranking of all of the benchmark; null where no network was trained twice.</summary>
    public NoiseCeiling? Ceiling => NoiseCeiling.Of(Benchmark, Benchmark.Architectures, Configuration.Truth);

    /// <summary>The ceiling as a table; none where it is not known.</summary>
    public ImmutableArray<ReportTable> CeilingTables => Ceiling is { } ceiling
        ? [TruthTables.Ceiling(ceiling, SetSize.Of(ArchitectureSet.Of(Benchmark.Architectures, Configuration.ShapesOn(Benchmark))))]
        : [];
}
