using LPZero.Coordinator.Baselines;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Choosing;

/// <summary>What proxies are compared by, and what is made of the best of them.</summary>
/// <param name="Prefix">The name of the ranking that comes before proxies, see <see cref="NamedRankings"/>; null where none does.</param>
/// <param name="Fitness">What proxies are compared by.</param>
/// <param name="Rule">What is made of the best ones.</param>
public sealed record ChoosingRanking(string? Prefix, FitnessTarget Fitness, AnswerRule Rule)
{
    /// <summary>What its name is put together from.</summary>
    public IEnumerable<string> Parts
    {
        get
        {
            if (Prefix is not null)
            {
                yield return Prefix == RankingNames.LayersThenHiddenSize ? "structure first" : $"{Prefix} first";
            }

            if (Fitness != FitnessTarget.Truth)
            {
                yield return $"fitness {Fitness.ToString().ToLowerInvariant()}";
            }

            yield return Rule switch
            {
                AnswerRule.Proxy => "best proxy",
                AnswerRule.MeanRank => FormattableString.Invariant($"mean rank of the best {Selection.TopCount}"),
                AnswerRule.Ensemble => FormattableString.Invariant($"ensemble of up to {Selection.LargestEnsemble}"),
                AnswerRule.Sum => "mean rank with structure",
                _ => $"{RankingNames.StructureRegression} with proxies",
            };
        }
    }

    /// <summary>Every combination that can mean something: proxies behind a prefix break its ties alone.</summary>
    /// <param name="prefix">The ranking that is tried before proxies beside none.</param>
    public static IEnumerable<ChoosingRanking> All(string prefix) =>
    [
        .. Enum.GetValues<AnswerRule>().Select(rule => new ChoosingRanking(null, FitnessTarget.Truth, rule)),
        .. new[] { AnswerRule.Proxy, AnswerRule.MeanRank, AnswerRule.Ensemble }.Select(rule =>
            new ChoosingRanking(prefix, FitnessTarget.Truth, rule)),
        .. new[] { AnswerRule.Proxy, AnswerRule.MeanRank, AnswerRule.Sum }.Select(rule =>
            new ChoosingRanking(null, FitnessTarget.Smoothed, rule)),
        new ChoosingRanking(null, FitnessTarget.Sum, AnswerRule.Sum),
        new ChoosingRanking(null, FitnessTarget.Residual, AnswerRule.Sum),
        new ChoosingRanking(null, FitnessTarget.Residual, AnswerRule.Regression),
    ];
}
