using System.Collections.Immutable;

namespace LPZero.Coordinator.Truths;

/// <summary>
/// How much the truth of one network varies from training to training: the square root of the mean square within networks of a
/// one-way analysis of variance, over trainings that have not failed. Measured in each group of equal layers and hidden size, for
/// small networks are noisier.
/// </summary>
public sealed class TrainingNoise
{
    // A group with fewer repetitions takes the noise of all.
    private const int FewestRepetitions = 3;

    private readonly ImmutableDictionary<string, double> groups;

    private TrainingNoise(double overall, int repetitions, ImmutableDictionary<string, double> groups)
    {
        (Overall, Repetitions) = (overall, repetitions);
        this.groups = groups;
    }

    /// <summary>Standard deviation over all networks, in the truth's unit.</summary>
    public double Overall { get; }

    /// <summary>Trainings of a network beyond its first, of all networks together: the degrees of freedom of the figure.</summary>
    public int Repetitions { get; }

    /// <summary>Measures the noise.</summary>
    /// <param name="trainings">[n] trainings.</param>
    /// <param name="truth">[n] their truths.</param>
    /// <returns>Null where no network was trained twice without failing.</returns>
    public static TrainingNoise? Of(Trainings trainings, IReadOnlyList<double> truth)
    {
        var successful = trainings.Successful;
        var (overall, repetitions) = Within(trainings, truth, successful);
        return repetitions == 0 ? null : new TrainingNoise(
            overall, repetitions,
            successful.GroupBy(i => trainings.Groups[i], StringComparer.Ordinal)
                .Select(group => (group.Key, Noise: Within(trainings, truth, group)))
                .Where(group => group.Noise.Repetitions >= FewestRepetitions)
                .ToImmutableDictionary(group => group.Key, group => group.Noise.Deviation, StringComparer.Ordinal));
    }

    /// <summary>Standard deviation in a group; NaN where too few of its networks were trained again.</summary>
    public double Measured(string group) => groups.GetValueOrDefault(group, double.NaN);

    /// <summary>Standard deviation in a group, that over all networks where it was not measured there.</summary>
    public double Of(string group) => groups.GetValueOrDefault(group, Overall);

    private static (double Deviation, int Repetitions) Within(Trainings trainings, IReadOnlyList<double> truth, IEnumerable<int> places)
    {
        var (squares, repetitions) = (0.0, 0);
        foreach (var network in places.GroupBy(i => trainings.Networks[i], i => truth[i], StringComparer.Ordinal))
        {
            var mean = network.Average();
            squares += network.Sum(value => (value - mean) * (value - mean));
            repetitions += network.Count() - 1;
        }

        return (Math.Sqrt(squares / repetitions), repetitions);
    }
}
