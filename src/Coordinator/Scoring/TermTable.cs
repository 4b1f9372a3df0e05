using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.Coordinator.Scoring;

/// <summary>The known values of branches: for each branch and network one number per layer.</summary>
/// <param name="networks">Number of networks.</param>
/// <param name="elements">How the elements of a chain's result become a number.</param>
/// <param name="tensors">How the tensors of a layer become a number.</param>
public sealed class TermTable(int networks, Reduction elements, Reduction tensors)
{
    private readonly Dictionary<Branch, double[]?[]> values = [];

    /// <summary>A table that knows which terms it has taken in and nothing else of them, for who only wants them to be stored.</summary>
    /// <param name="networks">Number of networks.</param>
    public static TermTable WithoutValues(int networks) => new(networks, Reduction.Mean, Reduction.Mean) { KeepsValues = false };

    /// <summary>How the elements of a chain's result become a number.</summary>
    public Reduction Elements => elements;

    /// <summary>How the tensors of a layer become a number.</summary>
    public Reduction Tensors => tensors;

    /// <summary>Number of networks.</summary>
    public int Networks => networks;

    private bool KeepsValues { get; init; } = true;

    /// <summary>Whether the branch is known on the network.</summary>
    public bool Knows(Branch branch, int network) => values.TryGetValue(branch, out var byNetwork) && byNetwork[network] is not null;

    /// <summary>Takes in the terms of a network; those that are known already stay.</summary>
    public void Add(int network, TermBlock block)
    {
        for (var row = 0; row < block.Chains.Length; row++)
        {
            var branch = new Branch(block.Input, block.Chains[row]);
            if (!values.TryGetValue(branch, out var byNetwork))
            {
                byNetwork = new double[networks][];
                values.Add(branch, byNetwork);
            }

            byNetwork[network] ??= KeepsValues ? block.LayerValues(row, elements, tensors) : [];
        }
    }

    /// <summary>The branch's value on each layer of the network.</summary>
    /// <exception cref="KeyNotFoundException">The term is not known.</exception>
    public ReadOnlySpan<double> LayerValues(Branch branch, int network) =>
        values.TryGetValue(branch, out var byNetwork) && byNetwork[network] is { } layers
            ? layers
            : throw new KeyNotFoundException($"the term of {branch} on network {network} is not known");
}
