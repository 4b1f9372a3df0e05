using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;

namespace LPZero.Messages.Architectures;

/// <summary>A genotype with its measured quality.</summary>
/// <param name="Id">The benchmark's own identifier.</param>
/// <param name="Genotype">What was trained, as its space names it.</param>
/// <param name="Truth">The ground truth; higher is better.</param>
public sealed record Architecture(string Id, Genotype Genotype, double Truth)
{
    /// <summary>A score of each of the benchmark's tasks, higher is better; not there where it has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ImmutableArray<double> Tasks { get; init; }
}

/// <summary>Sizes of the embedding, which all architectures of a benchmark share.</summary>
/// <param name="Vocabulary">Number of token ids.</param>
/// <param name="Embedding">
/// Width of the embedding where all architectures have the same; null where it belongs to each network, whose genotype says it then.
/// </param>
/// <param name="Positions">Number of positions.</param>
public sealed record EmbeddingSizes(
    int Vocabulary, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] int? Embedding, int Positions)
{
    /// <summary>Which size is out of bounds, in one line, or null where none is.</summary>
    public string? FindProblem() =>
        NetworkBounds.Vocabulary.FindProblem("vocabulary", Vocabulary)
        ?? (Embedding is { } width ? NetworkBounds.Embedding.FindProblem("embedding", width) : null)
        ?? NetworkBounds.Positions.FindProblem("positions", Positions);
}

/// <summary>Architectures of one search space with their ground truth.</summary>
/// <param name="Name">A short name for reports.</param>
/// <param name="Metric">What the truth measures.</param>
/// <param name="Shapes">The shapes that the truth was measured on.</param>
/// <param name="Sizes">Sizes of the embedding.</param>
/// <param name="Architectures">The architectures, in the benchmark's order.</param>
public sealed record Benchmark(string Name, string Metric, Shapes Shapes, EmbeddingSizes Sizes, ImmutableArray<Architecture> Architectures)
{
    /// <summary>The fewest architectures whose ranks can be told from chance.</summary>
    public const int FewestArchitectures = 8;

    /// <summary>The tasks that the truth is made of; null where it is one measurement.</summary>
    public TruthTasks? Tasks { get; init; }

    /// <summary>
    /// Why the benchmark cannot be used, in one line, or null where it can. Readers of files say it with the place in the file.
    /// </summary>
    public string? FindProblem()
    {
        if (PrintableText.FindProblemOfName(Name) is { } name)
        {
            return $"the benchmark's name {name}";
        }

        if (PrintableText.FindProblemOfName(Metric) is { } metric)
        {
            return $"the benchmark's metric {metric}";
        }

        if (!Enum.IsDefined(Shapes))
        {
            return string.Create(CultureInfo.InvariantCulture, $"{(int)Shapes} are no shapes");
        }

        return (Sizes is null ? "the sizes of the embedding are missing" : Sizes.FindProblem()) ?? Tasks?.FindProblem()
            ?? FindProblemOfArchitectures() ?? Tasks?.FindProblemOfWeights(Architectures);
    }

    private string? FindProblemOfArchitectures()
    {
        var count = Architectures.IsDefault ? 0 : Architectures.Length;
        if (count < FewestArchitectures)
        {
            return string.Create(CultureInfo.InvariantCulture,
                $"{count} architectures are too few to rank; give at least {FewestArchitectures}");
        }

        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (index, architecture) in Architectures.Index())
        {
            var problem = architecture?.Genotype is null ? "is missing"
                : PrintableText.FindProblemOfName(architecture.Id) is { } id ? $"the id {id}"
                : !ids.Add(architecture.Id) ? $"the id '{architecture.Id}' is another's, too"
                : !double.IsFinite(architecture.Truth) ? "the truth is not finite"
                : architecture.Genotype.Space != Architectures[0].Genotype.Space
                    ? $"it is of the space '{architecture.Genotype.Space}', the first of '{Architectures[0].Genotype.Space}'"
                : Tasks is null && !architecture.Tasks.IsDefaultOrEmpty ? "it has scores of tasks, and the benchmark does not name any"
                : Tasks?.FindMisfit(architecture) ?? architecture.Genotype.FindProblem() ?? architecture.Genotype.FindMisfit(Sizes);
            if (problem is not null)
            {
                return string.Create(CultureInfo.InvariantCulture, $"architecture {index}: {problem}");
            }
        }

        return Architectures.All(a => a.Truth == Architectures[0].Truth) ? "all truths are equal, so there is nothing to rank" : null;
    }
}
