using System.Globalization;
using System.Text.RegularExpressions;
using LPZero.GpuNode.Spaces.OpenLm;
using LPZero.Messages.Architectures;

namespace LPZero.Seed.Benchmarks;

/// <summary>
/// Reads the grid of open_lm trainings (repository mlfoundations/scaling, <c>exp_data/grid.json</c>): an object whose keys name a network,
/// <c>d=_l=_h=</c>, then the batch, learning rate, weight decay, batch, tokens, warm-up and cool-down of a training, and whose values are
/// losses. A network's truth is the least loss over its trainings at one batch size: those of other sizes are not comparable.
/// </summary>
internal static partial class OpenLmImport
{
    private const string UsualBatch = "64";
    private const string Loss = "loss";

    /// <summary>The benchmark.</summary>
    /// <param name="root">The file's value.</param>
    /// <param name="truth"><c>loss</c> for trainings at batch 64, <c>loss-batch-N</c> for those at another; null for the former.</param>
    public static Benchmark Read(JsonField root, string? truth)
    {
        var members = root.ObjectMembers();
        var trainings = members.Select(member => (member.Value, Key: Parse(member))).ToList();
        var batches = trainings.Select(training => training.Key.Groups["batch"].Value).Distinct().ToList();
        if (batches.Count == 0)
        {
            throw root.Error("is empty; give trainings");
        }

        var truths = batches.Order(BatchFirst).ToDictionary(batch => batch == UsualBatch ? Loss : $"{Loss}-batch-{batch}");
        var chosen = truths[TruthName.Choose(truth, [.. truths.Keys], $"{OpenLmGenotype.SpaceName}:{root.File}")];
        var networks = trainings.Where(training => training.Key.Groups["batch"].Value == chosen)
            .GroupBy(training => training.Key.Groups["network"].Value, StringComparer.Ordinal).ToList();
        return new Benchmark(
            OpenLmGenotype.SpaceName, $"negative loss at batch {chosen}", Shapes.Genotype,
            new EmbeddingSizes(OpenLmGenotype.Vocabulary, Embedding: null, NetworkBounds.Positions.Most),
            BenchmarkReading.Architectures(root, [.. networks.Select(network => network.First().Value)], (index, item) => new Architecture(
                networks[index].Key,
                ReadGenotype(networks[index].First().Key, item),
                networks[index].Max(training => -BenchmarkReading.Truth(training.Value)))));
    }

    // The usual batch first, so that it is what is read where nothing is said.
    private static Comparer<string> BatchFirst => Comparer<string>.Create((left, right) =>
        (left != UsualBatch, Number(left)).CompareTo((right != UsualBatch, Number(right))));

    private static Match Parse((string Name, JsonField Value) training)
    {
        var key = Key().Match(training.Name);
        return key.Success
            ? key
            : throw training.Value.Error("is no name of a training such as d=512_l=8_h=4-64-0.003-0.033-64-2436353280-400-3e-05");
    }

    private static OpenLmGenotype ReadGenotype(Match key, JsonField item)
    {
        var genotype = new OpenLmGenotype
        {
            Hidden = Number(key.Groups["d"].Value), Layers = Number(key.Groups["l"].Value), Heads = Number(key.Groups["h"].Value),
        };
        return genotype.FindProblem() is { } problem ? throw item.Error(problem) : genotype;
    }

    private static int Number(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);

    [GeneratedRegex(
        @"^(?<network>d=(?<d>\d{1,9})_l=(?<l>\d{1,9})_h=(?<h>\d{1,9}))-(?<batch>\d{1,9})-[^-]+-[^-]+-\d{1,9}-\d{1,18}-\d{1,9}-.{1,20}\z",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Key();
}
