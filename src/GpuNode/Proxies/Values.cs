namespace LPZero.GpuNode.Proxies;

/// <summary>Numbers of the parts of a network, made one.</summary>
internal static class Values
{
    /// <summary>Their sum or, normalised, their mean; undefined where there are none.</summary>
    /// <param name="values">The numbers.</param>
    /// <param name="isNormalized">Whether the mean is wanted.</param>
    /// <param name="none">What it means that there are none.</param>
    public static ProxyValue SumOrMean(IEnumerable<double> values, bool isNormalized, string none)
    {
        var (sum, count) = (0.0, 0);
        foreach (var value in values)
        {
            sum += value;
            count++;
        }

        return count == 0 ? ProxyValue.Undefined(none) : isNormalized ? sum / count : sum;
    }
}
