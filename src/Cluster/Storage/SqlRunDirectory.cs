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
            select run.name as Name, created as Created, configuration as Configuration, benchmark as Benchmark,
                benchmark_digest as BenchmarkDigest, numeric_profile as NumericProfile, phase as Phase, problem as Problem,
                seconds as Seconds, term_hits as TermHits, term_misses as TermMisses,
                case when report is null then 0 else 1 end as Reports
            from cluster_runs run left join cluster_results result on result.name = run.name where run.name = @name
            """, new { name });
        return row is null ? null : new ClusterRun(
            row.Name, Time(row.Created), JsonSerializer.Deserialize<SearchConfiguration>(row.Configuration, MessageJson.Options)!,
            JsonSerializer.Deserialize<Benchmark>(row.Benchmark, MessageJson.Options)!, row.BenchmarkDigest, row.NumericProfile,
            Phase(row.Phase), row.Problem, row.Phase == Held, row.Usage, row.Reports > 0);
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
                """
                select run.name from cluster_runs run left join cluster_results result on result.name = run.name
                where phase = @created or phase = @running
                    or ((phase = @finished or phase = @stopped) and report is null and problem is null)
                order by created, run.name
                """,
                new
                {
                    created = nameof(SearchPhase.New), running = nameof(SearchPhase.Running),
                    finished = nameof(SearchPhase.Finished), stopped = nameof(SearchPhase.Stopped),
                }),
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

    /// <inheritdoc/>
    public Task NoteUsageAsync(string name, RunUsage usage) => SaveAsync(name, usage, report: null);

    /// <inheritdoc/>
    public Task SaveReportAsync(string name, string report, RunUsage usage) => SaveAsync(name, usage, report);

    /// <inheritdoc/>
    public async Task<RunResult> ResultAsync(string name)
    {
        await using var connection = await database.OpenAsync();
        var row = await connection.QuerySingleOrDefaultAsync<Row>(
            "select seconds as Seconds, term_hits as TermHits, term_misses as TermMisses, report as Report from cluster_results where name = @name",
            new { name });
        return new RunResult(row?.Usage ?? new RunUsage(0, 0, 0), row?.Report);
    }

    /// <inheritdoc/>
    public Task<IRunLock> LockAsync(string name) => database.LockAsync(name);

    private async Task SaveAsync(string name, RunUsage usage, string? report)
    {
        await using var connection = await database.OpenAsync();
        await connection.ExecuteAsync(
            """
            insert into cluster_results (name, seconds, term_hits, term_misses, report)
            values (@name, @Seconds, @TermHits, @TermMisses, @report)
            on conflict (name) do update set seconds = excluded.seconds, term_hits = excluded.term_hits, term_misses = excluded.term_misses,
                report = coalesce(excluded.report, cluster_results.report)
            where excluded.seconds >= cluster_results.seconds or excluded.report is not null
            """,
            new { name, usage.Seconds, usage.TermHits, usage.TermMisses, report });
    }

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

        public double? Seconds { get; init; }

        public long? TermHits { get; init; }

        public long? TermMisses { get; init; }

        public string? Report { get; init; }

        public long Reports { get; init; }

        public RunUsage? Usage => Seconds is { } seconds ? new RunUsage(seconds, TermHits ?? 0, TermMisses ?? 0) : null;
    }
}
