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
using LPZero.Messages.Entities;

namespace LPZero.Seed.Storage;

/// <summary>The runs in the database.</summary>
/// <param name="database">Where they are.</param>
public sealed class SqlRunDirectory(Database database) : IRunDirectory
{
    /// <inheritdoc/>
    public async Task<bool> CreateAsync(StartRequest run, DateTime created, string? output = null)
    {
        await using var connection = await database.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var digest = await BenchmarkRow.AddAsync(connection, transaction, run.Benchmark);
        var inserted = await connection.ExecuteAsync(
            """
            insert into runs (name, created, configuration, preset, benchmark_digest, output, phase, request_key, request_digest, priority)
            values (@Name, @created, @configuration, @Preset, @digest, @output, @phase, @IdempotencyKey, @request, @priority)
            on conflict do nothing
            """,
            new
            {
                run.Name,
                created = created.ToString("O", CultureInfo.InvariantCulture),
                configuration = JsonSerializer.Serialize(run.Configuration, MessageJson.Options),
                run.Configuration.Preset,
                digest,
                output,
                phase = nameof(SearchPhase.New),
                run.IdempotencyKey,
                request = run.IdempotencyKey is null ? null : run.ContentDigest(),
                priority = run.Priority ?? DeviceShare.Standard,
            }, transaction);
        await transaction.CommitAsync();
        return inserted == 1;
    }

    /// <inheritdoc/>
    public async Task<StartedRequest?> FindRequestAsync(string idempotencyKey)
    {
        await using var connection = await database.OpenAsync();
        return await connection.QuerySingleOrDefaultAsync<StartedRequest>(
            "select name as Run, request_digest as ContentDigest from runs where request_key = @idempotencyKey", new { idempotencyKey });
    }

    /// <inheritdoc/>
    public async Task<bool> TagAsync(string name, ImmutableArray<string> tags)
    {
        await using var connection = await database.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (!await TakeAsync(connection, transaction, name))
        {
            return false;
        }

        await connection.ExecuteAsync("delete from run_tags where run = @name", new { name }, transaction);
        foreach (var tag in tags)
        {
            await connection.ExecuteAsync(
                "insert into run_tags (run, tag) values (@name, @tag) on conflict do nothing", new { name, tag }, transaction);
        }

        await transaction.CommitAsync();
        return true;
    }

    /// <inheritdoc/>
    public async Task<bool> PrioritizeAsync(string name, int priority)
    {
        await using var connection = await database.OpenAsync();
        return await connection.ExecuteAsync("update runs set priority = @priority where name = @name", new { name, priority }) == 1;
    }

    /// <inheritdoc/>
    public async Task<BenchmarkListing> AddBenchmarkAsync(Benchmark benchmark)
    {
        await using var connection = await database.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var digest = await BenchmarkRow.AddAsync(connection, transaction, benchmark);
        await transaction.CommitAsync();
        return (await BenchmarkRow.ListAsync(connection)).Single(listing => listing.Digest == digest);
    }

    /// <inheritdoc/>
    public async Task<ClusterRun?> FindAsync(string name)
    {
        await using var connection = await database.OpenAsync();
        return await RunRow.FindAsync(connection, name);
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<RunListing>> ListAsync()
    {
        await using var connection = await database.OpenAsync();
        return await RunRow.ListAsync(connection, _ => Task.FromResult(true));
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<string>> UnfinishedAsync()
    {
        await using var connection = await database.OpenAsync();
        return
        [
            .. await connection.QueryAsync<string>(
                """
                select name from runs left join reports on run = name
                where phase = @created or phase = @running
                    or ((phase = @finished or phase = @stopped) and content is null and problem is null)
                order by created, name
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
            "update runs set numeric_profile = coalesce(numeric_profile, @profile) where name = @name returning numeric_profile",
            new { name, profile });
    }

    /// <inheritdoc/>
    public Task NoteAsync(string name, SearchPhase phase, string? problem) => NoteAsync(name, phase.ToString(), problem);

    /// <inheritdoc/>
    public Task HoldAsync(string name, string problem) => NoteAsync(name, RunRow.Held, problem);

    /// <inheritdoc/>
    public async Task NoteUsageAsync(string name, RunUsage usage)
    {
        await using var connection = await database.OpenAsync();
        await NoteUsageAsync(connection, transaction: null, name, usage);
    }

    /// <inheritdoc/>
    public async Task SaveReportAsync(string name, string report, RunUsage usage)
    {
        await using var connection = await database.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await NoteUsageAsync(connection, transaction, name, usage);
        await connection.ExecuteAsync(
            "insert into reports (run, content) values (@name, @report) on conflict (run) do update set content = excluded.content",
            new { name, report }, transaction);
        await transaction.CommitAsync();
    }

    /// <inheritdoc/>
    public async Task SetOutputAsync(string name, string output)
    {
        await using var connection = await database.OpenAsync();
        await connection.ExecuteAsync("update runs set output = @output where name = @name", new { name, output });
    }

    /// <inheritdoc/>
    public async Task<bool> DeleteAsync(string name)
    {
        await using var connection = await database.OpenAsync();
        if (!await RunRow.IsThereAsync(connection, transaction: null, name))
        {
            return false; // and no lock is left of a run that never was
        }

        await using var owned = await database.LockAsync(name);
        string[] journal = await database.HasJournalAsync(connection) ? ["journal", "snapshot"] : [];
        await using var transaction = await connection.BeginTransactionAsync();
        foreach (var table in journal)
        {
            await connection.ExecuteAsync(
                $"delete from {table} where persistence_id = @id", new { id = RunJournal.IdOf(name) }, transaction);
        }

        await TakeAsync(connection, transaction, name);
        await connection.ExecuteAsync("delete from reports where run = @name", new { name }, transaction);
        await connection.ExecuteAsync("delete from run_tags where run = @name", new { name }, transaction);
        await connection.ExecuteAsync("delete from runs where name = @name", new { name }, transaction);
        await transaction.CommitAsync();
        return true;
    }

    /// <inheritdoc/>
    public Task<IRunLock> LockAsync(string name) => database.LockAsync(name);

    /// <summary>Keeps others from the run's rows until the transaction ends; false where there is no such run.</summary>
    private static async Task<bool> TakeAsync(DbConnection connection, DbTransaction transaction, string name) =>
        await connection.ExecuteAsync("update runs set name = name where name = @name", new { name }, transaction) == 1;

    private static Task NoteUsageAsync(
        DbConnection connection, DbTransaction? transaction, string name, RunUsage usage) => connection.ExecuteAsync(
        "update runs set seconds = @Seconds, term_hits = @TermHits, term_misses = @TermMisses where name = @name and seconds <= @Seconds",
        new { name, usage.Seconds, usage.TermHits, usage.TermMisses }, transaction);

    private async Task NoteAsync(string name, string phase, string? problem)
    {
        await using var connection = await database.OpenAsync();
        await connection.ExecuteAsync(
            "update runs set phase = @phase, problem = @problem where name = @name", new { name, phase, problem });
    }
}
