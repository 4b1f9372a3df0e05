using LPZero.Messages.Architectures;

namespace LPZero.Coordinator.ArchitectureSearch;

/// <summary>What the size of a network is measured in.</summary>
public enum SizeMeasure
{
    /// <summary>All parameters.</summary>
    Parameters,

    /// <summary>Floating-point operations of a forward pass a token.</summary>
    Flops,
}

/// <summary>How large a network may be; null where it does not matter.</summary>
/// <param name="Parameters">All parameters.</param>
/// <param name="Flops">Floating-point operations of a forward pass a token, see <see cref="Structure.FlopsPerToken"/>.</param>
public sealed record SizeLimits(double? Parameters, double? Flops)
{
    /// <summary>The size in a measure; NaN where it is not known.</summary>
    public static double SizeOf(Structure structure, SizeMeasure measure) => measure == SizeMeasure.Parameters
        ? structure.TotalParameters ?? double.NaN
        : structure.FlopsPerToken ?? double.NaN;

    /// <summary>The limit in a measure.</summary>
    public double? Of(SizeMeasure measure) => measure == SizeMeasure.Parameters ? Parameters : Flops;

    /// <summary>Whether the network is within all limits; one of unknown size is within none.</summary>
    public bool Allow(Structure structure) => Enum.GetValues<SizeMeasure>().All(
        measure => Of(measure) is not { } limit || SizeOf(structure, measure) <= limit);
}
