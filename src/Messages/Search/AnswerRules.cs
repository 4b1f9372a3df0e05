using System.Collections.Immutable;

namespace LPZero.Messages.Search;

/// <summary>The names of <see cref="AnswerRule"/>, as they are typed.</summary>
public static class AnswerRules
{
    /// <summary>All of them, in the order of the enumeration.</summary>
    public static ImmutableArray<string> All { get; } = [.. Enum.GetValues<AnswerRule>().Select(Name)];

    /// <summary>The name of a rule.</summary>
    public static string Name(AnswerRule rule) => rule == AnswerRule.MeanRank ? "mean-rank" : rule.ToString().ToLowerInvariant();

    /// <summary>The rule of a name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static AnswerRule Parse(string name) => All.IndexOf(name) is var place and >= 0
        ? (AnswerRule)place
        : throw new ArgumentException($"no answer has the name '{name}'", nameof(name));
}
