using System.Globalization;
using LPZero.Messages.Architectures;

namespace LPZero.GpuNode.Spaces.FlexiBert;

/// <summary>One layer of a FlexiBERT genotype.</summary>
/// <param name="Operation">What mixes the tokens.</param>
/// <param name="Heads">Number of heads, 2 or 4 in the public space.</param>
/// <param name="FeedForwardDimension">The genotype's <c>feed_forward_dimension</c>, 512 or 1024 in the public space.</param>
/// <param name="FeedForwards">The genotype's <c>num_feed_forward</c>, 1 or 3: how many activations the block has.</param>
public sealed record FlexiBertLayer(MixingOperation Operation, int Heads, int FeedForwardDimension, int FeedForwards)
{
    /// <summary>Why the layer cannot be built at this hidden size, in one line, or null where it can.</summary>
    public string? FindProblem(int hiddenSize)
    {
        if (!Enum.IsDefined(Operation))
        {
            return string.Create(CultureInfo.InvariantCulture, $"{(int)Operation} is no operation");
        }

        return NetworkBounds.Heads.FindProblem("heads", Heads)
            ?? NetworkBounds.FeedForwardDimension.FindProblem("feed-forward dimension", FeedForwardDimension)
            ?? NetworkBounds.FeedForwards.FindProblem("feed-forwards", FeedForwards)
            ?? FindProblemOfHeads(hiddenSize);
    }

    /// <summary>Why the heads do not fit the hidden size and the operation, in one line, or null where they do.</summary>
    public string? FindProblemOfHeads(int hiddenSize)
    {
        if (hiddenSize % Heads != 0)
        {
            return string.Create(CultureInfo.InvariantCulture,
                $"hidden size {hiddenSize} is not divisible by {Heads} heads; choose a divisor");
        }

        return MixingOperations.KernelWidth(Operation) == 0 || Heads % MixingOperations.ConvolutionHeadRatio == 0
            ? null
            : string.Create(CultureInfo.InvariantCulture,
                $"{MixingOperations.Name(Operation)} keeps one of {MixingOperations.ConvolutionHeadRatio} heads, so {Heads} does not do; " +
                $"choose a multiple");
    }
}
