using System.Numerics.Tensors;

namespace LPZero.GpuNode.Networks;

/// <summary>
/// Random numbers by position: the number at an index of a named stream is a function of seed, name and index
/// alone, so that any part of a stream can be drawn by any thread in any order. The function is that of SplitMix64
/// (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014), which is a hash of a counter.
/// </summary>
public readonly struct CounterRandom
{
    private const ulong Golden = 0x9E3779B97F4A7C15;
    private const int BlockSize = 512;

    private readonly ulong start;

    /// <summary>A stream.</summary>
    /// <param name="seed">Seed of all streams.</param>
    /// <param name="stream">The stream's name.</param>
    public CounterRandom(ulong seed, string stream)
    {
        // FNV-1a over the name's characters; mixing spreads similar names over the whole range.
        var name = 0xCBF29CE484222325;
        foreach (var character in stream)
        {
            name = (name ^ character) * 0x100000001B3;
        }

        start = Mix(Mix(seed + Golden) ^ name);
    }

    /// <summary>64 random bits at an index.</summary>
    public ulong this[long index] => Mix(start + ((ulong)(index + 1) * Golden));

    /// <summary>A number in [0, 1) at an index, with 53 random bits.</summary>
    public double Uniform(long index) => (this[index] >> 11) * (1.0 / (1UL << 53));

    /// <summary>Fills with +1 and -1, in equal probability.</summary>
    public void FillSigns(Span<float> destination)
    {
        for (var i = 0; i < destination.Length; i++)
        {
            destination[i] = (this[i >> 6] >> (i & 63) & 1) == 0 ? 1f : -1f;
        }
    }

    /// <summary>
    /// Fills with draws from a normal distribution around 0 by the method of Box and Muller (1958): each index gives two
    /// neighbouring numbers.
    /// </summary>
    /// <param name="destination">What to fill.</param>
    /// <param name="standardDeviation">Of the distribution.</param>
    /// <param name="firstIndex">Index of the first pair.</param>
    public void FillNormal(Span<float> destination, float standardDeviation, long firstIndex = 0)
    {
        Span<float> radius = stackalloc float[BlockSize];
        Span<float> angle = stackalloc float[BlockSize];
        Span<float> cosine = stackalloc float[BlockSize];
        Span<float> sine = stackalloc float[BlockSize];
        for (var done = 0; done < destination.Length; done += 2 * BlockSize)
        {
            // The block is always full, so that a number does not depend on how many are drawn with it.
            for (var i = 0; i < BlockSize; i++)
            {
                var bits = this[firstIndex + (done / 2) + i];
                radius[i] = ((bits >> 40) + 1) * (1f / (1 << 24));
                angle[i] = (bits >> 16 & 0xFFFFFF) * (MathF.Tau / (1 << 24));
            }

            TensorPrimitives.Log(radius, radius);
            TensorPrimitives.Multiply(radius, -2f, radius);
            TensorPrimitives.Sqrt(radius, radius);
            TensorPrimitives.Multiply(radius, standardDeviation, radius);
            TensorPrimitives.Cos(angle, cosine);
            TensorPrimitives.Sin(angle, sine);
            TensorPrimitives.Multiply(radius, cosine, cosine);
            TensorPrimitives.Multiply(radius, sine, sine);

            var rest = destination[done..];
            var count = Math.Min(rest.Length, 2 * BlockSize);
            for (var i = 0; i < count; i++)
            {
                rest[i] = ((i & 1) == 0 ? cosine : sine)[i >> 1];
            }
        }
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
