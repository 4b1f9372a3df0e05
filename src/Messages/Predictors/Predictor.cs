using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;

namespace LPZero.Messages.Predictors;

/// <summary>
/// A ranking of architectures as data: an expression, a regression, an average of rankings, one ranking after the other, or any of these
/// within another. It scores architectures that nobody trained, higher is better.
/// </summary>
/// <param name="Name">What reports and files call it; no part of its digest.</param>
/// <param name="Space">The space of the architectures that it was made on; features and baselines are that space's.</param>
/// <param name="Root">What the score is put together from.</param>
/// <param name="Probe">How networks are probed for its proxies; null where it has none.</param>
public sealed record Predictor(string Name, string Space, PredictorGroup Root, PredictorProbe? Probe = null)
{
    /// <summary>Raised where a field goes or changes its meaning.</summary>
    public const int CurrentSchemaVersion = 1;

    /// <summary>The version of the form that it is written in.</summary>
    [JsonPropertyOrder(-1)]
    public int SchemaVersion { get; init; } = CurrentSchemaVersion;

    /// <summary>The proxies whose scores are needed, each once and without weight.</summary>
    [JsonIgnore]
    public ImmutableArray<ProxyPart> Proxies => Root.Proxies;

    /// <summary>Whether it needs what the description of a network says, which only its own space is known to say.</summary>
    [JsonIgnore]
    public bool NeedsStructure => Root.Leaves.Any(part => part is FeaturePart or BaselinePart);

    /// <summary>Why it cannot be used, in one line, or null where it can.</summary>
    public string? FindProblem()
    {
        if (SchemaVersion != CurrentSchemaVersion)
        {
            return string.Create(CultureInfo.InvariantCulture,
                $"schema version {SchemaVersion} is not {CurrentSchemaVersion}, which this program reads");
        }

        return PrintableText.FindProblemOfName(Name) is { } name ? $"the name {name}"
            : PrintableText.FindProblemOfName(Space) is { } space ? $"the space {space}"
            : Root is null ? "the root is missing"
            : Root.FindProblem() is { } problem ? problem
            : Proxies.IsEmpty != Probe is null ? "a probe is given exactly where there are proxies"
            : Probe?.FindProblem();
    }

    /// <summary>The predictor in a few words, however many parts it has; see <see cref="PredictorGroup.Summary"/>.</summary>
    [JsonIgnore]
    public string Summary => Root.Summary;

    /// <summary>The predictor in words; of a proxy alone its expression.</summary>
    public override string ToString() => Root.ToString();
}
