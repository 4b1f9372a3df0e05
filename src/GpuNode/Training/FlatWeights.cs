using System.Collections.Immutable;
using LPZero.GpuNode.Models;
using LPZero.GpuNode.Networks;

namespace LPZero.GpuNode.Training;

/// <summary>
/// All weights of a network in one flat tensor, so that an optimizer step is a few operations, and as the leaves that a graph is built
/// from. Tensors belong to the caller's dispose scope.
/// </summary>
internal sealed class FlatWeights
{
    // Tokens, positions and token types start small and alike.
    private const float EmbeddingDeviation = 0.02f;

    // Maps onto the residual stream start small, so that a deep network starts near a shallow one and trains without
    // a long warm-up (as ReZero of Bachlechner et al., UAI 2021, which starts them at 0).
    private const float ResidualFactor = 0.1f;

    private readonly ulong seed;
    private readonly ImmutableHashSet<string> residualMaps;

    /// <summary>Draws the weights.</summary>
    /// <param name="groups">The parameters, group by group; names are unique within one.</param>
    /// <param name="residualMaps">Names of the linear maps that end in the residual stream.</param>
    /// <param name="seed">Seed of the first values.</param>
    public FlatWeights(
        IReadOnlyList<(string Prefix, ImmutableArray<ParameterShape> Shapes)> groups, ImmutableHashSet<string> residualMaps, ulong seed)
    {
        this.seed = seed;
        this.residualMaps = residualMaps;
        Values = zeros(groups.Sum(group => group.Shapes.Sum(shape => shape.Count)), dtype: ScalarType.Float32);
        var elements = RandomWeights.Floats(Values);
        var parameters = ImmutableArray.CreateBuilder<Tensor>();
        var built = ImmutableArray.CreateBuilder<IReadOnlyDictionary<string, Tensor>>();
        var start = 0;
        foreach (var (prefix, shapes) in groups)
        {
            var tensors = new Dictionary<string, Tensor>(StringComparer.Ordinal);
            foreach (var shape in shapes)
            {
                var count = (int)shape.Count;
                Draw(prefix, shape, elements.Slice(start, count));
                var parameter = Values.narrow(0, start, count).view([.. shape.Shape]).detach().requires_grad_();
                tensors.Add(shape.Name, parameter);
                parameters.Add(parameter);
                start += count;
            }

            built.Add(tensors);
        }

        (Groups, Parameters) = (built.ToImmutable(), parameters.ToImmutable());
    }

    /// <summary>Every weight, one after another.</summary>
    public Tensor Values { get; }

    /// <summary>The weights as leaves of the graph, in the order of <see cref="Values"/>; they share its storage.</summary>
    public ImmutableArray<Tensor> Parameters { get; }

    /// <summary>The same by name, for each group.</summary>
    public ImmutableArray<IReadOnlyDictionary<string, Tensor>> Groups { get; }

    private void Draw(string prefix, ParameterShape shape, Span<float> elements)
    {
        switch (shape.Kind)
        {
            case ParameterKind.Bias:
                elements.Clear();
                break;
            case ParameterKind.Scale:
                elements.Fill(1);
                break;
            case ParameterKind.Embedding when shape.Name == "position.weight":
                FillSinusoids(elements, (int)shape.Shape[1]);
                break;
            case ParameterKind.Embedding:
                new CounterRandom(seed, prefix + shape.Name).FillNormal(elements, EmbeddingDeviation);
                break;
            default:
                // Keeps the variance from input to output; networks as narrow as these hardly learn from 0.02.
                var inputs = shape.Count / shape.Shape[0];
                var deviation = 1 / MathF.Sqrt(inputs) * (residualMaps.Contains(shape.Name) ? ResidualFactor : 1);
                new CounterRandom(seed, prefix + shape.Name).FillNormal(elements, deviation);
                break;
        }
    }

    // Positions start as the sinusoids of Vaswani et al. (2017): from random ones attention learns who its neighbours
    // are only after thousands of steps.
    private static void FillSinusoids(Span<float> elements, int width)
    {
        var amplitude = EmbeddingDeviation * Math.Sqrt(2);
        for (var i = 0; i < elements.Length; i++)
        {
            var (position, column) = (i / width, i % width);
            var angle = position / Math.Pow(10000, (column & ~1) / (double)width);
            elements[i] = (float)(amplitude * ((column & 1) == 0 ? Math.Sin(angle) : Math.Cos(angle)));
        }
    }
}
