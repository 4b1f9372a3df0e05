using System.Collections.Immutable;
using System.Text.Json;

namespace LPZero.Seed.Benchmarks;

/// <summary>How a benchmark of our own was trained: enough to train it again and to judge its truth.</summary>
/// <param name="Command">The command that trained it.</param>
/// <param name="Space">The space file, as it was.</param>
/// <param name="TokensDigest">SHA-256 of the token file, where one was given.</param>
/// <param name="Seconds">Sum of the architectures' training times, in seconds of wall time.</param>
/// <param name="Failures">Architectures that have no truth, and why.</param>
/// <param name="Architectures">What each architecture's training showed, by its id.</param>
public sealed record TrainingRecord(
    string Command,
    JsonElement Space,
    string? TokensDigest,
    double Seconds,
    ImmutableArray<TrainingFailure> Failures,
    ImmutableDictionary<string, TrainedArchitecture> Architectures)
{
    internal static TrainingRecord Read(JsonField field, ImmutableDictionary<string, TrainedArchitecture> architectures) => new(
        field.Text("command"),
        field.Object("space").Element,
        field.Optional("tokensDigest") is null ? null : field.Text("tokensDigest"),
        field.Number("seconds"),
        field.Optional("failures") is { } failures
            ? [.. failures.Items()
                .Select(failure => new TrainingFailure(failure.Text("id"), failure.Text("genotype"), failure.Text("reason")))]
            : [],
        architectures);

    internal Dictionary<string, object> ToJson()
    {
        var members = new Dictionary<string, object> { ["command"] = Command, ["space"] = Space, ["seconds"] = Math.Round(Seconds, 1) };
        if (TokensDigest is not null)
        {
            members["tokensDigest"] = TokensDigest;
        }

        if (!Failures.IsEmpty)
        {
            members["failures"] = Failures.Select(f => new { id = f.Id, genotype = f.Genotype, reason = f.Reason });
        }

        return members;
    }
}

/// <summary>An architecture that was trained and has no truth.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Genotype">Its genotype as text.</param>
/// <param name="Reason">Why it has none.</param>
public sealed record TrainingFailure(string Id, string Genotype, string Reason);

/// <summary>What one architecture's training showed.</summary>
/// <param name="Seed">Seed of its first weights.</param>
/// <param name="Parameters">Number of its parameters, embeddings included.</param>
/// <param name="Accuracy">Share of the masked or next tokens of the held-out sequences that it predicts.</param>
/// <param name="Seconds">Wall time of its training.</param>
public sealed record TrainedArchitecture(ulong Seed, long Parameters, double Accuracy, double Seconds)
{
    internal static TrainedArchitecture Read(JsonField field)
    {
        var seed = field.Text("seed");
        return new TrainedArchitecture(
            ulong.TryParse(seed, out var value) ? value : throw field.Optional("seed")!.Value.Expected("a whole number as text"),
            (long)field.Number("parameters"),
            field.Number("accuracy"),
            field.Number("seconds"));
    }

    /// <summary>As JSON; the seed as text, because scripts read numbers as doubles.</summary>
    internal object ToJson() => new
    {
        seed = Seed.ToString(System.Globalization.CultureInfo.InvariantCulture),
        parameters = Parameters,
        accuracy = Accuracy,
        seconds = Math.Round(Seconds, 2),
    };
}
