using System.Collections.Immutable;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Tests.Evaluation;

/// <summary>Whether an evaluator's means are those of the oracle, as far as float32 determines them.</summary>
internal static class FloatAgreement
{
    /// <summary>Asserts it for a block that holds the samples as the tensors of its layers.</summary>
    /// <returns>A line for each sample that says how many chains float32 does not determine.</returns>
    public static IReadOnlyList<string> Assert(IReadOnlyList<SampleTensor> samples, TermBlock block, int disturbances)
    {
        return [.. samples.Select((sample, column) =>
            Assert(block.Chains, sample, Of(block.Means, column), Of(block.Counts, column), disturbances))];

        T[] Of<T>(ReadOnlyMemory<T> numbers, int column) =>
            [.. Enumerable.Range(0, block.Chains.Length).Select(row => numbers.Span[(row * samples.Count) + column])];
    }

    /// <summary>
    /// Means must agree to 1e-5 of the mean absolute element plus 1e-6, plus ten times what disturbing each element by two units
    /// in the last place moves the mean: where elements cancel and are then inverted or logarithms of them taken, float32
    /// determines no more. NaN and infinities must agree wherever such a disturbance does not change them.
    /// </summary>
    /// <returns>A line that says how many chains float32 does not determine.</returns>
    public static string Assert(
        ImmutableArray<Chain> chains, SampleTensor tensor, IReadOnlyList<double> means, IReadOnlyList<long> counts, int disturbances)
    {
        var oracles = Enumerable.Range(0, 1 + disturbances).Select(d => new FloatOracle(tensor.Elements, tensor.Rows, d)).ToList();
        var (undetermined, wrong) = (0, new List<string>());
        for (var i = 0; i < chains.Length; i++)
        {
            var expected = oracles[0].Evaluate(chains[i]);
            Xunit.Assert.Equal(expected.Count, counts[i]);
            var others = oracles.Skip(1).Select(o => o.Evaluate(chains[i]).Mean).ToList();
            var tolerance = (1e-5 * expected.MeanAbsolute) + 1e-6;
            if (others.Any(o => double.IsFinite(o) != double.IsFinite(expected.Mean)))
            {
                undetermined++;
            }
            else if (!double.IsFinite(expected.Mean))
            {
                if (!means[i].Equals(expected.Mean))
                {
                    wrong.Add($"{chains[i]}: {means[i]} instead of {expected.Mean}");
                }
            }
            else
            {
                var spread = others.Max(o => Math.Abs(o - expected.Mean));
                undetermined += spread > tolerance ? 1 : 0;
                if (!(Math.Abs(means[i] - expected.Mean) <= tolerance + (10 * spread)))
                {
                    wrong.Add($"{chains[i]}: {means[i]:R} instead of {expected.Mean:R}, tolerance {tolerance:G3}, spread {spread:G3}");
                }
            }
        }

        Xunit.Assert.True(wrong.Count == 0, $"{tensor.Name}: {wrong.Count} wrong, such as\n{string.Join('\n', wrong.Take(15))}");
        Xunit.Assert.True(undetermined < chains.Length / 2, $"{tensor.Name}: {undetermined} chains show nothing");
        return $"{tensor.Name}: {undetermined} of {chains.Length} chains are not determined to the tolerance in float32";
    }
}
