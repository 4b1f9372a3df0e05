using LPZero.Coordinator.Exhaustive;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Tests.Exhaustive;

public sealed class JointRankingTests
{
    private const int Top = 30;

    private static readonly SearchConfiguration Configuration = new SearchConfiguration { Preset = "default" } with
    {
        UnaryOperations = 1,
        Inputs = [InputKind.A, InputKind.W, InputKind.S],
        LayerReductions = [LayerReduction.Sum, LayerReduction.AllButLast],
        MinDistinct = 0.5,
    };

    private static readonly ProxySpace Space = new(Configuration);

    [Fact]
    public void The_best_are_those_of_the_highest_mean_of_fishers_z_over_the_sets_one_by_one()
    {
        RankedTerms[] terms = [Terms(23, seed: 11), Terms(18, seed: 12)];
        var worker = Rank(terms, block => true);

        var fitness = terms.Select(each => new FitnessFunction(Configuration, each.Set, each.Table)).ToList();
        var oneByOne = AllOrdinals().Select(ordinal => (
                Ordinal: ordinal, Rhos: fitness.Select(function => function.Evaluate(Space.At(ordinal)).Fitness?.Rho).ToList()))
            .Where(proxy => proxy.Rhos.TrueForAll(rho => rho is not null)).ToList();
        Assert.Equal(oneByOne.Count, worker.Valid);
        var expected = oneByOne
            .Select(proxy => new RankedProxy(proxy.Rhos.Average(rho => JointRanking.Z(rho!.Value)), proxy.Ordinal)).Order().Take(Top);
        Assert.Equal(expected.Select(proxy => proxy.Rho), worker.Best.Select(proxy => proxy.Rho), (a, b) => Math.Abs(a - b) < 1e-12);
        Assert.Equal(expected.First().Ordinal, worker.Best[0].Ordinal);
    }

    [Fact]
    public void Of_one_set_the_best_is_that_of_the_exhaustive_search()
    {
        var terms = Terms(25, seed: 3);
        var joint = Rank([terms], block => true).Best;
        var alone = new ExhaustiveRanking(Space, new RankedSet(terms.Set), terms.Table, Configuration.MinDistinct).RankAll(Top).Best;
        Assert.Equal(alone.Select(proxy => proxy.Ordinal), joint.Select(proxy => proxy.Ordinal));
    }

    [Fact]
    public void Blocks_may_be_shared_out()
    {
        RankedTerms[] terms = [Terms(12, seed: 5), Terms(15, seed: 6)];
        var (even, odd, whole) = (Rank(terms, block => block % 2 == 0), Rank(terms, block => block % 2 == 1), Rank(terms, block => true));
        var merged = new BestProxies(Top);
        foreach (var proxy in odd.Best.Concat(even.Best))
        {
            merged.Offer(proxy);
        }

        Assert.Equal(whole.Best.AsEnumerable(), merged.ToImmutable());
        Assert.Equal(whole.Valid, even.Valid + odd.Valid);
    }

    private static RankedTerms Terms(int architectures, ulong seed)
    {
        var set = MadeUpTerms.Set(architectures, seed);
        return new RankedTerms(set, MadeUpTerms.Table(set, Space.Branches));
    }

    private static JointRanking.Worker Rank(RankedTerms[] terms, Func<int, bool> takes)
    {
        var ranking = new JointRanking(Space, [.. terms], Configuration.MinDistinct);
        var worker = ranking.CreateWorker(Top);
        for (var block = 0; block < ranking.Blocks; block++)
        {
            if (takes(block))
            {
                worker.Rank(block);
            }
        }

        return worker;
    }

    private static IEnumerable<long> AllOrdinals() =>
        from reduction in Enumerable.Range(0, Space.LayerReductions.Length)
        from left in Enumerable.Range(0, Space.Branches.Length)
        from right in Enumerable.Range(left, Space.Branches.Length - left).Prepend(-1)
        let forms = right < 0 ? Space.FormsAlone(left) : Space.Forms(left, right)
        from form in Enum.GetValues<ProxyForm>()
        where forms.Contains(form)
        select Space.Ordinal(reduction, left, right, form);
}
