using System.Collections.Immutable;
using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Dapper;
using LPZero.Coordinator.Actors;
using LPZero.Coordinator.Run;
using LPZero.Messages;
using LPZero.Messages.Architectures;
using LPZero.Messages.Control;
using LPZero.Messages.Search;
using LPZero.Seed.Wire;

namespace LPZero.Seed.Storage;

/// <summary>A run as its row says it.</summary>
internal sealed class RunRow
{
    /// <summary>In place of a phase: paused, and not by the run's own events.</summary>
    public const string Held = "Held";

    public string Name { get; init; } = "";

    public string Created { get; init; } = "";

    public string Configuration { get; init; } = "";

    public string Preset { get; init; } = "";

    public string Benchmark { get; init; } = "";

    public string BenchmarkDigest { get; init; } = "";

    public string? Output { get; init; }

    public string? NumericProfile { get; init; }

    public string Phase { get; init; } = "";

    public string? Problem { get; init; }

    public double Seconds { get; init; }

    public long TermHits { get; init; }

    public long TermMisses { get; init; }

    public long Priority { get; init; }

    public string? Report { get; init; }

    public long Reports { get; init; }

    private RunUsage Usage => new(Seconds, TermHits, TermMisses);

    private SearchPhase SearchPhase => Phase == Held ? SearchPhase.Paused : Enum.Parse<SearchPhase>(Phase);

    private DateTime Started => DateTime.Parse(Created, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);

    /// <summary>The run of that name, if there is one.</summary>
    public static async Task<ClusterRun?> FindAsync(DbConnection connection, string name) =>
        (await connection.QuerySingleOrDefaultAsync<RunRow>(
            """
            select runs.name as Name, created as Created, configuration as Configuration, benchmarks.content as Benchmark,
                benchmark_digest as BenchmarkDigest, output as Output, numeric_profile as NumericProfile,
                phase as Phase, problem as Problem, priority as Priority,
                seconds as Seconds, term_hits as TermHits, term_misses as TermMisses,
                (select count(*) from reports where run = runs.name) as Reports
            from runs join benchmarks on digest = benchmark_digest where runs.name = @name
            """, new { name }))?.ToRun();

    /// <summary>Whether there is a run of that name.</summary>
    public static Task<bool> IsThereAsync(DbConnection connection, DbTransaction? transaction, string name) =>
        connection.QuerySingleAsync<bool>("select exists (select 1 from runs where name = @name)", new { name }, transaction);

    /// <summary>Every run, oldest first.</summary>
    /// <param name="connection">Where they are.</param>
    /// <param name="isOwned">Whether a process works on a run of that name.</param>
    public static async Task<ImmutableArray<RunListing>> ListAsync(DbConnection connection, Func<string, Task<bool>> isOwned)
    {
        var rows = await connection.QueryAsync<RunRow>(
            """
            select name as Name, created as Created, preset as Preset, phase as Phase, seconds as Seconds
            from runs order by created, name
            """);
        var tags = (await connection.QueryAsync<(string Run, string Tag)>("select run, tag from run_tags"))
            .ToLookup(row => row.Run, row => row.Tag, StringComparer.Ordinal);
        var listings = ImmutableArray.CreateBuilder<RunListing>();
        foreach (var row in rows)
        {
            var state = await StateNames.OfAsync(row.SearchPhase, () => isOwned(row.Name));
            listings.Add(new RunListing(row.Name, state, row.Preset, row.Started, row.Seconds)
            {
                Tags = [.. tags[row.Name].Order(StringComparer.Ordinal)],
            });
        }

        return listings.ToImmutable();
    }

    /// <summary>What the run of that name has used, and its report.</summary>
    public static async Task<RunResult> ResultAsync(DbConnection connection, string name)
    {
        var row = await connection.QuerySingleOrDefaultAsync<RunRow>(
            """
            select seconds as Seconds, term_hits as TermHits, term_misses as TermMisses, content as Report
            from runs left join reports on run = name where name = @name
            """, new { name });
        return new RunResult(row?.Usage ?? new RunUsage(0, 0, 0), row?.Report);
    }

    private ClusterRun ToRun() => new(
        Name, Started, JsonSerializer.Deserialize<SearchConfiguration>(Configuration, MessageJson.Options)!,
        JsonSerializer.Deserialize<Benchmark>(Benchmark, GenotypeJson.Reading)!, BenchmarkDigest, NumericProfile,
        SearchPhase, Problem, Phase == Held, Usage, Reports > 0, Output, (int)Priority);
}
