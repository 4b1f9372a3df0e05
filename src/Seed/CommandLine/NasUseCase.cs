using System.Collections.Immutable;
using System.Globalization;
using LPZero.Coordinator.ArchitectureSearch;
using LPZero.Coordinator.Baselines;
using LPZero.Coordinator.Evaluation;
using LPZero.Coordinator.Randomness;
using LPZero.Coordinator.Scoring;
using LPZero.Coordinator.Truths;
using LPZero.GpuNode.Spaces;
using LPZero.Messages.Architectures;
using LPZero.Messages.Control;
using LPZero.Messages.Predictors;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;
using LPZero.Seed.ArchitectureSearch;

namespace LPZero.Seed.CommandLine;

/// <summary>A search of architectures that is asked for.</summary>
/// <param name="On">The benchmark, how its networks are probed, and how it is split.</param>
/// <param name="Ranking">An expression, the id of a proxy, the name of a structural ranking, or a predictor's file.</param>
/// <param name="Predictor">The predictor, where it is one.</param>
/// <param name="Among">Which networks may be chosen.</param>
/// <param name="Limits">How large they may be.</param>
/// <param name="Settings">How the search goes on.</param>
/// <param name="Seeds">Its seeds, at least one.</param>
internal sealed record NasRequest(
    EvaluatedBenchmark On, string Ranking, Predictor? Predictor, NasAmong Among, SizeLimits Limits, EvolutionSettings Settings,
    ImmutableArray<ulong> Seeds);

/// <summary>
/// Finds architectures by a ranking: evolution that sees scores alone, beside random draws and beside the structural baselines, all with
/// the same number of scored networks.
/// </summary>
/// <param name="terms">Who computes terms and scores.</param>
/// <param name="progress">Told how far it has come.</param>
internal sealed class NasUseCase(ITermCollector terms, IProgress<TermProgress>? progress)
{
    private const string Evolution = "evolution", Random = "random";
    private const int Top = 10;

    /// <summary>Searches with every seed.</summary>
    /// <param name="asked">What is asked for.</param>
    /// <param name="begin">Told once all is checked, before anything is computed.</param>
    /// <param name="interrupt">Ends it; what was computed is kept.</param>
    /// <exception cref="UsageException">The ranking, or the limits, cannot be meant on the benchmark.</exception>
    /// <exception cref="SearchServiceException">A score cannot be had.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    public async Task<NasResult> RunAsync(NasRequest asked, Action begin, CancellationToken interrupt)
    {
        var (benchmark, configuration) = (asked.On.Benchmark, asked.On.Configuration);
        var sample = SearchSample.Of(benchmark, configuration);
        var networks = new BenchmarkNetworks(
            benchmark with { Architectures = TaskTruth.Judging(benchmark, benchmark.Architectures, configuration.Truth) },
            configuration.ShapesOn(benchmark), configuration.SequenceLength);
        var proxies = new ProxyPartScores(terms, progress);
        var structural = StructuralRankings(asked.On, sample, proxies);
        var ranking = structural.FirstOrDefault(each => each.Name == asked.Ranking) ?? RankingOf(asked, proxies);
        var architectures = asked.Among == NasAmong.HeldOut ? sample.HeldOut.Architectures : benchmark.Architectures;
        var candidates = networks.Of(architectures);
        var pool = PoolOf(asked, networks, candidates);
        begin();
        var methods = ImmutableArray.CreateBuilder<NasMethod>();
        var truth = pool is TabularPool table ? TruthOf(table.Networks, architectures, asked.On) : null;
        var found = new List<SearchedNetwork>();
        foreach (var each in structural.Where(each => each.Name != ranking.Name).Prepend(ranking))
        {
            foreach (var strategy in new[] { Evolution, Random })
            {
                var settings = strategy == Evolution
                    ? asked.Settings
                    : asked.Settings with { Population = asked.Settings.Budget, DrawsOnly = true };
                var runs = ImmutableArray.CreateBuilder<NasRun>();
                foreach (var seed in asked.Seeds)
                {
                    var outcome = await SearchAsync(new ArchitectureEvolution(pool, settings, seed), each, interrupt);
                    runs.Add(new NasRun(
                        seed, outcome.Networks.Length, outcome.Networks[outcome.Best], outcome.Scores[outcome.Best],
                        RegretOf(outcome, truth, 1), RegretOf(outcome, truth, Top)));
                    if (each == ranking && strategy == Evolution)
                    {
                        found.AddRange(outcome.Networks);
                    }
                }

                methods.Add(new NasMethod(each.Name, each.Kind, strategy, runs.ToImmutable()));
            }
        }

        ImmutableArray<SearchedNetwork> all = [.. found.DistinctBy(network => network.Network)];
        return new NasResult
        {
            Benchmark = asked.On.Name,
            Metric = TaskTruth.Metric(benchmark, configuration.Truth),
            Digest = BenchmarkDigest.Of(benchmark),
            Among = asked.Among,
            Limits = asked.Limits,
            Settings = asked.Settings,
            Truth = truth,
            Methods = methods.ToImmutable(),
            Found = new SearchOutcome(all, await ranking.ScoreAsync(all, interrupt)),
            Notes = [.. NotesOn(asked)],
        };
    }

    private static IEnumerable<string> NotesOn(NasRequest asked)
    {
        if (asked.Settings.Budget <= asked.Settings.Population)
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"Nothing is bred: the budget, {asked.Settings.Budget}, is not larger than the population, so evolution is random draws " +
                $"too; give a larger --budget or a smaller --population.");
        }

        if (asked.Predictor is not { } predictor)
        {
            yield break;
        }

        if (PredictorProbing.NoteOn(predictor, asked.On) is { } probing)
        {
            yield return probing;
        }

        if (PredictorOrigin.NoteOn(predictor, asked.On) is { } origin)
        {
            yield return asked.Among == NasAmong.HeldOut
                ? $"{origin} Left out are those alone that a search with this --split-seed and --search-architectures looked at."
                : origin;
        }
    }

    private static async Task<SearchOutcome> SearchAsync(
        ArchitectureEvolution evolution, NetworkRanking ranking, CancellationToken interrupt)
    {
        while (!evolution.Ask().IsEmpty)
        {
            evolution.Tell(await ranking.ScoreAsync(evolution.Networks, interrupt));
        }

        return new SearchOutcome(evolution.Networks, evolution.Scores);
    }

    private static double RegretOf(SearchOutcome outcome, NasTruth? truth, int count) =>
        truth is null ? double.NaN : outcome.Regret(truth.Best.Truth!.Value, count);

    private static NasTruth TruthOf(
        ImmutableArray<SearchedNetwork> networks, ImmutableArray<Architecture> architectures, EvaluatedBenchmark on)
    {
        var (shapes, allowed) = (on.Configuration.ShapesOn(on.Benchmark), networks.Select(network => network.Network).ToHashSet());
        ImmutableArray<Architecture> within =
            [.. architectures.Where(architecture => allowed.Contains(architecture.Genotype.Resolve(shapes)))];
        var chance = new SearchOutcome(networks, [.. networks.Select(_ => 0.0)]);
        var best = networks.MaxBy(network => network.Truth)!;
        return new NasTruth(
            new SetSize(within.Length, networks.Length), best, chance.Regret(best.Truth!.Value, 1), chance.Regret(best.Truth!.Value, Top),
            NoiseCeiling.Of(on.Benchmark, on.Benchmark.Architectures, on.Configuration.Truth)?.Noise,
            NoiseCeiling.Of(on.Benchmark, within, on.Configuration.Truth));
    }

    private NetworkRanking RankingOf(NasRequest asked, ProxyPartScores proxies)
    {
        if (asked.Predictor is { } predictor)
        {
            var first = asked.On.Benchmark.Architectures[0];
            var structures = new StructuralBaselines(asked.On.Benchmark, asked.On.Configuration.SequenceLength);
            return PredictorScores.FindMisfit(predictor, first, structures.Of(first)) is { } misfit
                ? throw new UsageException($"{asked.Ranking}: {misfit}")
                : new PredictorRanking(predictor.Name, "predictor", predictor.Root, asked.On, proxies);
        }

        if (ProxyNames.FindExpression(asked.Ranking) is not { } expression)
        {
            return new DesignedRanking(asked.Ranking, terms, asked.On, progress);
        }

        // Said before anything is computed.
        ProxyCommands.CanonicalForm(expression, asked.On.Configuration);
        return new PredictorRanking(
            expression.ToString(), "expression", PredictorGroup.Of(ProxyParts.Of(expression, asked.On.Configuration)), asked.On,
            proxies);
    }

    private static ImmutableArray<NetworkRanking> StructuralRankings(EvaluatedBenchmark on, SearchSample sample, ProxyPartScores proxies)
    {
        var structure = new FittedStructure(
            new StructuralBaselines(on.Benchmark, on.Configuration.SequenceLength), sample.Search, on.Configuration.Seed);
        return
        [
            .. NamedRankings.NamesOf(structure.Structures)
                .Select(name => (Name: name, Parts: NamedRankings.Find(name, structure)))
                .Where(ranking => ranking.Parts is not null)
                .Select(ranking => new PredictorRanking(
                    ranking.Name, RankingNames.IsFitted(ranking.Name) ? "regression" : "baseline",
                    ranking.Parts is [var only] ? PredictorGroup.Of(only) : PredictorGroup.Lexicographic(ranking.Parts!), on, proxies)),
        ];
    }

    private static INetworkPool PoolOf(NasRequest asked, BenchmarkNetworks networks, ImmutableArray<SearchedNetwork> candidates)
    {
        CheckSizes(asked, candidates);
        if (GenePool.Of([.. networks.Genotypes]) is not { } genes)
        {
            throw new UsageException(
                $"{asked.On.Name}: its networks were recorded, so there is nothing in them to vary; evaluate ranks all of them");
        }

        if (asked.Among != NasAmong.Genotypes)
        {
            ImmutableArray<SearchedNetwork> within = [.. candidates.Where(network => asked.Limits.Allow(network.Structure))];
            return within.IsEmpty ? throw NothingWithin(asked, candidates) : new TabularPool(genes, within);
        }

        // Every search of a seed begins with this draw, so that each has a network at least.
        var pool = new GenotypePool(genes, networks.Of, asked.Limits);
        foreach (var seed in asked.Seeds)
        {
            var random = new SplittableRandom(seed);
            if (pool.Draw(new HashSet<Genotype>(), ref random) is null)
            {
                throw candidates.Any(network => asked.Limits.Allow(network.Structure))
                    ? NothingWithin(asked, candidates, string.Create(
                        CultureInfo.InvariantCulture, $"hardly any genotype is within the limits, none that seed {seed} draws"))
                    : NothingWithin(asked, candidates);
            }
        }

        return pool;
    }

    /// <summary>
    /// The genotype that takes the most memory, as far as a climb from the largest of the benchmark within the limits finds it, as a
    /// benchmark of its own: a search among genotypes may come to it, so that memory has to have room for it. Null among a benchmark's
    /// own networks.
    /// </summary>
    public static EvaluatedBenchmark? LargestOf(NasRequest asked)
    {
        var (benchmark, configuration) = (asked.On.Benchmark, asked.On.Configuration);
        if (asked.Among != NasAmong.Genotypes || GenePool.Of([.. benchmark.Architectures.Select(each => each.Genotype)]) is not { } genes)
        {
            return null;
        }

        var (shapes, probe) = (configuration.ShapesOn(benchmark), configuration.Probe(benchmark.Sizes));
        var networks = new BenchmarkNetworks(benchmark, shapes, configuration.SequenceLength);
        if (benchmark.Architectures.MaxBy(each => PeakOf(each.Genotype) ?? -1)?.Genotype is not { } start || PeakOf(start) is null)
        {
            return null;
        }

        var largest = new Architecture("largest", genes.Climb(start, PeakOf), Truth: 0);
        return asked.On with { Benchmark = benchmark with { Architectures = [largest] } };

        double? PeakOf(Genotype genotype) =>
            genotype.FindProblem() is null && networks.Of(genotype) is var network && asked.Limits.Allow(network.Structure)
                && (network.Network.FindProblem() ?? network.Network.FindMisfit(benchmark.Sizes)) is null
                ? Network.MemoryOf(new ProbedNetwork(network.Network, probe)).Peak
                : null;
    }

    private static void CheckSizes(NasRequest asked, ImmutableArray<SearchedNetwork> candidates)
    {
        foreach (var measure in Enum.GetValues<SizeMeasure>())
        {
            if ((asked.Limits.Of(measure) is not null || asked.Settings.Measure == measure)
                && candidates.Any(network => double.IsNaN(SizeLimits.SizeOf(network.Structure, measure))))
            {
                throw new UsageException(
                    $"{asked.On.Name}: the {NasCommand.Name(measure)} of its networks are not known; " +
                    "give no limit on them, and another --size");
            }
        }
    }

    private static UsageException NothingWithin(
        NasRequest asked, ImmutableArray<SearchedNetwork> candidates, string what = "no network is within the limits")
    {
        var (options, smallest) = (new List<string>(), new List<string>());
        foreach (var measure in Enum.GetValues<SizeMeasure>())
        {
            if (asked.Limits.Of(measure) is { } limit)
            {
                options.Add(string.Create(CultureInfo.InvariantCulture, $"--max-{NasCommand.Name(measure)} {limit}"));
                smallest.Add(string.Create(CultureInfo.InvariantCulture,
                    $"{candidates.Min(network => SizeLimits.SizeOf(network.Structure, measure)):N0} {NasCommand.Name(measure)}"));
            }
        }

        return new UsageException(
            $"{string.Join(" ", options)}: {what}; the least of {asked.On.Name} is " +
            $"{string.Join(" and ", smallest)}: give more");
    }
}
