using System.Collections.Immutable;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Exhaustive;

/// <summary>
/// Ranks every canonical proxy of a space on a set of architectures, block by block of first branches. Immutable; blocks may be
/// ranked on any number of threads, each with a <see cref="Worker"/> of its own, and their tallies added up in any order.
/// </summary>
public sealed class ExhaustiveRanking
{
    /// <summary>First branches of a block: so many are kept at hand while the second branches pass by once.</summary>
    public const int BlockBranches = 8;

    private readonly ProxySpace space;
    private readonly RankedSet ranked;
    private readonly double minDistinct;
    private readonly ImmutableArray<BranchValues> values;
    private readonly int blocksPerReduction;

    /// <summary>Lays out the numbers of all branches, for every layer reduction, so that workers only combine them.</summary>
    /// <param name="space">The proxies.</param>
    /// <param name="ranked">The architectures.</param>
    /// <param name="table">The terms of all branches of the space on the set's networks.</param>
    /// <param name="minDistinct">Floor on the number of distinct scores over that of networks.</param>
    /// <exception cref="KeyNotFoundException">A term is not known.</exception>
    public ExhaustiveRanking(ProxySpace space, RankedSet ranked, TermTable table, double minDistinct)
    {
        this.space = space;
        this.ranked = ranked;
        this.minDistinct = minDistinct;
        values = [.. space.LayerReductions.Select(reduction => new BranchValues(ranked, table, space.Branches, reduction))];
        blocksPerReduction = (space.Branches.Length + BlockBranches - 1) / BlockBranches;
    }

    /// <summary>Number of blocks.</summary>
    public int Blocks => blocksPerReduction * space.LayerReductions.Length;

    /// <summary>A worker for one thread; blocks may be shared out among several, and what they find added up in any order.</summary>
    /// <param name="top">How many of the best proxies its tallies keep.</param>
    /// <param name="keepKeys">Whether it keeps the keys of the valid rankings.</param>
    /// <exception cref="InvalidOperationException">Keys are asked for of several strata, where minus the scores do not
    /// rank in reverse.</exception>
    public Worker CreateWorker(int top, bool keepKeys) => keepKeys && ranked.Strata.Length > 1
        ? throw new InvalidOperationException("Rankings within strata have no keys.")
        : new Worker(this, top, keepKeys);

    /// <summary>The tally of the whole space, ranked on the calling thread.</summary>
    /// <param name="top">How many of the best proxies are kept.</param>
    public ExhaustiveTally RankAll(int top)
    {
        var worker = CreateWorker(top, keepKeys: false);
        for (var block = 0; block < Blocks; block++)
        {
            worker.Rank(block);
        }

        return worker.TakeTally();
    }

    /// <summary>Ranks blocks and adds up what it finds. Belongs to one thread.</summary>
    public sealed class Worker
    {
        private readonly ExhaustiveRanking owner;
        private readonly VectorRanking ranking;
        private readonly int top;
        private readonly List<SignedRankingKey>? keys;
        private readonly double[] sums;
        private readonly double[] differences;
        private readonly double[] products;
        private readonly long[] histogram = new long[ExhaustiveTally.Bins];
        private readonly long[] invalid = new long[Enum.GetValues<InvalidReason>().Length];
        private readonly RankedProxy?[] bestByInputs = new RankedProxy?[ExhaustiveTally.InputsCount];
        private BestProxies best;
        private long proxies;
        private long valid;

        internal Worker(ExhaustiveRanking owner, int top, bool keepKeys)
        {
            this.owner = owner;
            this.top = top;
            ranking = new VectorRanking(owner.ranked, owner.minDistinct);
            keys = keepKeys ? [] : null;
            sums = new double[owner.ranked.Lanes];
            differences = new double[owner.ranked.Lanes];
            products = new double[owner.ranked.Lanes];
            best = new BestProxies(top);
        }

        /// <summary>Ranks the proxies whose first branch is in the block.</summary>
        public void Rank(int block)
        {
            var (reduction, part) = Math.DivRem(block, owner.blocksPerReduction);
            var branches = owner.space.Branches.Length;
            var first = part * BlockBranches;
            var end = Math.Min(first + BlockBranches, branches);
            for (var left = first; left < end; left++)
            {
                RankAlone(reduction, left);
            }

            for (var right = first; right < branches; right++)
            {
                for (var left = first; left < end && left <= right; left++)
                {
                    RankPair(reduction, left, right);
                }
            }
        }

        /// <summary>What was found since the last call; an empty tally where no block was ranked since.</summary>
        public ExhaustiveTally TakeTally()
        {
            var tally = new ExhaustiveTally
            {
                Proxies = proxies,
                Valid = valid,
                Invalid = Enum.GetValues<InvalidReason>().Where(reason => invalid[(int)reason] > 0)
                    .ToImmutableSortedDictionary(reason => reason, reason => invalid[(int)reason]),
                Histogram = [.. histogram],
                Best = best.ToImmutable(),
                BestByInputs = [.. bestByInputs],
            };
            (proxies, valid, best) = (0, 0, new BestProxies(top));
            Array.Clear(histogram);
            Array.Clear(invalid);
            Array.Clear(bestByInputs);
            return tally;
        }

        /// <summary>The keys of the valid rankings since the last call; empty where none are kept.</summary>
        public ImmutableArray<SignedRankingKey> TakeKeys()
        {
            ImmutableArray<SignedRankingKey> taken = [.. keys ?? []];
            keys?.Clear();
            return taken;
        }

        private void RankAlone(int reduction, int branch)
        {
            var forms = owner.space.FormsAlone(branch);
            if (forms.IsEmpty)
            {
                return;
            }

            var values = owner.values[reduction];
            if (!values.IsFinite(branch))
            {
                CountInvalid(forms, InvalidReason.NonFinite);
                return;
            }

            PairScores.Alone(values, branch, sums);
            Count(forms, ProxyForm.Alone, sums, reduction, branch, right: -1);
        }

        private void RankPair(int reduction, int left, int right)
        {
            var forms = owner.space.Forms(left, right);
            if (forms.IsEmpty)
            {
                return;
            }

            var values = owner.values[reduction];
            if (!values.IsFinite(left) || !values.IsFinite(right))
            {
                CountInvalid(forms, InvalidReason.NonFinite);
                return;
            }

            PairScores.Combine(values, left, right, sums, differences, products);
            Count(forms, ProxyForm.Sum, sums, reduction, left, right);
            Count(forms, ProxyForm.Difference, differences, reduction, left, right);
            Count(forms, ProxyForm.Product, products, reduction, left, right);
        }

        /// <summary>Ranks the scores, for a form and its negation as far as they are in the space.</summary>
        private void Count(ProxyForms all, ProxyForm form, double[] scores, int reduction, int left, int right)
        {
            var forms = all.WithSigns(form);
            if (forms.IsEmpty)
            {
                return;
            }

            var result = ranking.Rank(scores);
            if (result.Invalid is { } reason)
            {
                CountInvalid(forms, reason);
                return;
            }

            proxies += forms.Count;
            valid += forms.Count;
            keys?.Add(SignedRankingKey.Of(result.Key, forms.PositiveCount > 0, forms.NegativeCount > 0));
            if (forms.PositiveCount > 0)
            {
                Count(result.Rho, form, reduction, left, right);
            }

            if (forms.NegativeCount > 0)
            {
                Count(result.NegatedRho, form + 1, reduction, left, right);
            }
        }

        private void Count(double rho, ProxyForm form, int reduction, int left, int right)
        {
            histogram[ExhaustiveTally.BinOf(rho)]++;
            var space = owner.space;
            ref var ofInputs = ref bestByInputs[
                ExhaustiveTally.InputsIndex(space.Branches[left].Input, right < 0 ? null : space.Branches[right].Input)];
            var isBestOfInputs = ofInputs is not { } leader || rho >= leader.Rho;
            if (!isBestOfInputs && !best.Admits(rho))
            {
                return;
            }

            var proxy = new RankedProxy(rho, space.Ordinal(reduction, left, right, form));
            best.Offer(proxy);
            if (isBestOfInputs && (ofInputs is not { } old || proxy < old))
            {
                ofInputs = proxy;
            }
        }

        private void CountInvalid(ProxyForms forms, InvalidReason reason)
        {
            proxies += forms.Count;
            invalid[(int)reason] += forms.Count;
        }
    }
}
