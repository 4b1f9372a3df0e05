using System.Collections.Immutable;
using LPZero.Coordinator.Baselines;
using LPZero.Coordinator.Choosing;
using LPZero.Coordinator.Ranking;
using LPZero.Coordinator.Reporting;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Predictors;
using LPZero.Messages.Search;

namespace LPZero.Seed.Exhaustive;

/// <summary>
/// The report of a choice among options: what was considered, what was chosen, and how the chosen predictor and the best single proxy
/// among those that it was made of rank the held-out set.
/// </summary>
internal static class ChoiceReport
{
    public static ReportData Create(
        string name, string command, SplitTerms terms, ImmutableArray<ValidatedOption> validated, ImmutableArray<double> heldOutRhos,
        ValidatedOption chosen, double seconds)
    {
        var predictor = chosen.Predictor;
        var structures = new StructuralBaselines(terms.Benchmark, terms.Configuration.SequenceLength);
        var baselines = terms.Report(
            name, command, terms.Configuration with { ElementReduction = chosen.Option.Elements, TensorReduction = chosen.Option.Tensors },
            best: [], ImmutableDictionary<string, long>.Empty, seconds);
        var forms = new PredictorForms(terms.Configuration.Combine);
        var proxy = PredictorGroup.MeanRank(chosen.BestProxy);
        var (searchOfProxy, heldOutOfProxy) = Scores(proxy);
        var (onSearch, heldOut) = Scores(predictor);
        var evaluation = RunReport.EvaluateHeldOut(
            terms.Benchmark, terms.Configuration, terms.Sample,
            [new ScoredRanking(proxy.ToString(), [.. heldOutOfProxy]), new ScoredRanking(predictor.ToString(), [.. heldOut])]);
        var (ofProxy, ofPredictor) = (evaluation.Proxies[0], evaluation.Proxies[1]);
        var truths = terms.HeldOutTruths;
        return baselines with
        {
            Proxies =
            [
                new ProxyEntry(
                    ofProxy.Name, ofProxy.Name, Spearman.Rho(searchOfProxy, terms.Sample.Search.Truths), ofProxy.Figures,
                    ofProxy.Differences)
                {
                    ByTruth = truths.Rank([.. heldOutOfProxy]),
                },
            ],
            Best = new AnswerEntry(
                new Predictor(
                    name, terms.Benchmark.Architectures[0].Genotype.Space, predictor,
                    predictor.Proxies.IsEmpty ? null : PredictorProbes.Of(terms.Configuration)),
                chosen.SearchRho, ofPredictor.Figures, ofPredictor.Differences)
            {
                SearchTauA = Kendall.TauA(onSearch, terms.Sample.Search.Truths),
                SearchTauB = Kendall.TauB(onSearch, terms.Sample.Search.Truths),
                ByTruth = truths.Rank([.. heldOut]),
            },
            Scatter =
            [
                .. RunReport.Points(terms.Sample.Search, searchOfProxy, Side.Search),
                .. RunReport.Points(terms.Sample.HeldOut, heldOutOfProxy, Side.HeldOut),
            ],
            Options =
            [
                .. validated.Zip(heldOutRhos,
                    (option, heldOutRho) => new OptionEntry(option.Option.Name, option.Rho, heldOutRho, option == chosen))
                    .OrderByDescending(entry => entry.CrossValidatedRho),
            ],
        };

        (double[] Search, double[] HeldOut) Scores(PredictorGroup ranking) =>
            (On(ranking, terms.Sample.Search, terms.Search), On(ranking, terms.Sample.HeldOut, terms.HeldOut));

        double[] On(PredictorGroup ranking, ArchitectureSet set, TermTables tables) =>
            PredictorScores.Of(ranking, set, structures.Of, way => tables.TableOf(way.Elements, way.Tensors), forms);
    }
}
