namespace LPZero.GpuNode.Networks;

/// <summary>
/// Dropout (Srivastava et al. 2014) whose masks are drawn as weights are, by seed and name: every pass over a network drops the same.
/// </summary>
/// <param name="seed">The seed of the network.</param>
/// <param name="part">What the names begin with in the whole network, such as <c>layer.0.</c>.</param>
public sealed class SeededDropout(ulong seed, string part)
{
    /// <summary>Share of the elements that become 0; the others grow, so that their expected value stays.</summary>
    public const double Probability = 0.1;

    /// <summary>What is left of a tensor.</summary>
    /// <param name="name">The place, unique within the part.</param>
    /// <param name="input">The tensor.</param>
    public Tensor Apply(string name, Tensor input)
    {
        var mask = empty(input.shape, dtype: ScalarType.Float32);
        var elements = RandomWeights.Floats(mask);
        var random = new CounterRandom(seed, $"{part}{name}.dropout");
        for (var i = 0; i < elements.Length; i++)
        {
            elements[i] = random.Uniform(i) < Probability ? 0 : (float)(1 / (1 - Probability));
        }

        return input.mul(mask.to(input.dtype).MovedTo(input.device));
    }
}
