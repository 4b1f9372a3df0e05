using System.Collections.Immutable;
using LPZero.Coordinator.Randomness;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Run;

/// <summary>
/// The genes of a proxy as small numbers: both inputs, every operation of both chains, the binary operation and,
/// where it is searched, the layer reduction.
/// </summary>
/// <param name="configuration">Inputs, chain length, layer reductions and the weights of a draw.</param>
public sealed class Genome(SearchConfiguration configuration)
{
    private const int BinaryOperationCount = 4;
    private static readonly int UnaryOperationCount = OperationNames.Unary.Count;

    private readonly int chainLength = configuration.UnaryOperations;
    private readonly bool hasReductionGene = configuration.LayerReductions.Length > 1;

    /// <summary>Number of genes.</summary>
    public int Count => (2 * (chainLength + 1)) + 1 + (hasReductionGene ? 1 : 0);

    /// <summary>A gene at random.</summary>
    public int Draw(int position, ref SplittableRandom random)
    {
        var values = ValuesAt(position);
        if (values != UnaryOperationCount || configuration.DrawWeights == DrawWeights.Uniform)
        {
            return random.Next(values);
        }

        // The published code weighs the last operation 0.2 and every other one 0.1.
        return Math.Min(random.Next(values + 1), values - 1);
    }

    /// <summary>The proxy of these genes.</summary>
    public Proxy Express(ReadOnlySpan<int> genes)
    {
        var branchLength = chainLength + 1;
        return new Proxy(
            ExpressBranch(genes[..branchLength]),
            (BinaryOperation)genes[2 * branchLength],
            ExpressBranch(genes.Slice(branchLength, branchLength)),
            hasReductionGene ? configuration.LayerReductions[genes[^1]] : null);
    }

    /// <summary>
    /// A proxy of the space in the form that <see cref="Express"/> gives: shorter branches end in no_op, and the layer
    /// reduction is there where it is a gene (the first one for a proxy that names none) and nowhere else.
    /// </summary>
    public Proxy Fit(Proxy proxy) => new(
        Fit(proxy.Left), proxy.Operation, Fit(proxy.Right),
        hasReductionGene ? proxy.LayerReduction ?? configuration.LayerReductions[0] : null);

    /// <summary>Writes the genes of a proxy that <see cref="Express"/> made.</summary>
    public void Read(Proxy proxy, Span<int> genes)
    {
        var branchLength = chainLength + 1;
        ReadBranch(proxy.Left, genes[..branchLength]);
        ReadBranch(proxy.Right, genes.Slice(branchLength, branchLength));
        genes[2 * branchLength] = (int)proxy.Operation;
        if (hasReductionGene)
        {
            genes[^1] = configuration.LayerReductions.IndexOf(
                proxy.LayerReduction ?? throw new ArgumentException("the proxy names no layer reduction", nameof(proxy)));
        }
    }

    private int ValuesAt(int position)
    {
        var branchLength = chainLength + 1;
        if (position < 2 * branchLength)
        {
            return position % branchLength == 0 ? configuration.Inputs.Length : UnaryOperationCount;
        }

        return position == 2 * branchLength ? BinaryOperationCount : configuration.LayerReductions.Length;
    }

    private Branch Fit(Branch branch) => branch with
    {
        Chain = new Chain(branch.Chain.Operations.AddRange(Enumerable.Repeat(UnaryOperation.NoOp, chainLength - branch.Chain.Count))),
    };

    private Branch ExpressBranch(ReadOnlySpan<int> genes)
    {
        var operations = ImmutableArray.CreateBuilder<UnaryOperation>(genes.Length - 1);
        foreach (var gene in genes[1..])
        {
            operations.Add((UnaryOperation)gene);
        }

        return new Branch(configuration.Inputs[genes[0]], new Chain(operations.MoveToImmutable()));
    }

    private void ReadBranch(Branch branch, Span<int> genes)
    {
        genes[0] = configuration.Inputs.IndexOf(branch.Input);
        for (var i = 0; i < branch.Chain.Count; i++)
        {
            genes[i + 1] = (int)branch.Chain[i];
        }
    }
}
