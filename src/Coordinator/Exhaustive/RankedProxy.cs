namespace LPZero.Coordinator.Exhaustive;

/// <summary>A valid proxy of the space with its rho.</summary>
/// <param name="Rho">Spearman's rho on the search set.</param>
/// <param name="Ordinal">Its place in the space.</param>
public readonly record struct RankedProxy(double Rho, long Ordinal) : IComparable<RankedProxy>
{
    /// <summary>Better ones first; of equally good ones the one that comes first in the space.</summary>
    public int CompareTo(RankedProxy other)
    {
        var byRho = other.Rho.CompareTo(Rho);
        return byRho != 0 ? byRho : Ordinal.CompareTo(other.Ordinal);
    }

    /// <summary>Order of <see cref="CompareTo"/>.</summary>
    public static bool operator <(RankedProxy left, RankedProxy right) => left.CompareTo(right) < 0;

    /// <summary>Order of <see cref="CompareTo"/>.</summary>
    public static bool operator >(RankedProxy left, RankedProxy right) => left.CompareTo(right) > 0;

    /// <summary>Order of <see cref="CompareTo"/>.</summary>
    public static bool operator <=(RankedProxy left, RankedProxy right) => left.CompareTo(right) <= 0;

    /// <summary>Order of <see cref="CompareTo"/>.</summary>
    public static bool operator >=(RankedProxy left, RankedProxy right) => left.CompareTo(right) >= 0;
}
