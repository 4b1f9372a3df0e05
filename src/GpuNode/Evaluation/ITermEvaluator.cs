using System.Collections.Immutable;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Evaluation;

/// <summary>Applies chains of unary operations to an architecture's tensors.</summary>
public interface ITermEvaluator
{
    /// <summary>Name and version, part of the numeric profile: another name means other bits.</summary>
    string Name { get; }

    /// <summary>
    /// Bytes needed beside the tensors themselves. Never more than the evaluator's own budget where it has one, but always
    /// what it takes to evaluate a single chain.
    /// </summary>
    /// <param name="largestTensor">Bytes of the largest tensor.</param>
    long WorkingBytes(long largestTensor);

    /// <summary>The mean of each chain's result on each tensor, and that result's element count. Tensors are only read.</summary>
    /// <param name="input">What the tensors are; it names the block.</param>
    /// <param name="layers">The tensors of each layer, contiguous.</param>
    /// <param name="chains">The chains, in the order of the block's rows.</param>
    /// <exception cref="ArgumentException">A chain holds <see cref="UnaryOperation.Disconnect"/>, which has no value.</exception>
    TermBlock Evaluate(InputKind input, ImmutableArray<ImmutableArray<Tensor>> layers, ImmutableArray<Chain> chains);
}
