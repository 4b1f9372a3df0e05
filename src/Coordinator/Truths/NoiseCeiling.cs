using System.Collections.Immutable;
using LPZero.Coordinator.Randomness;
using LPZero.Coordinator.Ranking;
using LPZero.Messages.Architectures;

namespace LPZero.Coordinator.Truths;

/// <summary>What the noise of the trainings leaves of a perfect ranking of a set.</summary>
/// <param name="Rho">The rho that the true order of the networks would have with the truths, failed trainings included.</param>
/// <param name="RhoWithoutFailed">The same without failed trainings; NaN where none has failed.</param>
/// <param name="Noise">Standard deviation between trainings of one network that have not failed, in the truth's unit.</param>
/// <param name="Failed">How many trainings of the set have failed.</param>
/// <param name="Groups">The groups of equal layers and hidden size, without failed trainings.</param>
public sealed record NoiseCeiling(double Rho, double RhoWithoutFailed, double Noise, int Failed, ImmutableArray<GroupCeiling> Groups)
{
    private const int Draws = 200;
    private const ulong Seed = 42;
    private const int FewestTrainings = 4;

    /// <summary>The ceiling of a set, by the noise that all of the benchmark shows.</summary>
    /// <param name="benchmark">The benchmark.</param>
    /// <param name="set">Architectures of it.</param>
    /// <param name="kind">How their truth is made where rankings are judged.</param>
    /// <returns>Null where no network was trained twice, or the set cannot be ranked.</returns>
    public static NoiseCeiling? Of(Benchmark benchmark, IReadOnlyList<Architecture> set, TruthKind kind)
    {
        var all = TaskTruth.Judging(benchmark, benchmark.Architectures, kind);
        var truths = all.ToDictionary(architecture => architecture.Id, architecture => architecture.Truth, StringComparer.Ordinal);
        return Of(
            Trainings.Of(benchmark, set), [.. set.Select(architecture => truths[architecture.Id])],
            TrainingNoise.Of(Trainings.Of(benchmark, all), [.. all.Select(architecture => architecture.Truth)]));
    }

    /// <summary>The ceiling of trainings.</summary>
    /// <param name="trainings">[n] trainings.</param>
    /// <param name="truth">[n] their truths.</param>
    /// <param name="noise">How much they vary; null where that is not known.</param>
    /// <returns>Null without a noise, or where there are too few trainings, or all are of one network.</returns>
    public static NoiseCeiling? Of(Trainings trainings, ImmutableArray<double> truth, TrainingNoise? noise)
    {
        if (noise is null || trainings.Count < FewestTrainings || !CanBeRanked(Enumerable.Range(0, trainings.Count)))
        {
            return null;
        }

        return new NoiseCeiling(
            RhoOf(trainings, truth, noise),
            trainings.AnyFailed ? RhoAt(trainings.Successful) : double.NaN,
            noise.Overall,
            trainings.Failed.Count(failed => failed),
            [
                .. trainings.Successful.GroupBy(i => trainings.Groups[i], StringComparer.Ordinal)
                    .Where(group => group.Count() >= FewestTrainings).OrderBy(group => group.Key, StringComparer.Ordinal)
                    .Select(group => new GroupCeiling(
                        group.Key, group.Count(), group.Select(i => trainings.Networks[i]).Distinct(StringComparer.Ordinal).Count(),
                        noise.Measured(group.Key), CanBeRanked(group) ? RhoAt([.. group]) : double.NaN)),
            ]);

        // A single network is no ranking, however often it was trained.
        bool CanBeRanked(IEnumerable<int> places) =>
            places.Select(i => trainings.Networks[i]).Distinct(StringComparer.Ordinal).Skip(1).Any();

        double RhoAt(ImmutableArray<int> places) => RhoOf(trainings.At(places), [.. places.Select(i => truth[i])], noise);
    }

    /// <summary>
    /// The expected Spearman's rho between the true qualities of networks and the truths of their trainings, by simulation. A true
    /// quality is estimated as mu + sqrt(t / (t + s / k)) (m - mu): m the mean of a network's k successful trainings, mu and v mean and
    /// variance of all of them, s the squared noise of its group, t = v - mean(s) the variance of true qualities. The square root makes
    /// the estimates spread as the true qualities do (T. A. Louis, "Estimating a population of parameter values using Bayes and
    /// empirical Bayes methods", JASA 1984); the mean of the posterior would spread less. Each draw adds normal noise to the quality of
    /// each training; what has failed keeps its truth, for no quality foretells it.
    /// </summary>
    /// <param name="trainings">[n] trainings.</param>
    /// <param name="truth">[n] their truths.</param>
    /// <param name="noise">How much they vary.</param>
    /// <returns>
    /// 0 where the truths vary no more than noise does, or are not all finite; NaN where fewer than two trainings were successful.
    /// </returns>
    public static double RhoOf(Trainings trainings, ImmutableArray<double> truth, TrainingNoise noise)
    {
        var successful = trainings.Successful;
        if (successful.Length < 2)
        {
            return double.NaN;
        }

        double[] noises = [.. trainings.Groups.Select(noise.Of)];
        var mean = successful.Average(i => truth[i]);
        var variance = successful.Sum(i => (truth[i] - mean) * (truth[i] - mean)) / (successful.Length - 1);
        var between = variance - successful.Average(i => noises[i] * noises[i]);
        if (!(between > 0))
        {
            return 0;
        }

        var qualities = Qualities(trainings, truth, noises, mean, between);
        var order = new SpearmanAgainst(qualities);
        var random = new SplittableRandom(Seed);
        var drawn = new double[qualities.Length];
        var sum = 0.0;
        for (var draw = 0; draw < Draws; draw++)
        {
            for (var i = 0; i < drawn.Length; i++)
            {
                var normal = Normal(ref random);
                drawn[i] = trainings.Failed[i] ? truth[i] : qualities[i] + (noises[i] * normal);
            }

            sum += order.Rho(drawn);
        }

        return sum / Draws;
    }

    private static double[] Qualities(
        Trainings trainings, ImmutableArray<double> truth, double[] noises, double mean, double between)
    {
        var qualities = new double[trainings.Count];
        var ofNetworks = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var network in trainings.Successful.GroupBy(i => trainings.Networks[i], StringComparer.Ordinal))
        {
            var noise = noises[network.First()];
            var shrunk = Math.Sqrt(between / (between + (noise * noise / network.Count())));
            ofNetworks[network.Key] = mean + (shrunk * (network.Average(i => truth[i]) - mean));
        }

        // A network of which no training was successful is as good as its group.
        var ofGroups = trainings.Successful.GroupBy(i => trainings.Groups[i], StringComparer.Ordinal).ToDictionary(
            group => group.Key, group => group.Average(i => ofNetworks[trainings.Networks[i]]), StringComparer.Ordinal);
        for (var i = 0; i < qualities.Length; i++)
        {
            qualities[i] = ofNetworks.TryGetValue(trainings.Networks[i], out var quality) ? quality
                : ofGroups.GetValueOrDefault(trainings.Groups[i], mean);
        }

        return qualities;
    }

    /// <summary>A standard normal number (G. E. P. Box and M. E. Muller, 1958).</summary>
    private static double Normal(ref SplittableRandom random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}

/// <summary>The ceiling within a group.</summary>
/// <param name="Group">Its name.</param>
/// <param name="Architectures">Number of trainings.</param>
/// <param name="Networks">Number of distinct networks.</param>
/// <param name="Noise">Noise that was measured in the group; NaN where it was not, and that over all networks was taken.</param>
/// <param name="Rho">The rho of a perfect ranking; NaN where all are trainings of one network.</param>
public sealed record GroupCeiling(string Group, int Architectures, int Networks, double Noise, double Rho);
