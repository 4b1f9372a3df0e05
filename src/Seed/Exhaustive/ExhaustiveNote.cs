using System.Collections.Immutable;
using System.Globalization;
using LPZero.Coordinator.Exhaustive;
using LPZero.Messages.Architectures;
using LPZero.Messages.Search;
using LPZero.Seed.Storage;

namespace LPZero.Seed.Exhaustive;

/// <summary>What a run's report says of the whole space that it searched a part of.</summary>
public static class ExhaustiveNote
{
    /// <summary>A sentence with the quantile that a run's best proxy reached, where the space of its configuration was searched.</summary>
    /// <param name="database">Where exhaustive results are stored.</param>
    /// <param name="configuration">The run's configuration.</param>
    /// <param name="benchmark">The run's benchmark.</param>
    /// <param name="numericProfile">What the run's numbers depend on.</param>
    /// <param name="bestRho">The best rho that the run found on the search set; null where it found none.</param>
    /// <returns>One sentence, or none.</returns>
    public static ImmutableArray<string> For(
        Database database, SearchConfiguration configuration, Benchmark benchmark, string? numericProfile, double? bestRho) =>
        numericProfile is { } profile && bestRho is { } rho
        && new ExhaustiveStore(database).Load(ExhaustiveKey.Of(configuration, benchmark, profile)) is { } result
            ? [Sentence(result, rho)]
            : [];

    internal static string Sentence(ExhaustiveResult result, double rho)
    {
        var better = result.BetterThan(rho);
        var optimum = result.Top[0];
        return better == 0
            ? string.Create(CultureInfo.InvariantCulture, $"The whole space of {result.Proxies:N0} canonical proxies was searched too: none of its {result.Valid:N0} valid ones is better on the search set than the best of this run.")
            : string.Create(CultureInfo.InvariantCulture, $"The whole space of {result.Proxies:N0} canonical proxies was searched too: the best of this run is at quantile {result.QuantileOf(rho):F7} of the {result.Valid:N0} valid ones on the search set ({better:N0} are better); the optimum has rho {optimum.Fitness.Rho:F4}: {optimum.Expression}.");
    }
}
