using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Dapper;
using LPZero.Coordinator.Run;
using LPZero.Messages;
using LPZero.Messages.Architectures;
using LPZero.Messages.Control;
using LPZero.Messages.Search;

namespace LPZero.Cluster.Storage;

/// <summary>The runs of a cluster in its database.</summary>
/// <param name="database">Where they are.</param>
public sealed class SqlRunDirectory(ClusterDatabase database) : IRunDirectory
{
    // In place of a phase: paused, and not by the run's own events.
    private const string Held = "Held";

    /// <inheritdoc/>
    public async Task<bool> CreateAsync(StartRequest run, DateTime created)
    {
        await using var connection = await database.OpenAsync();
        return await connection.ExecuteAsync(
            """
            insert into cluster_runs (name, created, configuration, benchmark, benchmark_digest, phase)
            values (@Name, @created, @configuration, @benchmark, @digest, @phase)
            on conflict do nothing
            """,
            new
            {
                run.Name,
                created = created.ToString("O", CultureInfo.InvariantCulture),
                configuration = JsonSerializer.Serialize(run.Configuration, MessageJson.Options),
                benchmark = JsonSerializer.Serialize(run.Benchmark, MessageJson.Options),
                digest = BenchmarkDigest.Of(run.Benchmark),
                phase = nameof(SearchPhase.New),
            }) == 1;
    }

    /// <inheritdoc/>
    public async Task<ClusterRun?> FindAsync(string name)
    {
        await using var connection = await database.OpenAsync();
        var row = await connection.QuerySingleOrDefaultAsync<Row>(
            """
            select name as Name, created as Created, configuration as Configuration, benchmark as Benchmark,
                benchmark_digest as BenchmarkDigest, numeric_profile as NumericProfile, phase as Phase, problem as Problem
            from cluster_runs where name = @name
            """, new { name });
        return row is null ? null : new ClusterRun(
            row.Name, Time(row.Created), JsonSerializer.Deserialize<SearchConfiguration>(row.Configuration, MessageJson.Options)!,
            JsonSerializer.Deserialize<Benchmark>(row.Benchmark, MessageJson.Options)!, row.BenchmarkDigest, row.NumericProfile,
            Phase(row.Phase), row.Problem, row.Phase == Held);
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<RunListing>> ListAsync()
    {
        await using var connection = await database.OpenAsync();
        var rows = await connection.QueryAsync<Row>(
            "select name as Name, created as Created, configuration as Configuration, phase as Phase from cluster_runs order by created, name");
        return
        [
            .. rows.Select(row => new RunListing(
                row.Name, StateNames.Of(Phase(row.Phase)),
                JsonSerializer.Deserialize<SearchConfiguration>(row.Configuration, MessageJson.Options)!.Preset, Time(row.Created))),
        ];
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<StoredBenchmark>> BenchmarksAsync()
    {
        await using var connection = await database.OpenAsync();
        var rows = await connection.QueryAsync<(string Digest, string Benchmark, long Runs)>(
            "select benchmark_digest, min(benchmark), count(*) from cluster_runs group by benchmark_digest order by benchmark_digest");
        return [.. rows.Select(row => new StoredBenchmark(JsonSerializer.Deserialize<Benchmark>(row.Benchmark, MessageJson.Options)!, row.Digest, (int)row.Runs))];
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<string>> UnfinishedAsync()
    {
        await using var connection = await database.OpenAsync();
        return
        [
            .. await connection.QueryAsync<string>(
                "select name from cluster_runs where phase = @created or phase = @running order by created, name",
                new { created = nameof(SearchPhase.New), running = nameof(SearchPhase.Running) }),
        ];
    }

    /// <inheritdoc/>
    public async Task<string> PinNumericProfileAsync(string name, string profile)
    {
        await using var connection = await database.OpenAsync();
        return await connection.QuerySingleAsync<string>(
            "update cluster_runs set numeric_profile = coalesce(numeric_profile, @profile) where name = @name returning numeric_profile",
            new { name, profile });
    }

    /// <inheritdoc/>
    public Task NoteAsync(string name, SearchPhase phase, string? problem) => NoteAsync(name, phase.ToString(), problem);

    /// <inheritdoc/>
    public Task HoldAsync(string name, string problem) => NoteAsync(name, Held, problem);

    private async Task NoteAsync(string name, string phase, string? problem)
    {
        await using var connection = await database.OpenAsync();
        await connection.ExecuteAsync("update cluster_runs set phase = @phase, problem = @problem where name = @name", new { name, phase, problem });
    }

    private static SearchPhase Phase(string text) => text == Held ? SearchPhase.Paused : Enum.Parse<SearchPhase>(text);

    private static DateTime Time(string text) => DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);

    private sealed class Row
    {
        public string Name { get; init; } = "";

        public string Created { get; init; } = "";

        public string Configuration { get; init; } = "";

        public string Benchmark { get; init; } = "";

        public string BenchmarkDigest { get; init; } = "";

        public string? NumericProfile { get; init; }

        public string Phase { get; init; } = "";

        public string? Problem { get; init; }
    }
}
