using System.Text.Json;
using LPZero.GpuNode.Training;
using LPZero.Messages.Architectures;

namespace LPZero.Seed.Benchmarks;

/// <summary>Architectures to train, and how. Read from a space file, which docs/benchmarks.md describes.</summary>
public sealed record TrainingSpace
{
    /// <summary>What the member <c>format</c> says.</summary>
    public const string Format = "lpzero-space";

    /// <summary>The version that is read.</summary>
    public const int Version = 1;

    /// <summary>The file that it was read from.</summary>
    public required string Path { get; init; }

    /// <summary>The file's content, which the benchmark's training record repeats.</summary>
    public required JsonElement Source { get; init; }

    /// <summary>A short name for reports.</summary>
    public required string Name { get; init; }

    /// <summary>Sizes of the embedding; an encoder takes the last token id for the mask.</summary>
    public required EmbeddingSizes Sizes { get; init; }

    /// <summary>What the genotypes are chosen from.</summary>
    public required IGenotypeChoices Choices { get; init; }

    /// <summary>How many architectures to draw; all of the space where null.</summary>
    public required int? Samples { get; init; }

    /// <summary>Seed of the sample, the sequences and the first weights.</summary>
    public required ulong Seed { get; init; }

    /// <summary>How each architecture is trained.</summary>
    public required TrainingSettings Training { get; init; }

    /// <summary>Where the sequences come from.</summary>
    public required ITokenSource Tokens { get; init; }

    /// <summary>SHA-256 of the token file, where there is one.</summary>
    public required string? TokensDigest { get; init; }

    /// <summary>Reads a space file.</summary>
    /// <exception cref="BenchmarkException">It cannot be used; the message says why and where.</exception>
    public static TrainingSpace Load(string path) => TrainingSpaceReader.Read(JsonFile.Read(path, "space"));
}
