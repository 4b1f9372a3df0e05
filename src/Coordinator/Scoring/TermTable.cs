using System.Runtime.InteropServices;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.Coordinator.Scoring;

/// <summary>The known values of branches: for each branch and network one number per layer.</summary>
/// <param name="networks">Number of networks.</param>
/// <param name="elements">How the elements of a chain's result become a number.</param>
/// <param name="tensors">How the tensors of a layer become a number.</param>
public sealed class TermTable(int networks, Reduction elements, Reduction tensors)
{
    // Of each branch and network 1 and where its values begin among the network's; 0 where they are not known.
    private readonly Dictionary<InputKind, Dictionary<Chain, int[]>> begins = [];

    // Of each network all values one after the other, so that millions of them are a few arrays, and how many belong to a branch.
    private readonly (List<double> Values, int Layers)[] ofNetworks = new (List<double>, int)[networks];

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

    /// <summary>Whether any branch is known on the network.</summary>
    public bool KnowsAny(int network) => ofNetworks[network].Values is not null;

    /// <summary>Whether the branch is known on the network.</summary>
    public bool Knows(Branch branch, int network) => Knows(branch.Input, branch.Chain, network);

    /// <summary>Whether the branch of this input and chain is known on the network.</summary>
    public bool Knows(InputKind input, Chain chain, int network) => BeginOf(input, chain, network) > 0;

    /// <summary>Takes in the terms of a network; those that are known already stay.</summary>
    public void Add(int network, TermBlock block)
    {
        var layers = KeepsValues ? block.TensorsPerLayer.Length : 0;
        var values = ofNetworks[network].Values ?? [];
        ofNetworks[network] = (values, layers);
        var ofInput = CollectionsMarshal.GetValueRefOrAddDefault(begins, block.Input, out _) ??= [];
        for (var row = 0; row < block.Chains.Length; row++)
        {
            var ofChain = CollectionsMarshal.GetValueRefOrAddDefault(ofInput, block.Chains[row], out _) ??= new int[networks];
            if (ofChain[network] == 0)
            {
                var begin = values.Count;
                ofChain[network] = 1 + begin;
                if (KeepsValues)
                {
                    CollectionsMarshal.SetCount(values, begin + layers);
                    block.LayerValues(row, elements, tensors, CollectionsMarshal.AsSpan(values)[begin..]);
                }
            }
        }
    }

    /// <summary>The branch's value on each layer of the network. Good until more terms of the network are added.</summary>
    /// <exception cref="KeyNotFoundException">The term is not known.</exception>
    public ReadOnlySpan<double> LayerValues(Branch branch, int network)
    {
        var begin = BeginOf(branch.Input, branch.Chain, network) - 1;
        if (begin < 0)
        {
            throw new KeyNotFoundException($"the term of {branch} on network {network} is not known");
        }

        var (values, layers) = ofNetworks[network];
        return CollectionsMarshal.AsSpan(values).Slice(begin, layers);
    }

    private int BeginOf(InputKind input, Chain chain, int network) =>
        begins.TryGetValue(input, out var ofInput) && ofInput.TryGetValue(chain, out var ofChain) ? ofChain[network] : 0;
}
