using LPZero.GpuNode.Networks;

namespace LPZero.GpuNode.Training;

/// <summary>Random numbers one after another, from one stream of <see cref="CounterRandom"/>.</summary>
/// <param name="seed">Seed of all streams.</param>
/// <param name="stream">The stream's name.</param>
public sealed class RandomSequence(ulong seed, string stream)
{
    private readonly CounterRandom random = new(seed, stream);
    private long index;

    /// <summary>A number in [0, 1).</summary>
    public double NextDouble() => random.Uniform(index++);

    /// <summary>A whole number from 0 to below <paramref name="bound"/>; the bias is below bound / 2^53.</summary>
    public int Next(int bound) => (int)(NextDouble() * bound);

    /// <summary>An item of the list.</summary>
    public T Choose<T>(IReadOnlyList<T> items) => items[Next(items.Count)];

    /// <summary>Shuffles in place (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = Next(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
