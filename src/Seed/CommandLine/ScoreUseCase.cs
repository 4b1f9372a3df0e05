using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using LPZero.Coordinator.Baselines;
using LPZero.Coordinator.Evaluation;
using LPZero.Coordinator.Pruning;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Control;
using LPZero.Messages.Predictors;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;

namespace LPZero.Seed.CommandLine;

/// <summary>Scores architectures with proxies: those that people designed, by their ids, expressions, and predictors.</summary>
/// <param name="terms">Who computes terms and scores.</param>
/// <param name="threads">Threads that compute side by side; null where that is not known, and so neither is the time of one.</param>
/// <param name="progress">Told how far it has come; null where nobody wants to know.</param>
internal sealed class ScoreUseCase(ITermCollector terms, int? threads, IProgress<TermProgress>? progress)
{
    /// <summary>
    /// What each proxy says of the architectures, in their order, and what a network took: expressions first, then designed ones, then
    /// predictors. A designed proxy that is not defined on some of the networks is not defined; a predictor probes as its file says.
    /// </summary>
    /// <param name="asked">Where the architectures are from, and how their networks are probed.</param>
    /// <param name="set">The architectures.</param>
    /// <param name="proxies">The proxies; files of scores among them are passed over.</param>
    /// <param name="interrupt">Ends it; what was computed is kept.</param>
    /// <exception cref="UsageException">An expression has nothing to score.</exception>
    /// <exception cref="SearchServiceException">The terms or scores cannot be had.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    public async Task<ImmutableArray<ScoredProxy>> RunAsync(
        EvaluatedBenchmark asked, ArchitectureSet set, ProxyChoices proxies, CancellationToken interrupt)
    {
        // First, as their passes bring the expressions' terms along.
        var designed = await DesignedAsync(asked, set, proxies, interrupt);
        return
        [
            .. await ExpressionsAsync(asked, set, proxies.Expressions, interrupt),
            .. designed,
            .. await PredictorsAsync(asked, set, proxies.Predictors, interrupt),
        ];
    }

    private async Task<IEnumerable<ScoredProxy>> ExpressionsAsync(
        EvaluatedBenchmark asked, ArchitectureSet set, ImmutableArray<NamedExpression> expressions, CancellationToken interrupt)
    {
        if (expressions.IsEmpty)
        {
            return [];
        }

        Canonical(asked, expressions); // says where there is nothing to score
        ImmutableArray<ProxyPart> parts = [.. expressions.Select(named => ProxyParts.Of(named.Proxy, asked.Configuration))];
        var counted = new Requests(progress);
        var started = Stopwatch.GetTimestamp();
        var scores = await new ProxyPartScores(terms, counted).OfAsync(asked, set, [.. parts.Distinct()], interrupt);
        var seconds = SecondsOf(counted, started, set);
        return expressions.Zip(parts, (named, part) =>
            new ScoredProxy(named.Name, ProxyKind.Expression, [.. scores[part]], seconds));
    }

    private static ImmutableArray<CanonicalProxy> Canonical(EvaluatedBenchmark asked, ImmutableArray<NamedExpression> expressions) =>
        [.. expressions.Select(named => ProxyCommands.CanonicalForm(named.Proxy, asked.Configuration))];

    private static ImmutableArray<Branch> BranchesOf(ImmutableArray<CanonicalProxy> proxies) =>
        [.. proxies.SelectMany(proxy => proxy.Branches).Distinct()];

    private async Task<IEnumerable<ScoredProxy>> PredictorsAsync(
        EvaluatedBenchmark asked, ArchitectureSet set, ImmutableArray<Predictor> predictors, CancellationToken interrupt)
    {
        var scored = new List<ScoredProxy>();
        foreach (var predictor in predictors)
        {
            scored.Add(await PredictorAsync(PredictorProbing.Of(asked, predictor), set, predictor, interrupt));
        }

        return scored;
    }

    private async Task<ScoredProxy> PredictorAsync(
        EvaluatedBenchmark asked, ArchitectureSet set, Predictor predictor, CancellationToken interrupt)
    {
        var (benchmark, configuration) = (asked.Benchmark, asked.Configuration);
        var structures = new StructuralBaselines(benchmark, configuration.SequenceLength);
        var first = set.Architectures[0];
        var misfit = PredictorScores.FindMisfit(predictor, first, structures.Of(first))
            ?? PredictorProbing.FindMisfit(asked, predictor);
        if (misfit is not null)
        {
            return new ScoredProxy(predictor.Name, ProxyKind.Predictor, [], Reason: misfit);
        }

        // Its probe may build other networks of the same architectures.
        var own = ArchitectureSet.Of(set.Architectures, configuration.ShapesOn(benchmark));
        var counted = new Requests(progress);
        var started = Stopwatch.GetTimestamp();
        var scores = await new ProxyPartScores(terms, counted).OfAsync(asked, own, predictor.Proxies, interrupt);
        var seconds = SecondsOf(counted, started, own);
        return new ScoredProxy(
            predictor.Name, ProxyKind.Predictor,
            [.. PredictorScores.Of(predictor.Root, own.Architectures, structures.Of, proxy => scores[proxy])], seconds);
    }

    /// <summary>Each benchmark with each probe that is needed: the command's own, and those of predictors where they fit.</summary>
    public static ImmutableArray<EvaluatedBenchmark> Probed(
        ImmutableArray<EvaluatedBenchmark> benchmarks, ImmutableArray<Predictor> predictors) =>
    [
        .. benchmarks,
        .. from benchmark in benchmarks
           from predictor in predictors
           let asked = PredictorProbing.Of(benchmark, predictor)
           where PredictorProbing.FindMisfit(asked, predictor) is null
           select asked,
    ];

    /// <summary>The seconds of one thread that a network took; null where nothing was computed, or it is not known by how many.</summary>
    private double? SecondsOf(Requests counted, long started, ArchitectureSet set)
    {
        var elapsed = Stopwatch.GetElapsedTime(started).TotalSeconds;

        // A network may take several requests, but those of few expressions are in one.
        var computed = Math.Min(counted.All, set.Networks.Length);
        return threads is { } count && computed > 0 ? elapsed * count / computed : null;
    }

    private async Task<IEnumerable<ScoredProxy>> DesignedAsync(
        EvaluatedBenchmark asked, ArchitectureSet set, ProxyChoices proxies, CancellationToken interrupt)
    {
        var ids = proxies.Designed;
        if (ids.IsEmpty)
        {
            return [];
        }

        var ofNetworks = await terms.ScoresAsync(
            new WantedScores(set.Networks, asked.Configuration.Probe(asked.Benchmark.Sizes), ids)
            {
                Along = BranchesOf(Canonical(asked, proxies.Expressions)),
            },
            progress, interrupt);
        return ids.Select((id, index) => Of(id, [.. ofNetworks.Select(scores => scores[index])], set));
    }

    private static ScoredProxy Of(string id, ImmutableArray<ProxyScore> ofNetworks, ArchitectureSet set)
    {
        var seconds = ofNetworks.Average(score => score.Seconds);
        var undefined = ofNetworks.Where(score => score.Value is null).ToList();
        return undefined.Count == 0
            ? new ScoredProxy(id, ProxyKind.Designed, [.. set.NetworkOf.Select(network => ofNetworks[network].Value!.Value)], seconds)
            : new ScoredProxy(id, ProxyKind.Designed, [], seconds, undefined.Count == ofNetworks.Length
                ? undefined[0].Reason
                : string.Create(
                    CultureInfo.InvariantCulture, $"on {undefined.Count} of {ofNetworks.Length} networks: {undefined[0].Reason}"));
    }

    /// <summary>Remembers how many requests there were, and passes everything on.</summary>
    private sealed class Requests(IProgress<TermProgress>? next) : IProgress<TermProgress>
    {
        private int all;

        public int All => Volatile.Read(ref all);

        public void Report(TermProgress value)
        {
            Volatile.Write(ref all, Math.Max(All, value.All));
            next?.Report(value);
        }
    }
}
