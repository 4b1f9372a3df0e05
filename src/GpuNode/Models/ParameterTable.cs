using System.Collections.Immutable;

namespace LPZero.GpuNode.Models;

/// <summary>Collects the parameters of a part of a network.</summary>
/// <param name="hasBiases">Whether a linear map has a bias beside its matrix.</param>
/// <param name="hasShifts">Whether a normalisation has a bias beside its scale.</param>
internal sealed class ParameterTable(bool hasBiases = true, bool hasShifts = true)
{
    private readonly ImmutableArray<ParameterShape>.Builder shapes = ImmutableArray.CreateBuilder<ParameterShape>();

    /// <summary>The role of what is added, but for what is given one of its own.</summary>
    public ParameterRole Role { get; set; }

    /// <summary>Adds one parameter.</summary>
    public void Add(string name, ParameterKind kind, params long[] shape) => Add(name, kind, Role, shape);

    /// <summary>Adds a linear map.</summary>
    public void Linear(string name, int input, int output, ParameterRole? role = null)
    {
        Add(name + ".weight", ParameterKind.Linear, role ?? Role, output, input);
        if (hasBiases)
        {
            Add(name + ".bias", ParameterKind.Bias, role ?? Role, output);
        }
    }

    /// <summary>Adds a normalisation, which has this role wherever it stands.</summary>
    public void Norm(string name, int width)
    {
        Add(name + ".weight", ParameterKind.Scale, ParameterRole.Normalization, width);
        if (hasShifts)
        {
            Add(name + ".bias", ParameterKind.Bias, ParameterRole.Normalization, width);
        }
    }

    /// <summary>What was added, in its order.</summary>
    public ImmutableArray<ParameterShape> ToImmutable() => shapes.ToImmutable();

    private void Add(string name, ParameterKind kind, ParameterRole role, params long[] shape) =>
        shapes.Add(new ParameterShape(name, [.. shape], kind, role));
}
