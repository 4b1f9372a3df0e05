namespace LPZero.Coordinator.Tests.Pruning;

/// <summary>Sums, means and standard deviations in double, with error bounds.</summary>
internal static class OracleStatistics
{
    public static bool AreEqual(Approximate[] x) => x.All(e => e.Value.Equals(x[0].Value));

    public static bool AreFinite(Approximate[] x) => x.All(e => e.IsFinite);

    public static bool AnyUndecided(Approximate[] x) => x.Any(e => e.IsUndecided);

    public static Approximate Sum(Approximate[] x)
    {
        var sum = x.Sum(e => e.Value);
        if (AnyUndecided(x) || (AreFinite(x) && !double.IsFinite(sum)))
        {
            return Approximate.Undecided(sum);
        }

        return double.IsFinite(sum)
            ? Approximate.Rounded(sum, x.Sum(e => e.Error) + Approximate.Rounded(x.Sum(e => Math.Abs(e.Value)), 0, x.Length).Error)
            : Approximate.Exact(sum);
    }

    public static Approximate Mean(Approximate[] x)
    {
        if (AreFinite(x) && AreEqual(x))
        {
            // The mean of equal numbers is that number, though their sum may round.
            return new Approximate(x[0].Value, x.Max(e => e.Error));
        }

        var sum = Sum(x);
        return Approximate.Rounded(sum.Value / x.Length, sum.Error / x.Length);
    }

    /// <summary>The unbiased standard deviation: NaN for one element.</summary>
    public static Approximate Std(Approximate[] x)
    {
        if (x.Length == 1 || !AreFinite(x))
        {
            return x.Length == 1 || !AnyUndecided(x) ? Approximate.Exact(double.NaN) : Approximate.Undecided(double.NaN);
        }

        if (AnyUndecided(x))
        {
            return Approximate.Undecided(double.NaN);
        }

        if (AreEqual(x))
        {
            return Approximate.Zero;
        }

        var deviations = Deviations(x);
        // Scaled, so that squares neither overflow nor vanish.
        var scale = deviations.Max(d => Math.Abs(d.Value));
        var std = scale * Math.Sqrt(deviations.Sum(d => d.Value / scale * (d.Value / scale)) / (x.Length - 1));
        return double.IsFinite(std)
            ? Approximate.Rounded(std, Math.Sqrt(2) * deviations.Max(d => d.Error), x.Length)
            : Approximate.Undecided(std);
    }

    public static Approximate[] Deviations(Approximate[] x)
    {
        var mean = Mean(x);
        return [.. x.Select(e => e - mean)];
    }

    public static Approximate Frobenius(Approximate[] x)
    {
        var scale = x.Max(e => Math.Abs(e.Value));
        if (AnyUndecided(x))
        {
            return Approximate.Undecided(scale);
        }

        if (x.Any(e => double.IsNaN(e.Value)))
        {
            return Approximate.Exact(double.NaN);
        }

        if (scale == 0 || double.IsInfinity(scale))
        {
            return new Approximate(scale, Math.Sqrt(x.Length) * x.Max(e => e.Error));
        }

        var norm = scale * Math.Sqrt(x.Sum(e => e.Value / scale * (e.Value / scale)));
        return double.IsFinite(norm)
            ? Approximate.Rounded(norm, Math.Sqrt(x.Length) * x.Max(e => e.Error), x.Length)
            : Approximate.Undecided(norm);
    }
}
