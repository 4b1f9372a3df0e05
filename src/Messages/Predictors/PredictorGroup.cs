using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;

namespace LPZero.Messages.Predictors;

/// <summary>Several values of an architecture put together by one rule; groups may stand within groups.</summary>
/// <param name="Rule">How the parts become a score.</param>
/// <param name="Parts">The parts, at least one; of a lexicographic group in the order in which they decide.</param>
/// <param name="Intercept">Added to a sum; 0 of every other rule.</param>
public sealed record PredictorGroup(PredictorRule Rule, ImmutableArray<PredictorPart> Parts, double Intercept = 0)
{
    private const int DeepestNesting = 8;
    private const int MostParts = 1000;
    private const int PartsInWords = 3;

    /// <summary>One value alone.</summary>
    public static PredictorGroup Of(PredictorPart part) => new(PredictorRule.Sum, [part]);

    /// <summary>The mean of rankings, as the sum of centred ranks.</summary>
    public static PredictorGroup MeanRank(params IEnumerable<PredictorPart> parts) => new(PredictorRule.MeanRank, [.. parts]);

    /// <summary>The first, then the second, and so on.</summary>
    public static PredictorGroup Lexicographic(params IEnumerable<PredictorPart> parts) => new(PredictorRule.Lexicographic, [.. parts]);

    /// <summary>One value times another.</summary>
    public static PredictorGroup Product(params IEnumerable<PredictorPart> parts) => new(PredictorRule.Product, [.. parts]);

    /// <summary>The proxy that ranks as the group does, where it is nothing but one proxy; else null.</summary>
    [JsonIgnore]
    public ProxyPart? OnlyProxy => this switch
    {
        { Intercept: 0, Parts: [ProxyPart { IsPlain: true } proxy] } => proxy,
        { Intercept: 0, Parts: [GroupPart { IsPlain: true } inner] } => inner.Group.OnlyProxy,
        _ => null,
    };

    /// <summary>Every part that is no group, of the groups within it too, in the order in which they stand.</summary>
    [JsonIgnore]
    public IEnumerable<PredictorPart> Leaves =>
        Parts.SelectMany(part => part is GroupPart inner ? inner.Group.Leaves : [part]);

    /// <summary>The proxies whose scores are needed, each once and without weight.</summary>
    [JsonIgnore]
    public ImmutableArray<ProxyPart> Proxies => [.. Leaves.OfType<ProxyPart>().Select(proxy => proxy.Unweighted).Distinct()];

    /// <summary>Why the group cannot be meant, in one line that says where, or null where it can.</summary>
    public string? FindProblem()
    {
        // The depth first: what follows walks down all the way.
        if (Depth(this, DeepestNesting) is { } depth)
        {
            return depth;
        }

        return Leaves.Count() > MostParts
            ? string.Create(CultureInfo.InvariantCulture, $"more than {MostParts} parts")
            : FindProblemOfParts("root");
    }

    /// <summary>The group in words: the expression of a proxy alone, else its rule and its parts.</summary>
    public override string ToString() => Rule switch
    {
        _ when Parts is [var only] => only.ToString(),
        PredictorRule.Sum when IsOfRegressions => $"sum of {Joined(Parts, " and ")}",
        PredictorRule.Sum => $"regression on {(Parts.Length <= PartsInWords ? Joined(Parts, " and ") : CountInWords())}",
        PredictorRule.MeanRank => RankSumInWords(),
        PredictorRule.Product => Joined(Parts, " times "),
        _ => Joined(Parts, ", then "),
    };

    /// <summary>As <see cref="ToString"/> where there are few parts; of more the kinds and how many there are of each.</summary>
    [JsonIgnore]
    public string Summary => Leaves.Count() <= PartsInWords ? ToString() : Rule switch
    {
        _ when Parts is [GroupPart only] => only.Group.Summary,
        PredictorRule.Sum when IsOfRegressions => string.Create(CultureInfo.InvariantCulture, $"sum of {Parts.Length} regressions"),
        PredictorRule.Sum => $"regression on {CountOfKinds()}",
        PredictorRule.MeanRank => $"{(First is { } first ? $"{first}, then " : "")}rank sum of {CountOfKinds()}",
        PredictorRule.Product => $"product of {CountOfKinds()}",
        _ => string.Join(", then ", Parts.Select(part => part is GroupPart inner ? inner.Group.Summary : part.ToString())),
    };

    private string CountOfKinds()
    {
        string[] kinds =
        [
            .. CountOfFeatures(),
            .. Columns.Any(part => part is GroupPart { Group.Proxies.IsEmpty: true }) ? ["structure regression"] : Array.Empty<string>(),
            .. Proxies.Length > 0 ? [Count(Proxies.Length, "proxy", "proxies")] : Array.Empty<string>(),
        ];
        return string.Join(" and ", kinds);
    }

    /// <summary>The same feature as it is, as a logarithm and in a product is one.</summary>
    private string[] CountOfFeatures()
    {
        var features = Columns.Where(part => part is FeaturePart or BaselinePart).Select(part => part.Source).Distinct().Count();
        return features > 0 ? [Count(features, "structural feature", "structural features")] : [];
    }

    /// <summary>The parts, of a product its factors.</summary>
    private IEnumerable<PredictorPart> Columns =>
        Parts.SelectMany(part => part is GroupPart { Group: { Rule: PredictorRule.Product } product } ? product.Leaves : [part]);

    private bool IsOfRegressions => Parts.All(part => part is GroupPart { Group.Rule: PredictorRule.Sum });

    private static string Count(int count, string one, string many) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? one : many)}");

    private static string Joined(IEnumerable<PredictorPart> parts, string between) => string.Join(between, parts);

    /// <summary>The parts of a mean rank that are one ranking after another.</summary>
    private ImmutableArray<PredictorGroup> Successions =>
    [
        .. Parts.OfType<GroupPart>().Where(part => part is { IsPlain: true, Group.Rule: PredictorRule.Lexicographic })
            .Select(part => part.Group),
    ];

    /// <summary>What comes first in all the parts of a mean rank; null where nothing does.</summary>
    private string? First
    {
        get
        {
            var groups = Successions;
            string[] first = [.. groups.Select(group => Joined(group.Parts.SkipLast(1), ", then ")).Distinct()];
            return groups.Length == Parts.Length && first is [{ Length: > 0 } common] ? common : null;
        }
    }

    /// <summary>What comes first in all of them is said once.</summary>
    private string RankSumInWords() => First is { } common
        ? $"{common}, then rank sum of {Joined(Successions.Select(group => group.Parts[^1]), " and ")}"
        : $"rank sum of {Joined(Parts, " and ")}";

    private static string? Depth(PredictorGroup group, int left)
    {
        if (left == 0)
        {
            return string.Create(CultureInfo.InvariantCulture, $"groups within groups more than {DeepestNesting} deep");
        }

        return group.Parts.IsDefaultOrEmpty
            ? "a group without parts; give at least one"
            : group.Parts.OfType<GroupPart>()
                .Select(inner => inner.Group is null ? "a group is missing" : Depth(inner.Group, left - 1))
                .FirstOrDefault(problem => problem is not null);
    }

    private string CountInWords()
    {
        string[] counts =
        [
            .. CountOfFeatures(),
            .. Columns.Where(part => part is ProxyPart or GroupPart).Select(part => part.ToString()),
        ];
        return string.Join(" and ", counts);
    }

    private string? FindProblemOfParts(string path)
    {
        if (!Enum.IsDefined(Rule))
        {
            return string.Create(CultureInfo.InvariantCulture, $"{path}: {(int)Rule} is no rule");
        }

        if (!double.IsFinite(Intercept) || (Rule != PredictorRule.Sum && Intercept != 0))
        {
            return $"{path}: the intercept is a finite number, and 0 of any rule but sum";
        }

        return Parts
            .Select((part, i) => FindProblemOfPart(part, string.Create(CultureInfo.InvariantCulture, $"{path}.parts[{i}]")))
            .FirstOrDefault(problem => problem is not null);
    }

    private static string? FindProblemOfPart(PredictorPart? part, string path)
    {
        var problem = part switch
        {
            null => "is missing",
            FeaturePart { Name: var name } => PrintableText.FindProblemOfName(name) is { } of ? $"the name {of}" : null,
            BaselinePart { Name: var name } => PrintableText.FindProblemOfName(name) is { } of ? $"the name {of}" : null,
            ProxyPart proxy => FindProblemOfProxy(proxy),
            _ => null,
        } ?? (part is null ? null : FindProblemOfNumbers(part));
        return problem is not null ? $"{path}: {problem}"
            : part is GroupPart inner ? inner.Group.FindProblemOfParts($"{path}.group")
            : null;
    }

    private static string? FindProblemOfProxy(ProxyPart part)
    {
        if (part.Proxy is not { } proxy)
        {
            return "the proxy is missing";
        }

        return proxy.LayerReduction is null ? $"the proxy says no layer reduction; write it as sum[{proxy}], or another one"
            : proxy.Left.IsDisconnected && proxy.Right.IsDisconnected ? "both branches of the proxy are disconnected"
            : !Enum.IsDefined(part.ElementReduction) || !Enum.IsDefined(part.TensorReduction) ? "a reduction is mean or sum"
            : null;
    }

    private static string? FindProblemOfNumbers(PredictorPart part) =>
        !Enum.IsDefined(part.Transform) ? "a transform is none or log"
        : !double.IsFinite(part.Mean) || !double.IsFinite(part.Coefficient) ? "mean and coefficient are finite numbers"
        : !double.IsFinite(part.Scale) || part.Scale <= 0 ? "the scale is a finite number above 0"
        : null;
}
