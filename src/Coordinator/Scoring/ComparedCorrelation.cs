using LPZero.Messages.Search;

namespace LPZero.Coordinator.Scoring;

/// <summary>Names what a search compares proxies by, so that no other correlation is called rho.</summary>
public static class ComparedCorrelation
{
    /// <summary>The rank correlation of scores with the truth.</summary>
    public const string Rho = "rho";

    /// <summary>What is compared, as a noun.</summary>
    /// <param name="configuration">What was asked for.</param>
    /// <param name="criterion">What selection compares; null where it is rho, whatever was asked for.</param>
    public static string Name(SearchConfiguration configuration, Criterion? criterion) => criterion is null ? Rho : Name(configuration);

    /// <summary>What a configuration asks to compare; a benchmark may not allow it, see <see cref="FitnessTarget.Smoothed"/>.</summary>
    /// <param name="configuration">The configuration.</param>
    public static string Name(SearchConfiguration configuration) => configuration switch
    {
        { Prefix: not null } => $"{Rho} behind the prefix",
        { Fitness: FitnessTarget.Truth } => Rho,
        { Fitness: FitnessTarget.Smoothed } => $"{Rho} with the smoothed truth",
        { Fitness: FitnessTarget.Residual } => $"{Rho} with the residual of structure",
        { Fitness: FitnessTarget.Sum } => $"{Rho} of the sum with structure",
        _ => throw new ArgumentOutOfRangeException(nameof(configuration), configuration.Fitness, message: null),
    };
}
