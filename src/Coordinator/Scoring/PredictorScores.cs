using System.Collections.Immutable;
using LPZero.Coordinator.Ranking;
using LPZero.Messages;
using LPZero.Messages.Architectures;
using LPZero.Messages.Predictors;
using LPZero.Messages.Proxies;

namespace LPZero.Coordinator.Scoring;

/// <summary>The scores of a predictor. Those of ranks are ranks among the architectures that are scored together.</summary>
public static class PredictorScores
{
    /// <summary>A score for each architecture, higher is better; not finite where a regression meets a value that is not.</summary>
    /// <param name="group">The predictor's root, or a group of it.</param>
    /// <param name="architectures">[n] the architectures.</param>
    /// <param name="structureOf">
    /// What is known of an architecture without its network; null where nothing but layers and hidden size is.
    /// </param>
    /// <param name="scoresOf">[n] the scores of a proxy, which comes without weight.</param>
    /// <exception cref="ArgumentException">The group has a feature or baseline that is not known (<see cref="FindMisfit"/>).</exception>
    public static double[] Of(
        PredictorGroup group, IReadOnlyList<Architecture> architectures, Func<Architecture, Structure>? structureOf,
        Func<ProxyPart, IReadOnlyList<double>> scoresOf)
    {
        var values = group.Parts.Select(part => ValuesOf(part).Select(part.Standardise).ToArray());
        return group.Rule switch
        {
            PredictorRule.Sum => Sum(group, values, architectures.Count),
            PredictorRule.MeanRank => MeanRank(group, values, architectures.Count),
            PredictorRule.Lexicographic => Lexicographic(group, values, architectures.Count),
            PredictorRule.Product => Product(group, values, architectures.Count),
            _ => throw new ArgumentOutOfRangeException(nameof(group), group.Rule, null),
        };

        IEnumerable<double> ValuesOf(PredictorPart part) => part switch
        {
            ProxyPart proxy => scoresOf(proxy.Unweighted),
            GroupPart inner => Of(inner.Group, architectures, structureOf, scoresOf),
            _ => architectures.Select(architecture => StructuralValue(part, architecture, structureOf)
                ?? throw new ArgumentException($"'{part.Source}' is not known of {architecture.Genotype.Space}", nameof(group))),
        };
    }

    /// <summary>The same from the terms of proxies.</summary>
    /// <param name="group">The predictor's root, or a group of it.</param>
    /// <param name="set">The architectures.</param>
    /// <param name="structureOf">See there.</param>
    /// <param name="tableOf">The terms on the set's networks for an element and a tensor reduction.</param>
    /// <param name="forms">How proxies are scored.</param>
    public static double[] Of(
        PredictorGroup group, ArchitectureSet set, Func<Architecture, Structure>? structureOf,
        Func<(Reduction Elements, Reduction Tensors), TermTable> tableOf, PredictorForms forms) =>
        Of(group, set.Architectures, structureOf, part => ProxyScores.Of(
            set, tableOf((part.ElementReduction, part.TensorReduction)), forms.Of(part),
            part.Proxy.LayerReduction ?? LayerReduction.Sum));

    /// <summary>The same of a group without proxies.</summary>
    /// <param name="group">The group.</param>
    /// <param name="architectures">[n] the architectures.</param>
    /// <param name="structureOf">What is known of an architecture without its network.</param>
    public static double[] OfStructure(
        PredictorGroup group, IReadOnlyList<Architecture> architectures, Func<Architecture, Structure> structureOf) =>
        Of(group, architectures, structureOf, proxy => throw new ArgumentException($"{proxy} is no ranking by structure.", nameof(group)));

    /// <summary>
    /// Why the predictor says nothing of architectures of a space, in one line, or null where it does: without features and baselines it
    /// is at home in every space.
    /// </summary>
    /// <param name="predictor">The predictor.</param>
    /// <param name="architecture">One of the architectures.</param>
    /// <param name="structure">What is known of it.</param>
    public static string? FindMisfit(Predictor predictor, Architecture architecture, Structure structure)
    {
        var space = architecture.Genotype.Space;
        if (predictor.NeedsStructure && predictor.Space != space)
        {
            return $"the predictor was fitted on the space '{predictor.Space}', these architectures are of '{space}'";
        }

        var unknown = predictor.Root.Leaves.FirstOrDefault(part =>
            part is not ProxyPart && StructuralValue(part, architecture, _ => structure) is null);
        ImmutableArray<string> known =
            [.. (unknown is BaselinePart ? structure.Baselines : structure.Features).Select(value => value.Name)];
        return unknown is null ? null
            : $"the space '{space}' has no {(unknown is BaselinePart ? "baseline" : "feature")} '{unknown.Source}'; " +
                NearestNames.Suggest(unknown.Source, known);
    }

    private static double? StructuralValue(PredictorPart part, Architecture architecture, Func<Architecture, Structure>? structureOf) =>
        part switch
        {
            FeaturePart feature => ValueOf(structureOf?.Invoke(architecture).Features, feature.Name) ?? feature.Name switch
            {
                FeaturePart.Layers => architecture.Genotype.LayerCount,
                FeaturePart.HiddenSize => architecture.Genotype.HiddenSize,
                _ => null,
            },
            BaselinePart baseline => ValueOf(structureOf?.Invoke(architecture).Baselines, baseline.Name),
            _ => null,
        };

    private static double? ValueOf(ImmutableArray<NamedValue>? values, string name) =>
        values?.FirstOrDefault(value => value.Name == name)?.Value;

    private static double[] Sum(PredictorGroup group, IEnumerable<double[]> values, int count)
    {
        var total = new double[count];
        Array.Fill(total, group.Intercept);
        foreach (var (part, own) in group.Parts.Zip(values))
        {
            for (var i = 0; i < count; i++)
            {
                total[i] += part.Coefficient * own[i];
            }
        }

        return total;
    }

    private static double[] Product(PredictorGroup group, IEnumerable<double[]> values, int count)
    {
        var product = new double[count];
        Array.Fill(product, 1);
        foreach (var (part, own) in group.Parts.Zip(values))
        {
            for (var i = 0; i < count; i++)
            {
                product[i] *= part.Coefficient * own[i];
            }
        }

        return product;
    }

    private static double[] MeanRank(PredictorGroup group, IEnumerable<double[]> values, int count)
    {
        var total = new double[count];
        foreach (var (part, own) in group.Parts.Zip(values))
        {
            var ranks = new long[count];
            Ranks.TryCentre(Keys(part, own), ranks);
            for (var i = 0; i < count; i++)
            {
                total[i] += Math.Abs(part.Coefficient) * ranks[i];
            }
        }

        return total;
    }

    private static double[] Lexicographic(PredictorGroup group, IEnumerable<double[]> values, int count)
    {
        double[][] keys = [.. group.Parts.Zip(values, Keys)];
        var order = Enumerable.Range(0, count).ToArray();
        Array.Sort(order, Compare);
        var scores = new double[count];
        for (int start = 0, end; start < count; start = end)
        {
            for (end = start + 1; end < count && Compare(order[start], order[end]) == 0; end++)
            {
            }

            foreach (var index in order.AsSpan(start..end))
            {
                scores[index] = start - (count - end);
            }
        }

        return scores;

        int Compare(int one, int other)
        {
            foreach (var key in keys)
            {
                if (key[one].CompareTo(key[other]) is var order and not 0)
                {
                    return order;
                }
            }

            return 0;
        }
    }

    /// <summary>What ranks are taken of, in the direction that the coefficient says; what is not a number is lowest either way.</summary>
    private static double[] Keys(PredictorPart part, double[] values) =>
    [
        .. values.Select(value => double.IsNaN(value) ? double.NegativeInfinity : part.Coefficient < 0 ? -value : value),
    ];
}
