using System.Collections.Immutable;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.Messages.Architectures;

namespace LPZero.Seed.Benchmarks;

/// <summary>
/// Reads the form in which NAS-Bench-BERT (Serianni and Kalita, ACL 2023) is published: an array of trainings, the
/// genotype under <c>hparams.model_hparam_overrides</c>, the truth under <c>scores.glue</c>.
/// </summary>
internal static class FlexiBertImport
{
    private const string Glue = "glue";

    // What the published data shows: such a training has failed, for others of the same network went well.
    private static readonly ImmutableArray<FailureCondition> Failures =
        [new("sts", Below: 60), new("qnli", Below: 70), new("rte", Equal: 0)];

    // Over the replicates of the published data without failed trainings; that of rte is so low that it is left out.
    private static readonly ImmutableSortedDictionary<string, double> Reliability = new Dictionary<string, double>(StringComparer.Ordinal)
    {
        ["mnli"] = 0.975, ["qqp"] = 0.963, ["qnli"] = 0.909, ["cola"] = 0.871, ["mrpc"] = 0.851, ["sst"] = 0.835, ["sts"] = 0.397,
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>The benchmark.</summary>
    /// <param name="root">The file's value.</param>
    /// <param name="truth">The score that is wanted, such as that of a task; null for <c>glue</c>, the mean over tasks.</param>
    /// <param name="say">Told in a line where the tasks are left out, because a training lacks the score of one.</param>
    public static Benchmark Read(JsonField root, string? truth, Action<string> say)
    {
        var items = root.Items();
        var tasks = Tasks(items, root);
        var name = truth is null or Glue
            ? Glue
            : TruthName.Choose(truth, [Glue, .. tasks], $"flexibert:{root.File}", TruthName.Reliability);
        if (FindGap(items, tasks) is { } gap)
        {
            say($"{gap}; until then the benchmark is read without its tasks");
            tasks = [];
        }

        var architectures = BenchmarkReading.Architectures(root, items, training => ReadArchitecture(training, name, tasks));
        return new Benchmark(
            "flexibert", name == Glue ? "GLUE" : $"GLUE task {name}", Shapes.AsTrained, FlexiBertSpace.PublicSizes, architectures)
        {
            Tasks = tasks.IsEmpty ? null : TasksOf(tasks, architectures),
        };
    }

    private static TruthTasks TasksOf(ImmutableArray<string> names, ImmutableArray<Architecture> architectures)
    {
        var tasks = new TruthTasks(names)
        {
            Failed = [.. Failures.Where(condition => names.Contains(condition.Task))],
            Reliability = Reliability.RemoveRange(Reliability.Keys.Except(names)),
        };
        return tasks.FindProblemOfWeights(architectures) is null
            ? tasks
            : tasks with { Reliability = ImmutableSortedDictionary<string, double>.Empty };
    }

    /// <summary>The first score of a task that is no number, and the mend; null where each training has one of each.</summary>
    private static string? FindGap(JsonField[] items, ImmutableArray<string> tasks)
    {
        foreach (var scores in items.Select(training => training.Object("scores")))
        {
            foreach (var task in tasks)
            {
                try
                {
                    _ = BenchmarkReading.Truth(scores, task);
                }
                catch (BenchmarkException gap)
                {
                    return gap.Message;
                }
            }
        }

        return null;
    }

    /// <summary>The names of the first training's scores but <c>glue</c>.</summary>
    private static ImmutableArray<string> Tasks(JsonField[] items, JsonField root) => items.Length == 0
        ? throw root.Error("is empty; give trainings")
        : [.. items[0].Object("scores").ObjectMembers().Select(score => score.Name).Where(score => score != Glue)];

    private static Architecture ReadArchitecture(JsonField training, string truth, ImmutableArray<string> tasks)
    {
        var id = training.NameOrNumber("id");
        var overrides = training.Object("hparams").Object("model_hparam_overrides");
        var hiddenSize = overrides.Integer("hidden_size", NetworkBounds.HiddenSize);
        var layers = FlexiBertReading.Layers(overrides.Object("nas_config"), "encoder_layers").Select(layer => ReadLayer(layer, hiddenSize))
            .ToImmutableArray();
        var scores = training.Object("scores");
        return new Architecture(id, new FlexiBertGenotype(hiddenSize, layers), BenchmarkReading.Truth(scores, truth))
        {
            Tasks = tasks.IsEmpty ? default : [.. tasks.Select(task => BenchmarkReading.Truth(scores, task))],
        };
    }

    private static FlexiBertLayer ReadLayer(JsonField layer, int hiddenSize)
    {
        var name = $"{layer.Text("operation_type")}/{layer.NameOrNumber("operation_parameter")}";
        var operation = FlexiBertReading.Operation(name, layer.Optional("operation_type")!.Value);
        return FlexiBertReading.Layer(layer, operation, hiddenSize, "num_operation_heads", "feed_forward_dimension", "num_feed_forward");
    }
}
