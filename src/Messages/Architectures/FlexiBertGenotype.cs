using System.Collections.Immutable;
using System.Globalization;

namespace LPZero.Messages.Architectures;

/// <summary>What mixes tokens in a FlexiBERT layer.</summary>
public enum MixingOperation
{
    /// <summary>SA/SDP: scaled dot-product self-attention.</summary>
    ScaledDotProduct,

    /// <summary>SA/WMA: weighted multiplicative self-attention, with a weight on the query.</summary>
    WeightedMultiplicative,

    /// <summary>LT/DFT: the real part of the two-dimensional discrete Fourier transform.</summary>
    Fourier,

    /// <summary>LT/DCT: the two-dimensional discrete cosine transform, type II.</summary>
    Cosine,

    /// <summary>DSC/5: span-based dynamic convolution with kernel 5.</summary>
    Convolution5,

    /// <summary>DSC/9: span-based dynamic convolution with kernel 9.</summary>
    Convolution9,
}

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

/// <summary>A FlexiBERT encoder as its search space names it. Equal by content.</summary>
/// <param name="HiddenSize">Width of the hidden states.</param>
/// <param name="Layers">The encoder layers, first to last.</param>
public sealed record FlexiBertGenotype(int HiddenSize, ImmutableArray<FlexiBertLayer> Layers)
{
    /// <inheritdoc/>
    public bool Equals(FlexiBertGenotype? other) =>
        other is not null && HiddenSize == other.HiddenSize && Layers.AsSpan().SequenceEqual(other.Layers.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.Add(HiddenSize);
        foreach (var layer in Layers)
        {
            hash.Add(layer);
        }

        return hash.ToHashCode();
    }

    /// <summary>
    /// The network that these shapes build from the genotype, written as a genotype again, so that two genotypes
    /// with equal results build the same network.
    /// </summary>
    public FlexiBertGenotype Resolve(Shapes shapes) => (shapes switch
    {
        // The public training code never took the branch that selects the operation: every layer was attention.
        Shapes.AsTrained => this with { Layers = [.. Layers.Select(l => l with { Operation = MixingOperation.ScaledDotProduct })] },
        Shapes.Genotype => this,
        Shapes.Published => new FlexiBertGenotype(256, [.. Layers.Select(l => l with { FeedForwardDimension = 1024 })]),
        _ => throw new ArgumentOutOfRangeException(nameof(shapes), shapes, null),
    }).WithoutUnusedWidths();

    /// <summary>Why no network can be built from the genotype as it is, in one line, or null where one can.</summary>
    public string? FindProblem()
    {
        if (NetworkBounds.HiddenSize.FindProblem("hidden size", HiddenSize) is { } problem)
        {
            return problem;
        }

        if (NetworkBounds.Layers.FindProblem("layers", Layers.IsDefault ? 0 : Layers.Length) is { } count)
        {
            return count;
        }

        for (var i = 0; i < Layers.Length; i++)
        {
            if ((Layers[i] is null ? "is missing" : Layers[i].FindProblem(HiddenSize)) is { } found)
            {
                return string.Create(CultureInfo.InvariantCulture, $"layer {i}: {found}");
            }
        }

        return null;
    }

    /// <summary>
    /// A block with one feed-forward is four times the hidden size wide and has no use for the genotype's dimension, so
    /// genotypes that differ in it alone build the same network.
    /// </summary>
    private FlexiBertGenotype WithoutUnusedWidths() => this with
    {
        Layers = [.. Layers.Select(l => l.FeedForwards == 1 ? l with { FeedForwardDimension = 4 * HiddenSize } : l)],
    };

    /// <summary>A text with everything that distinguishes the genotype, for keys and seeds.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"flexibert:{HiddenSize}:{string.Join(',', Layers.Select(Text))}");

    private static string Text(FlexiBertLayer layer) => string.Create(CultureInfo.InvariantCulture,
        $"{MixingOperations.Name(layer.Operation)}-h{layer.Heads}-f{layer.FeedForwardDimension}x{layer.FeedForwards}");
}

/// <summary>The published names of the mixing operations.</summary>
public static class MixingOperations
{
    private static readonly string[] Names = ["SA/SDP", "SA/WMA", "LT/DFT", "LT/DCT", "DSC/5", "DSC/9"];

    /// <summary>Every name, in the order of <see cref="MixingOperation"/>.</summary>
    public static IReadOnlyList<string> All => Names;

    /// <summary>A span convolution keeps one of so many attention heads and gives the width of the others to the convolution.</summary>
    public const int ConvolutionHeadRatio = 2;

    /// <summary>Width of the kernel of a span convolution, 0 for other operations.</summary>
    public static int KernelWidth(MixingOperation operation) => operation switch
    {
        MixingOperation.Convolution5 => 5,
        MixingOperation.Convolution9 => 9,
        _ => 0,
    };

    /// <summary>Operation type and parameter, such as <c>SA/WMA</c>.</summary>
    public static string Name(MixingOperation operation) => Names[(int)operation];

    /// <summary>The operation of that name, if there is one.</summary>
    public static bool TryParse(string name, out MixingOperation operation)
    {
        var index = Array.IndexOf(Names, name);
        operation = (MixingOperation)Math.Max(index, 0);
        return index >= 0;
    }
}

/// <summary>Which network a FlexiBERT genotype stands for.</summary>
public enum Shapes
{
    /// <summary>What the public training code built: plain attention in every layer, widths as in the genotype.</summary>
    AsTrained,

    /// <summary>The operations and widths that the genotype names; linear transforms without projection, residual and LayerNorm.</summary>
    Genotype,

    /// <summary>What the public scoring code builds: hidden 256 and feed-forwards of 1024 whatever the genotype says.</summary>
    Published,
}
