using System.Collections.Immutable;
using System.Globalization;
using LPZero.GpuNode.Inputs;
using LPZero.GpuNode.Networks;
using LPZero.GpuNode.Safetensors;
using LPZero.Messages;
using LPZero.Messages.Architectures;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.GpuNode.Spaces.Inputs;

/// <summary>
/// A network of which nothing is here but what it showed, recorded in a file. The file's digest is part of its text: a changed file is
/// another network, and one that changed since is refused. How networks are probed does not matter to it; the file's mini-batch does.
/// </summary>
/// <param name="content">What its file holds.</param>
/// <param name="path">The file, by its full path: on a cluster every node needs it there.</param>
public sealed class InputsGenotype(RecordedContent content, string path) : NetworkGenotype
{
    private const string Layers = "layers";
    private const string Parameters = "parameters";
    private const int DigestLength = 64;

    /// <summary>The file.</summary>
    public string Path => path;

    /// <inheritdoc/>
    public override string Space => InputsSpace.SpaceName;

    /// <inheritdoc/>
    public override int LayerCount => content.Layers;

    /// <inheritdoc/>
    public override int HiddenSize => content.HiddenSize;

    /// <inheritdoc/>
    protected override string Content => string.Create(CultureInfo.InvariantCulture,
        $"{content.Digest}:{content.Layers}:{content.HiddenSize}:{content.Parameters}:{content.Elements}:{content.LargestTensor}:{path}");

    /// <inheritdoc/>
    public override string? FindProblem()
    {
        if (content.Digest.Length != DigestLength || !content.Digest.All(char.IsAsciiHexDigitLower))
        {
            return $"the digest of recorded inputs is a SHA-256 in {DigestLength} hexadecimal digits";
        }

        if (!System.IO.Path.IsPathFullyQualified(path) || PrintableText.FindProblem(path) is not null
            || !new[] { InputsFile.Suffix, InputsFile.IndexSuffix }.Any(suffix => path.EndsWith(suffix, StringComparison.Ordinal)))
        {
            return $"recorded inputs are in a file with a full path that ends in {InputsFile.Suffix} or {InputsFile.IndexSuffix}";
        }

        return NetworkBounds.Layers.FindProblem(Layers, content.Layers)
            ?? NetworkBounds.HiddenSize.FindProblem("hidden size", content.HiddenSize)
            ?? (content.LargestTensor < 1 || content.Elements < content.LargestTensor || content.Elements > long.MaxValue / 16
                ? "the elements of recorded inputs cannot be counted so"
                : null);
    }

    /// <inheritdoc/>
    public override Genotype Resolve(Shapes shapes) => this;

    /// <summary>Layers, and parameters where the file says how many; the hidden size is a feature, too.</summary>
    public override Structure Describe(EmbeddingSizes sizes, int sequenceLength)
    {
        long? parameters = content.Parameters > 0 ? content.Parameters : null;
        ImmutableArray<NamedValue> ranking =
            parameters is { } number ? [new(Layers, LayerCount), new(Parameters, number)] : [new(Layers, LayerCount)];
        return new Structure
        {
            TotalParameters = parameters,
            Features = [.. ranking, new("hidden", HiddenSize)],
            Baselines = ranking,
            MainBaseline = ranking[^1].Name,
        };
    }

    /// <inheritdoc/>
    public override MemoryEstimate Estimate(ProbeSettings probe) => new(
        sizeof(float) * content.Elements, sizeof(float) * (content.Elements + content.LargestTensor),
        sizeof(float) * content.LargestTensor);

    /// <summary>There is no network to build: null.</summary>
    public override INetwork? Build(ProbeSettings probe, Device device) => null;

    /// <inheritdoc/>
    public override string RecordedIn => path;

    /// <summary>What the file holds of the inputs that are wanted.</summary>
    /// <param name="probe">Does not matter.</param>
    /// <param name="wanted">The inputs that are wanted.</param>
    /// <param name="device">Where the inputs are to be.</param>
    /// <exception cref="InputsException">The file is not there, cannot be used, or is not the one that this network stands for.</exception>
    public override ArchitectureInputs Inputs(ProbeSettings probe, IReadOnlyCollection<InputKind> wanted, Device device)
    {
        if (!File.Exists(path))
        {
            throw new InputsException(
                $"{path}: there is no such file on {Environment.MachineName}; " +
                "put it there, or into a folder that every node has, and try again");
        }

        using var file = InputsFile.Open(path);
        if (file.Digest() != content.Digest)
        {
            throw new InputsException($"{path}: has changed since the benchmark was read; begin anew, or bring the old file back");
        }

        using var scope = NewDisposeScope();
        return new ArchitectureInputs([.. Enum.GetValues<InputKind>().Select(kind => wanted.Contains(kind)
            ? ImmutableArray.CreateRange(file[kind].Select(layer => ImmutableArray.CreateRange(layer.Select(t => Read(file, t, device)))))
            : [])])
        {
            WeightRoles = file.WeightRoles,
        };
    }

    private static Tensor Read(InputsFile file, StoredTensor stored, Device device)
    {
        var tensor = empty([.. stored.Shape], dtype: ScalarType.Float32);
        file.Read(stored, RandomWeights.Floats(tensor));
        return tensor.MovedTo(device).DetachFromDisposeScope();
    }
}
