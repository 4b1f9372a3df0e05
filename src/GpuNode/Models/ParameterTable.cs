using System.Collections.Immutable;

namespace LPZero.GpuNode.Models;

/// <summary>Collects the parameters of a part of a network.</summary>
/// <param name="hasBiases">Whether a linear map has a bias beside its matrix.</param>
/// <param name="hasShifts">Whether a normalisation has a bias beside its scale.</param>
internal sealed class ParameterTable(bool hasBiases = true, bool hasShifts = true)
{
    private readonly ImmutableArray<ParameterShape>.Builder shapes = ImmutableArray.CreateBuilder<ParameterShape>();

    /// <summary>Whether what is added belongs to the operation that mixes the tokens.</summary>
    public bool IsMixing { get; set; }

    /// <summary>Adds one parameter.</summary>
    public void Add(string name, ParameterKind kind, params long[] shape) =>
        shapes.Add(new ParameterShape(name, [.. shape], kind, IsMixing));

    /// <summary>Adds a linear map.</summary>
    public void Linear(string name, int input, int output)
    {
        Add(name + ".weight", ParameterKind.Linear, output, input);
        if (hasBiases)
        {
            Add(name + ".bias", ParameterKind.Bias, output);
        }
    }

    /// <summary>Adds a normalisation.</summary>
    public void Norm(string name, int width)
    {
        Add(name + ".weight", ParameterKind.Scale, width);
        if (hasShifts)
        {
            Add(name + ".bias", ParameterKind.Bias, width);
        }
    }

    /// <summary>What was added, in its order.</summary>
    public ImmutableArray<ParameterShape> ToImmutable() => shapes.ToImmutable();
}
