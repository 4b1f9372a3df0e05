namespace LPZero.GpuNode.Networks;

/// <summary>A distribution around 0.</summary>
public enum WeightDistribution
{
    /// <summary>A normal distribution.</summary>
    Normal,

    /// <summary>A normal distribution without what lies beyond three times its standard deviation.</summary>
    TruncatedNormal,

    /// <summary>A uniform distribution.</summary>
    Uniform,
}

/// <summary>How the elements of a parameter are drawn.</summary>
/// <param name="Distribution">What they follow.</param>
/// <param name="Scale">The standard deviation, of the truncated one that before it was cut; the greatest value of a uniform one.</param>
public readonly record struct InitialWeights(WeightDistribution Distribution, float Scale)
{
    private const float Cut = 3;

    // Far behind every index that a table of weights reaches.
    private const long Redraws = 1L << 50;

    /// <summary>Fills with draws.</summary>
    /// <param name="random">Where they come from.</param>
    /// <param name="destination">What to fill.</param>
    /// <param name="firstPair">Index of the first two of them in the stream.</param>
    public void Fill(CounterRandom random, Span<float> destination, long firstPair = 0)
    {
        if (Distribution == WeightDistribution.Uniform)
        {
            for (var i = 0; i < destination.Length; i++)
            {
                destination[i] = (float)((2 * random.Uniform((2 * firstPair) + i)) - 1) * Scale;
            }

            return;
        }

        random.FillNormal(destination, Scale, firstPair);
        if (Distribution == WeightDistribution.TruncatedNormal)
        {
            for (var i = 0; i < destination.Length; i++)
            {
                if (Math.Abs(destination[i]) > Cut * Scale)
                {
                    destination[i] = Scale * Within(random, Redraws + (((2 * firstPair) + i) << 10));
                }
            }
        }
    }

    /// <summary>A draw from what the cut leaves of a standard normal distribution: of uniform ones the first that passes for it.</summary>
    private static float Within(CounterRandom random, long index)
    {
        while (true)
        {
            var value = (float)((2 * random.Uniform(index)) - 1) * Cut;
            if (random.Uniform(index + 1) < Math.Exp(-value * value / 2))
            {
                return value;
            }

            index += 2;
        }
    }
}
