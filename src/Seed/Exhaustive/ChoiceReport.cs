using System.Collections.Immutable;
using LPZero.Coordinator.Baselines;
using LPZero.Coordinator.Choosing;
using LPZero.Coordinator.Ranking;
using LPZero.Coordinator.Reporting;
using LPZero.Coordinator.Scoring;
using LPZero.Coordinator.Truths;
using LPZero.Messages.Predictors;
using LPZero.Messages.Search;

namespace LPZero.Seed.Exhaustive;

/// <summary>
/// The report of a choice among options: what was considered, what was chosen, and how the chosen predictor ranks the held-out set.
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
        var heldOut = Scores(terms.Sample.HeldOut, terms.HeldOut);
        var evaluation = RunReport.EvaluateHeldOut(
            terms.Benchmark, terms.Configuration, terms.Sample, [new ScoredRanking(predictor.ToString(), [.. heldOut])]);
        var result = evaluation.Proxies[0];
        var byTruth = TruthColumns.Of(terms.Benchmark, terms.Sample.HeldOut.Architectures).Rank([.. heldOut]);
        return baselines with
        {
            Proxies =
            [
                new ProxyEntry(result.Name, result.Name, chosen.SearchRho, result.Figures, result.Differences) { ByTruth = byTruth },
            ],
            Best = new AnswerEntry(
                new Predictor(
                    name, terms.Benchmark.Architectures[0].Genotype.Space, predictor,
                    predictor.Proxies.IsEmpty ? null : PredictorProbes.Of(terms.Configuration)),
                chosen.SearchRho, result.Figures, result.Differences)
            { ByTruth = byTruth },
            Scatter =
            [
                .. RunReport.Points(terms.Sample.Search, Scores(terms.Sample.Search, terms.Search), Side.Search),
                .. RunReport.Points(terms.Sample.HeldOut, heldOut, Side.HeldOut),
            ],
            Options =
            [
                .. validated.Zip(heldOutRhos,
                    (option, heldOutRho) => new OptionEntry(option.Option.Name, option.Rho, heldOutRho, option == chosen))
                    .OrderByDescending(entry => entry.CrossValidatedRho),
            ],
        };

        double[] Scores(ArchitectureSet set, TermTables tables) =>
            PredictorScores.Of(predictor, set, structures.Of, way => tables.TableOf(way.Elements, way.Tensors), forms);
    }
}
