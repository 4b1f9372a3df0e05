using System.Text.Json.Serialization;
using LPZero.Messages.Proxies;

namespace LPZero.Messages.Predictors;

/// <summary>One of the values that a group puts together, standardised and with its weight.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(FeaturePart), "feature")]
[JsonDerivedType(typeof(BaselinePart), "baseline")]
[JsonDerivedType(typeof(ProxyPart), "proxy")]
[JsonDerivedType(typeof(GroupPart), "group")]
public abstract record PredictorPart
{
    /// <summary>What is made of the value first.</summary>
    public PartTransform Transform { get; init; }

    /// <summary>Subtracted from the transformed value.</summary>
    public double Mean { get; init; }

    /// <summary>What the difference is divided by; above 0.</summary>
    public double Scale { get; init; } = 1;

    /// <summary>The weight; of a part that orders, its sign says which way.</summary>
    public double Coefficient { get; init; } = 1;

    /// <summary>Whether the value counts as it is: no transform, nothing subtracted, no scale and no weight.</summary>
    [JsonIgnore]
    public bool IsPlain => this is { Transform: PartTransform.None, Mean: 0, Scale: 1, Coefficient: 1 };

    /// <summary>(transform(value) - mean) / scale.</summary>
    public double Standardise(double value) => (PartTransforms.Apply(Transform, value) - Mean) / Scale;

    /// <summary>What the value is of, in words.</summary>
    [JsonIgnore]
    public abstract string Source { get; }

    /// <summary>The part in words, without its numbers.</summary>
    public sealed override string ToString()
    {
        var text = Transform == PartTransform.None ? Source : $"log of {Source}";
        return Coefficient < 0 ? $"minus {text}" : text;
    }
}

/// <summary>
/// A number that describes a network (<see cref="Architectures.Structure.Features"/>), by its name. Every space has the two names below
/// besides its own.
/// </summary>
/// <param name="Name">The feature's name.</param>
public sealed record FeaturePart(string Name) : PredictorPart
{
    /// <summary>The genotype's number of layers, in every space.</summary>
    public const string Layers = "layers";

    /// <summary>The genotype's width of the hidden states, in every space.</summary>
    public const string HiddenSize = "hidden size";

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Source => Name;
}

/// <summary>A structural baseline (<see cref="Architectures.Structure.Baselines"/>), by its name.</summary>
/// <param name="Name">The baseline's name.</param>
public sealed record BaselinePart(string Name) : PredictorPart
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Source => Name;
}

/// <summary>The score of a proxy on the untrained network.</summary>
/// <param name="Proxy">The proxy, with its own layer reduction.</param>
/// <param name="ElementReduction">How the elements of a chain's result become a number.</param>
/// <param name="TensorReduction">How the tensors of a layer become a number.</param>
public sealed record ProxyPart(Proxy Proxy, Reduction ElementReduction, Reduction TensorReduction) : PredictorPart
{
    /// <summary>The same proxy as it scores, without weight: two parts that need the same scores have the same.</summary>
    [JsonIgnore]
    public ProxyPart Unweighted => new(Proxy, ElementReduction, TensorReduction);

    /// <inheritdoc/>
    [JsonIgnore]
    public override string Source => Proxy is { LayerReduction: { } reduction, Right.IsDisconnected: true }
        ? $"{OperationNames.Name(reduction)}[{Proxy.Left}]"
        : Proxy.ToString();
}

/// <summary>A group within a group, whose score is the value.</summary>
/// <param name="Group">The group.</param>
public sealed record GroupPart(PredictorGroup Group) : PredictorPart
{
    /// <inheritdoc/>
    [JsonIgnore]
    public override string Source => Group.Parts is [var only] && Group.Rule == PredictorRule.Sum ? only.ToString() : $"({Group})";
}
