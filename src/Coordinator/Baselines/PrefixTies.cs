using System.Globalization;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Architectures;
using LPZero.Messages.Predictors;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Baselines;

/// <summary>Whether a ranking by structure that comes before proxies leaves them something to order.</summary>
public static class PrefixTies
{
    /// <summary>Why a search behind the configuration's prefix cannot be meant, or null where it can, or there is no prefix.</summary>
    /// <param name="benchmark">What is searched on.</param>
    /// <param name="configuration">A configuration that fits it, see <see cref="BenchmarkFit"/>.</param>
    public static ConfigurationProblem? FindProblem(Benchmark benchmark, SearchConfiguration configuration)
    {
        if (configuration.Prefix is not { } prefix)
        {
            return null;
        }

        var search = SearchSample.Of(benchmark, configuration).Search;
        var on = new FittedStructure(new StructuralBaselines(benchmark, configuration.SequenceLength), search, configuration.Seed);
        var ranking = on.ScoresOf(PredictorGroup.Lexicographic(NamedRankings.Find(prefix, on)!.Value));

        // Genotypes of one network are tied for every proxy, too.
        var isSomeTied = ranking.Zip(search.NetworkOf).Distinct().Count() > ranking.Distinct().Count();
        var coarser = prefix == RankingNames.LayersThenHiddenSize ? "layers" : RankingNames.LayersThenHiddenSize;
        return isSomeTied ? null : new ConfigurationProblem(
            "prefix", prefix,
            string.Create(CultureInfo.InvariantCulture,
                $"it leaves no ties among the {search.Networks.Length} searched networks that proxies could break; give a coarser " +
                $"ranking, such as '{coarser}', or leave it out"));
    }
}
