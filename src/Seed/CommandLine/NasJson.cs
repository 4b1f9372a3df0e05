using LPZero.Coordinator.ArchitectureSearch;
using LPZero.Messages;
using LPZero.Messages.Search;
using LPZero.Seed.ArchitectureSearch;
using LPZero.Seed.Reporting;
using static LPZero.Seed.Reporting.JsonNumber;

namespace LPZero.Seed.CommandLine;

/// <summary>A network; its id and truth where the benchmark has it.</summary>
internal sealed record NasNetworkJson(string? Id, string Genotype, double? Score, double? Truth, double? Parameters, double? Flops);

/// <summary>What a search with one seed found.</summary>
internal sealed record NasRunJson(ulong Seed, int Scored, NasNetworkJson Best, double? RegretTop1, double? RegretTop10);

/// <summary>A ranking with a strategy, over the seeds.</summary>
internal sealed record NasMethodJson(
    string Ranking, string Kind, string Strategy, double? RegretTop1, double? RegretTop1Deviation, double? RegretTop10,
    double? RegretTop10Deviation, IReadOnlyList<NasRunJson> Runs);

/// <summary>What the networks that might have been chosen are worth.</summary>
internal sealed record NasTruthJson(
    int Networks, NasNetworkJson Best, double ChanceRegretTop1, double ChanceRegretTop10, double? Noise, CeilingJson? Ceiling);

/// <summary>What <c>nas --json</c> prints; docs/json.md describes the fields, which stay.</summary>
internal sealed record NasJson(
    string Benchmark, string Metric, string Digest, SearchConfiguration Configuration, string Ranking, NasAmong Among, SizeLimits Limits,
    EvolutionSettings Settings, IReadOnlyList<string>? Notes, NasTruthJson? Truth, IReadOnlyList<NasMethodJson> Methods,
    IReadOnlyList<NasNetworkJson> Front,
    string Output)
{
    public static NasJson Of(NasResult result, SearchConfiguration configuration, string output) => new(
        result.Benchmark, result.Metric, result.Digest, configuration, result.Asked.Ranking, result.Among, result.Limits,
        result.Settings, result.Notes.IsEmpty ? null : result.Notes,
        result.Truth is { } truth
            ? new NasTruthJson(
                truth.Size.Networks, NetworkOf(truth.Best, score: null), truth.ChanceTop1, truth.ChanceTop10, Finite(truth.Noise),
                CeilingJson.Of(truth.Ceiling))
            : null,
        [
            .. result.Methods.Select(method => new NasMethodJson(
                method.Ranking, method.Kind, method.Strategy, Finite(method.RegretTop1.Mean), Finite(method.RegretTop1.Deviation),
                Finite(method.RegretTop10.Mean), Finite(method.RegretTop10.Deviation),
                [
                    .. method.Runs.Select(run => new NasRunJson(
                        run.Seed, run.Scored, NetworkOf(run.Best, run.Score), Finite(run.RegretTop1), Finite(run.RegretTop10))),
                ])),
        ],
        [.. result.Front.Select(index => NetworkOf(result.Found.Networks[index], result.Found.Scores[index]))],
        output);

    public static string Text(NasJson value) => JsonDocuments.Text(value, MessageJson.Indented);

    private static NasNetworkJson NetworkOf(SearchedNetwork network, double? score) => new(
        network.Id, network.Genotype.ToString(), Finite(score), network.Truth,
        Finite(SizeLimits.SizeOf(network.Structure, SizeMeasure.Parameters)),
        Finite(SizeLimits.SizeOf(network.Structure, SizeMeasure.Flops)));
}
