using System.Collections.Immutable;
using LPZero.Coordinator.Baselines;
using LPZero.Coordinator.Evaluation;
using LPZero.Coordinator.Exhaustive;
using LPZero.Coordinator.Ranking;
using LPZero.Coordinator.Scoring;
using LPZero.Coordinator.Truths;
using LPZero.Messages;
using LPZero.Messages.Control;
using LPZero.Messages.Predictors;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using LPZero.Seed.Evaluation;
using LPZero.Seed.Exhaustive;

namespace LPZero.Seed.CommandLine;

/// <summary>A formula for several sets that is asked for.</summary>
/// <param name="ChooseOn">Sets on whose search part it is chosen, and on whose held-out part it is judged; all probed alike.</param>
/// <param name="JudgeOn">Sets on which it is judged alone.</param>
/// <param name="Given">The formula where it is given; null where it is to be chosen.</param>
/// <param name="AllReductions">Whether it may have any reduction, instead of those that are configured.</param>
/// <param name="Threads">Blocks of proxies ranked side by side.</param>
/// <param name="Command">What to type to do the same again.</param>
internal sealed record TransferRequest(
    ImmutableArray<EvaluatedBenchmark> ChooseOn, ImmutableArray<EvaluatedBenchmark> JudgeOn, Predictor? Given, bool AllReductions,
    int Threads, string Command)
{
    /// <summary>What the report has to say besides, in sentences.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];
}

/// <summary>
/// Chooses one formula on the search parts of some sets, freezes it, and then scores networks that it was not chosen on: those of the
/// held-out parts, and of other sets.
/// </summary>
/// <param name="terms">Who computes terms.</param>
/// <param name="display">Told how far it has come.</param>
internal sealed class TransferUseCase(ITermCollector terms, ExhaustiveDisplay display)
{
    private const string NameOfPredictor = "transfer";

    /// <summary>Chooses, freezes and judges.</summary>
    /// <param name="asked">What is asked for.</param>
    /// <param name="freeze">Told the formula before any network is scored that it was not chosen on.</param>
    /// <param name="interrupt">Ends it; what was computed is kept.</param>
    /// <exception cref="UsageException">No proxy is valid on all sets, or the one given is defined on none.</exception>
    /// <exception cref="SearchServiceException">A term cannot be had.</exception>
    /// <exception cref="OperationCanceledException">It was interrupted.</exception>
    public async Task<TransferReport> RunAsync(TransferRequest asked, Action<Predictor> freeze, CancellationToken interrupt)
    {
        var (formula, chosenOn, considered) = asked.Given is { } given
            ? (given, ImmutableArray<ChosenOn>.Empty, 0)
            : await ChooseAsync(asked, interrupt);
        var sets = asked.ChooseOn.AddRange(asked.JudgeOn);
        if (sets.All(set => FindMisfit(formula, set) is not null))
        {
            throw new UsageException($"{formula.Name}: {FindMisfit(formula, sets[0])}; give a set that it fits");
        }

        freeze(formula);
        var rows = ImmutableArray.CreateBuilder<TransferRow>();
        foreach (var (set, isChosenOn) in asked.ChooseOn.Select(set => (set, true)).Concat(asked.JudgeOn.Select(set => (set, false))))
        {
            rows.Add(await JudgeAsync(formula, set, isChosenOn, interrupt));
        }

        return new TransferReport
        {
            Formula = formula.ToString(),
            Proxy = formula.Root.OnlyProxy,
            Digest = PredictorJson.DigestOf(formula),
            ChosenOn = chosenOn,
            Considered = considered,
            Rows = rows.ToImmutable(),
            Notes = asked.Given is null ? asked.Notes : asked.Notes.Add(TransferReport.Given),
            Version = ProgramVersion.Text,
            Command = asked.Command,
        };
    }

    /// <summary>An expression as a formula that is frozen, with the reductions of a configuration where it has none of its own.</summary>
    public static Predictor Freeze(Proxy proxy, EvaluatedBenchmark first) => new(
        NameOfPredictor, first.Benchmark.Architectures[0].Genotype.Space,
        PredictorGroup.Of(ProxyParts.Of(proxy, first.Configuration)),
        PredictorProbes.Of(first.Configuration) with { Shapes = null });

    /// <summary>Why the formula is not defined on a set, or null where it is.</summary>
    private static string? FindMisfit(Predictor formula, EvaluatedBenchmark set)
    {
        var (benchmark, first) = (set.Benchmark, set.Benchmark.Architectures[0]);
        return PredictorScores.FindMisfit(
            formula, first, first.Genotype.Resolve(benchmark.Shapes).Describe(benchmark.Sizes, set.Configuration.SequenceLength));
    }

    private async Task<(Predictor Formula, ImmutableArray<ChosenOn> ChosenOn, long Considered)> ChooseAsync(
        TransferRequest asked, CancellationToken interrupt)
    {
        var first = asked.ChooseOn[0];
        var configuration = asked.AllReductions
            ? first.Configuration with { LayerReductions = [.. Enum.GetValues<LayerReduction>()] }
            : first.Configuration;
        ImmutableArray<(Reduction Elements, Reduction Tensors)> ways = asked.AllReductions
            ? TermTables.EveryReduction
            : [(configuration.ElementReduction, configuration.TensorReduction)];
        var spaces = ways.Select(way => way.Elements).Distinct().ToDictionary(
            elements => elements, elements => new ProxySpace(configuration with { ElementReduction = elements }));
        ImmutableArray<Branch> branches = [.. spaces.Values.SelectMany(space => space.Branches).Distinct()];
        var splits = new List<SplitTerms>();
        foreach (var set in asked.ChooseOn)
        {
            var split = await SplitTerms.OpenAsync(set.Benchmark, set.Configuration, terms, display, interrupt, ways);
            await split.Search.EnsureAsync(branches, display, interrupt);
            splits.Add(split);
        }

        ProxyPart? chosen = null;
        var (value, considered) = (double.NegativeInfinity, 0L);
        foreach (var (done, way) in ways.Index())
        {
            var space = spaces[way.Elements];
            var ranking = new JointRanking(
                space,
                [
                    .. splits.Select(split => new RankedTerms(
                        split.Sample.Search, split.Search.TableOf(way.Elements, way.Tensors))),
                ],
                configuration.MinDistinct);
            var (best, valid) = await Task.Run(() => RankAll(ranking, asked.Threads, interrupt), interrupt);
            considered += valid;
            display.ReportRankings(done + 1, ways.Length);

            // Of equally good ones the first stays.
            if (best is { } found && found.Rho > value)
            {
                value = found.Rho;
                chosen = ProxyParts.Of(
                    space.At(found.Ordinal).ToProxy(),
                    configuration with { ElementReduction = way.Elements, TensorReduction = way.Tensors });
            }
        }

        if (chosen is null)
        {
            throw new UsageException("no proxy is valid on all of the sets: give more --inputs, or a lower --min-distinct");
        }

        var canonical = new PredictorForms(configuration.Combine).Of(chosen);
        return (
            Freeze(chosen.Proxy, first with
            {
                Configuration = first.Configuration with
                {
                    ElementReduction = chosen.ElementReduction,
                    TensorReduction = chosen.TensorReduction,
                },
            }),
            [
                .. asked.ChooseOn.Zip(splits, (set, split) => new ChosenOn(
                    set.Name, SizeOf(split.Sample.Search), Spearman.Rho(ProxyScores.Of(
                        split.Sample.Search, split.Search.TableOf(chosen.ElementReduction, chosen.TensorReduction), canonical,
                        chosen.Proxy.LayerReduction!.Value), split.Sample.Search.Truths))),
            ],
            considered);
    }

    private static (RankedProxy? Best, long Valid) RankAll(JointRanking ranking, int threads, CancellationToken interrupt)
    {
        var best = new BestProxies(1);
        var valid = 0L;
        var gate = new Lock();
        Parallel.For(
            0, ranking.Blocks, new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = interrupt },
            () => ranking.CreateWorker(top: 1),
            (block, _, worker) =>
            {
                worker.Rank(block);
                return worker;
            },
            worker =>
            {
                lock (gate)
                {
                    valid += worker.Valid;
                    foreach (var proxy in worker.Best)
                    {
                        best.Offer(proxy);
                    }
                }
            });
        return (best.ToImmutable() is [var only] ? only : null, valid);
    }

    private async Task<TransferRow> JudgeAsync(Predictor formula, EvaluatedBenchmark on, bool isChosenOn, CancellationToken interrupt)
    {
        var sample = SearchSample.Of(on.Benchmark, on.Configuration);
        var set = isChosenOn
            ? sample.HeldOut
            : ArchitectureSet.Of(
                TaskTruth.Judging(on.Benchmark, on.Benchmark.Architectures, on.Configuration.Truth),
                on.Configuration.ShapesOn(on.Benchmark));
        var structures = new StructuralBaselines(on.Benchmark, on.Configuration.SequenceLength);
        var evaluator = new ProxyEvaluator(EvaluatedSet.Of(set, on.Benchmark, on.Configuration));
        var hand = structures.All
            .Select(baseline => (baseline.Name, Ranking: baseline.Rank(set.Architectures)))
            .Where(baseline => evaluator.FindProblem(baseline.Ranking.Scores) is null)
            .Select(baseline => (baseline.Name, baseline.Ranking, Rho: Spearman.Rho(baseline.Ranking.Scores.AsSpan(), set.Truths)))
            .OrderByDescending(baseline => baseline.Rho).Take(1).ToList();
        var row = new TransferRow(
            on.Name, isChosenOn, SizeOf(set), Figures: null, hand is [var best] ? new HandFormula(best.Name, best.Rho) : null,
            MinusHand: null, Regression: null, Reason: null)
        {
            Ceiling = NoiseCeiling.Of(on.Benchmark, set.Architectures, on.Configuration.Truth),
        };
        if (FindMisfit(formula, on) is { } misfit)
        {
            return row with { Reason = misfit };
        }

        var ofProxies = await new ProxyPartScores(terms, display).OfAsync(on, set, formula.Proxies, interrupt);
        ImmutableArray<double> scores =
            [.. PredictorScores.Of(formula.Root, set.Architectures, structures.Of, part => ofProxies[part])];
        if (evaluator.FindProblem(scores) is { } problem)
        {
            return row with { Reason = problem };
        }

        var (beside, predicted) = BesideRegressionOf(on, structures, sample, set, scores);
        var truths = TruthColumns.Of(on.Benchmark, set.Architectures);
        return row with
        {
            Figures = await Task.Run(() => evaluator.Evaluate(scores), interrupt).WaitAsync(interrupt),
            MinusHand = hand is [var other] ? evaluator.Compare(scores, other.Ranking) : null,
            Regression = beside,
            Truths = RankedTruths.Of(
                truths.All,
                [
                    (formula.ToString(), truths.Rank(scores)),
                    .. hand.Select(each => (each.Name, truths.Rank(each.Ranking.Scores))),
                    .. isChosenOn && predicted is not null ? [(predicted.Name, truths.Rank(predicted.Scores))]
                        : Array.Empty<(string, ImmutableArray<TruthRho>)>(),
                ]),
        };
    }

    /// <summary>Beside the regression that is fitted on the search part, on the held-out part, with what it predicts there.</summary>
    private static (BesideRegression? Beside, ScoredRanking? Predicted) BesideRegressionOf(
        EvaluatedBenchmark on, StructuralBaselines structures, SearchSample sample, ArchitectureSet set, ImmutableArray<double> scores)
    {
        var scoreOf = Enumerable.Range(0, scores.Length).ToDictionary(i => set.Architectures[i], i => scores[i]);
        ImmutableArray<double> ofFormula = [.. sample.HeldOut.Architectures.Select(architecture => scoreOf[architecture])];
        var evaluator = new ProxyEvaluator(EvaluatedSet.Of(sample.HeldOut, on.Benchmark, on.Configuration));
        if (evaluator.FindProblem(ofFormula) is not null
            || StructureRegression.Fit(structures, sample.Search, on.Configuration.Seed) is not { } regression)
        {
            return (null, null);
        }

        var predicted = new ScoredRanking(StructureRegression.Name, [.. sample.HeldOut.Architectures.Select(regression.Predict)]);
        var truths = sample.HeldOut.Truths;
        return evaluator.FindProblem(predicted.Scores) is not null ? (null, null) : (
            new BesideRegression(
                SizeOf(sample.Search), SizeOf(sample.HeldOut), Spearman.Rho(predicted.Scores.AsSpan(), truths),
                Spearman.Rho(ofFormula.AsSpan(), truths), evaluator.Compare(ofFormula, predicted)),
            predicted);
    }

    private static SetSize SizeOf(ArchitectureSet set) => new(set.Architectures.Length, set.NetworkOf.Distinct().Count());
}
