using LPZero.Coordinator.Truths;

namespace LPZero.Seed.Reporting;

/// <summary>What noise leaves of a perfect ranking; docs/json.md describes the fields, which stay.</summary>
internal sealed record CeilingJson(double? Rho, double? RhoWithoutFailed, double? Noise, int Failed, IReadOnlyList<GroupCeilingJson> Groups)
{
    /// <summary>The ceiling; null where it is not known.</summary>
    public static CeilingJson? Of(NoiseCeiling? ceiling) => ceiling is null ? null : new CeilingJson(
        JsonNumber.Finite(ceiling.Rho), JsonNumber.Finite(ceiling.RhoWithoutFailed), JsonNumber.Finite(ceiling.Noise), ceiling.Failed,
        [
            .. ceiling.Groups.Select(group => new GroupCeilingJson(
                group.Group, group.Architectures, group.Networks, JsonNumber.Finite(group.Noise), JsonNumber.Finite(group.Rho))),
        ]);
}

/// <summary>The ceiling within a group of equal layers and hidden size.</summary>
internal sealed record GroupCeilingJson(string Group, int Architectures, int Networks, double? Noise, double? Rho);

/// <summary>A truth of a benchmark with tasks.</summary>
internal sealed record TruthJson(string Name, bool IsTask, double? Ceiling, double? CeilingWithoutFailed)
{
    public static TruthJson Of(TruthColumn truth) => new(
        truth.Name, truth.IsTask, JsonNumber.Finite(truth.Ceiling), JsonNumber.Finite(truth.CeilingWithoutFailed));
}

/// <summary>How rankings do by a truth.</summary>
internal sealed record RankedTruthJson(
    string Name, bool IsTask, double? Ceiling, double? CeilingWithoutFailed, IReadOnlyList<TruthRhoJson> Rankings)
{
    /// <summary>One for each truth; null where the benchmark has no tasks.</summary>
    public static IReadOnlyList<RankedTruthJson>? Of(RankedTruths? ranked) => ranked is null ? null :
    [
        .. ranked.Truths.Select((truth, i) => new RankedTruthJson(
            truth.Name, truth.IsTask, JsonNumber.Finite(truth.Ceiling), JsonNumber.Finite(truth.CeilingWithoutFailed),
            [
                .. ranked.Rankings.Select(ranking => new TruthRhoJson(
                    ranking.Name, JsonNumber.Finite(ranking.ByTruth[i].All), JsonNumber.Finite(ranking.ByTruth[i].WithoutFailed))),
            ])),
    ];
}

/// <summary>How a ranking does by a truth.</summary>
internal sealed record TruthRhoJson(string Ranking, double? Rho, double? RhoWithoutFailed);
