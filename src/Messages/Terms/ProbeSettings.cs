using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LPZero.Messages.Architectures;

namespace LPZero.Messages.Terms;

/// <summary>Which linear maps the inputs W and G hold.</summary>
public enum WeightSelection
{
    /// <summary>All linear maps of the layer.</summary>
    All,

    /// <summary>The mixing operation's alone, as published.</summary>
    Mixing,
}

/// <summary>The loss that an encoder's gradients are of. A decoder has one alone, the cross entropy of the next token.</summary>
public enum LossKind
{
    /// <summary>The sum of the output times seeded signs; a decoder's own.</summary>
    Signs,

    /// <summary>The cross entropy of masked tokens, through the embedding's own table.</summary>
    Masked,

    /// <summary>The sum of the output, as the published scoring code has it: behind a layer normalisation 0 but for rounding.</summary>
    Sum,
}

/// <summary>Whether a network computes as when it is used, or as while it is trained.</summary>
public enum ProbeMode
{
    /// <summary>As when it is used.</summary>
    Eval,

    /// <summary>As while it is trained: with dropout, seeded.</summary>
    Training,
}

/// <summary>How random weights are drawn.</summary>
public enum WeightStart
{
    /// <summary>All linear maps and embeddings with a standard deviation of 0.02.</summary>
    Normal,

    /// <summary>By the rule with which networks of the space began their training, where it has one of its own.</summary>
    AsTrained,
}

/// <summary>Everything but the network that an architecture's inputs depend on.</summary>
/// <param name="BatchSize">Number of sequences in the mini-batch (B).</param>
/// <param name="SequenceLength">Tokens in a sequence (T).</param>
/// <param name="WeightsSeed">The seed from which the weights are drawn.</param>
/// <param name="BatchSeed">The seed from which the mini-batch and the loss's signs are drawn.</param>
/// <param name="Weights">Which linear maps W and G hold.</param>
/// <param name="Sizes">Sizes of the embedding.</param>
/// <param name="Loss">What the gradients are of.</param>
/// <param name="Start">How the weights are drawn.</param>
/// <param name="Mode">Whether there is dropout.</param>
public sealed record ProbeSettings(
    int BatchSize, int SequenceLength, ulong WeightsSeed, ulong BatchSeed, WeightSelection Weights, EmbeddingSizes Sizes,
    LossKind Loss = LossKind.Signs, WeightStart Start = WeightStart.Normal, ProbeMode Mode = ProbeMode.Eval)
{
    /// <summary>The most sequences, and the most tokens in one, that a mini-batch may have.</summary>
    public const int LargestSide = 65_536;

    /// <summary>The most tokens of a mini-batch.</summary>
    public const long MostTokens = 1 << 24;

    /// <summary>Why no network can be probed like this, in one line, or null where one can.</summary>
    public string? FindProblem()
    {
        if (Sizes.FindProblem() is { } size)
        {
            return size;
        }

        return new Bounds(1, LargestSide).FindProblem("sequences of a mini-batch", BatchSize)
            ?? new Bounds(2, Math.Min(Sizes.Positions, LargestSide)).FindProblem("tokens of a sequence", SequenceLength)
            ?? ((long)BatchSize * SequenceLength > MostTokens
                ? string.Create(CultureInfo.InvariantCulture, $"a mini-batch has at most {MostTokens} tokens")
                : null)
            ?? (Enum.IsDefined(Weights) ? null : string.Create(CultureInfo.InvariantCulture, $"{(int)Weights} is no selection of weights"))
            ?? (Enum.IsDefined(Loss) ? null : string.Create(CultureInfo.InvariantCulture, $"{(int)Loss} is no loss"))
            ?? (Enum.IsDefined(Start) ? null : string.Create(CultureInfo.InvariantCulture, $"{(int)Start} is no start of weights"))
            ?? (Enum.IsDefined(Mode) ? null : string.Create(CultureInfo.InvariantCulture, $"{(int)Mode} is no mode"));
    }
}

/// <summary>A network and how it is probed: the identity of an architecture's inputs.</summary>
/// <param name="Network">The network, as a genotype with its shapes resolved.</param>
/// <param name="Probe">How it is probed.</param>
public sealed record ProbedNetwork(Genotype Network, ProbeSettings Probe)
{
    /// <summary>Why the network cannot be built, or not with tokens of these sizes, in one line, or null where it can.</summary>
    public string? FindProblem() => Network.FindProblem() ?? Probe.Sizes.FindProblem() ?? Network.FindMisfit(Probe.Sizes);

    /// <summary>
    /// The content key of the terms: a SHA-256 in hexadecimal over network, probe, loss and numeric profile.
    /// </summary>
    /// <param name="numericProfile">What the numbers depend on besides: libtorch, device kind, BLAS kernel, vector
    /// width, evaluator.</param>
    public string Key(string numericProfile) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(
        $"lpzero-terms-3|{Network}|{Probe.BatchSize}x{Probe.SequenceLength}|" +
        $"seeds {Probe.WeightsSeed} {Probe.BatchSeed}|weights {Probe.Weights}|" +
        $"embedding {Probe.Sizes.Vocabulary}/{Probe.Sizes.Embedding}/{Probe.Sizes.Positions}|tokens zipf-1|" +
        $"loss {Probe.Loss}|start {Probe.Start}|{(Probe.Mode == ProbeMode.Eval ? "" : $"mode {Probe.Mode}|")}{numericProfile}")));
}
