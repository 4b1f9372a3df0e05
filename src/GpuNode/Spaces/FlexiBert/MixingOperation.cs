namespace LPZero.GpuNode.Spaces.FlexiBert;

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
