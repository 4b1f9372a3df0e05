using System.Collections.Immutable;
using LPZero.Coordinator.Scoring;

namespace LPZero.Coordinator.Exhaustive;

/// <summary>A set of architectures with the terms of its networks.</summary>
/// <param name="Set">The architectures.</param>
/// <param name="Table">The terms of all branches of the space on the set's networks.</param>
public sealed record RankedTerms(ArchitectureSet Set, TermTable Table);

/// <summary>
/// Ranks every canonical proxy of a space on several sets of architectures at once. Its value is the mean over the sets of Fisher's z,
/// atanh(rho): the variance of z does not depend on rho, so that a set on which everything ranks well counts no more than another
/// (R. A. Fisher, 1921). A proxy that is invalid on one of the sets is invalid. Immutable; blocks may be ranked on any number of threads,
/// each with a <see cref="Worker"/> of its own, and what they keep merged in any order.
/// </summary>
public sealed class JointRanking
{
    // atanh(1) is infinite; a rho nearer to 1 than this counts as this.
    private const double LargestRho = 1 - 1e-9;

    private readonly ProxySpace space;
    private readonly double minDistinct;
    private readonly ImmutableArray<RankedSet> sets;

    // Of each layer reduction and set.
    private readonly ImmutableArray<ImmutableArray<BranchValues>> values;

    /// <summary>Lays out the numbers of all branches.</summary>
    /// <param name="space">The proxies.</param>
    /// <param name="terms">The sets, at least one.</param>
    /// <param name="minDistinct">Floor on the number of distinct scores over that of networks, on each set.</param>
    /// <exception cref="KeyNotFoundException">A term is not known.</exception>
    public JointRanking(ProxySpace space, ImmutableArray<RankedTerms> terms, double minDistinct)
    {
        this.space = space;
        this.minDistinct = minDistinct;
        sets = [.. terms.Select(each => new RankedSet(each.Set))];
        values =
        [
            .. space.LayerReductions.Select(reduction => ImmutableArray.CreateRange(
                sets.Zip(terms, (set, each) => new BranchValues(set, each.Table, space.Branches, reduction)))),
        ];
    }

    /// <summary>Number of blocks: first branches of each layer reduction.</summary>
    public int Blocks => space.Branches.Length * space.LayerReductions.Length;

    /// <summary>Fisher's z, atanh(rho); finite for a rho of 1, too.</summary>
    public static double Z(double rho) => Math.Atanh(Math.Clamp(rho, -LargestRho, LargestRho));

    /// <summary>A worker for one thread.</summary>
    /// <param name="top">How many of the best proxies it keeps.</param>
    public Worker CreateWorker(int top) => new(this, top);

    /// <summary>Ranks blocks and keeps the best. Belongs to one thread.</summary>
    public sealed class Worker
    {
        private readonly JointRanking owner;
        private readonly ImmutableArray<VectorRanking> rankings;
        private readonly BestProxies best;

        // Of each form at an even place and each set, by lane.
        private readonly ImmutableArray<ImmutableArray<double[]>> scores;

        internal Worker(JointRanking owner, int top)
        {
            this.owner = owner;
            best = new BestProxies(top);
            rankings = [.. owner.sets.Select(set => new VectorRanking(set, owner.minDistinct))];
            scores =
            [
                .. Enumerable.Range(0, 3).Select(_ => ImmutableArray.CreateRange(owner.sets.Select(set => new double[set.Lanes]))),
            ];
        }

        /// <summary>The best proxies of the blocks that were ranked, with their values for rho.</summary>
        public ImmutableArray<RankedProxy> Best => best.ToImmutable();

        /// <summary>Valid proxies of the blocks that were ranked.</summary>
        public long Valid { get; private set; }

        /// <summary>Ranks the proxies whose first branch is the block's.</summary>
        public void Rank(int block)
        {
            var (reduction, left) = Math.DivRem(block, owner.space.Branches.Length);
            var values = owner.values[reduction];
            if (!values.All(ofSet => ofSet.IsFinite(left)))
            {
                return;
            }

            RankAlone(reduction, left);
            for (var right = left; right < owner.space.Branches.Length; right++)
            {
                var forms = owner.space.Forms(left, right);
                if (forms.IsEmpty || !values.All(ofSet => ofSet.IsFinite(right)))
                {
                    continue;
                }

                for (var set = 0; set < rankings.Length; set++)
                {
                    PairScores.Combine(values[set], left, right, scores[0][set], scores[1][set], scores[2][set]);
                }

                Count(forms, ProxyForm.Sum, scores[0], reduction, left, right);
                Count(forms, ProxyForm.Difference, scores[1], reduction, left, right);
                Count(forms, ProxyForm.Product, scores[2], reduction, left, right);
            }
        }

        private void RankAlone(int reduction, int left)
        {
            var forms = owner.space.FormsAlone(left);
            if (forms.IsEmpty)
            {
                return;
            }

            for (var set = 0; set < rankings.Length; set++)
            {
                PairScores.Alone(owner.values[reduction][set], left, scores[0][set]);
            }

            Count(forms, ProxyForm.Alone, scores[0], reduction, left, right: -1);
        }

        private void Count(ProxyForms all, ProxyForm form, ImmutableArray<double[]> ofSets, int reduction, int left, int right)
        {
            var forms = all.WithSigns(form);
            if (forms.IsEmpty)
            {
                return;
            }

            var (plain, negated) = (0.0, 0.0);
            for (var set = 0; set < rankings.Length; set++)
            {
                var ranked = rankings[set].Rank(ofSets[set]);
                if (ranked.Invalid is not null)
                {
                    return;
                }

                plain += Z(ranked.Rho);
                negated += Z(ranked.NegatedRho);
            }

            Valid += forms.Count;
            if (forms.PositiveCount > 0)
            {
                Offer(plain / rankings.Length, form);
            }

            if (forms.NegativeCount > 0)
            {
                Offer(negated / rankings.Length, form + 1);
            }

            void Offer(double value, ProxyForm of)
            {
                if (best.Admits(value))
                {
                    best.Offer(new RankedProxy(value, owner.space.Ordinal(reduction, left, right, of)));
                }
            }
        }
    }
}
