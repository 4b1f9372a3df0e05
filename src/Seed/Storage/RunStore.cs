using System.Globalization;
using System.Text.Json;
using Dapper;
using LPZero.Coordinator.Run;
using LPZero.Messages;
using LPZero.Messages.Search;

namespace LPZero.Seed.Storage;

/// <summary>What the database knows of a run.</summary>
/// <param name="Name">The run's name.</param>
/// <param name="Created">When it was started, UTC.</param>
/// <param name="Configuration">What determines it.</param>
/// <param name="Benchmark">The benchmark, in the program's own format.</param>
/// <param name="BenchmarkDigest">SHA-256 of the benchmark's content.</param>
/// <param name="Output">Folder for hall of fame and report.</param>
/// <param name="NumericProfile">What its numbers depend on; null until the first device took part.</param>
/// <param name="Phase">Where it stood when it was last written.</param>
/// <param name="Seconds">Time it has run for, over all processes.</param>
/// <param name="TermHits">Terms that scoring found known.</param>
/// <param name="TermMisses">Terms that a device computed.</param>
/// <param name="Report">The final report as JSON, once there is one.</param>
public sealed record RunRecord(
    string Name, DateTime Created, SearchConfiguration Configuration, string Benchmark, string BenchmarkDigest, string Output,
    string? NumericProfile, SearchPhase Phase, double Seconds, long TermHits, long TermMisses, string? Report);

/// <summary>A run in a list.</summary>
/// <param name="Name">The run's name.</param>
/// <param name="Created">When it was started, UTC.</param>
/// <param name="Preset">The preset that its configuration started from.</param>
/// <param name="Phase">Where it stood when it was last written.</param>
/// <param name="Seconds">Time it has run for, over all processes.</param>
public sealed record RunEntry(string Name, DateTime Created, string Preset, SearchPhase Phase, double Seconds);

/// <summary>What a run has used since it was last written down.</summary>
/// <param name="Seconds">Time.</param>
/// <param name="TermHits">Terms that were needed and known.</param>
public sealed record NewUsage(double Seconds, long TermHits);

/// <summary>Runs with their events and snapshots.</summary>
/// <param name="database">Where they are stored.</param>
public sealed class RunStore(Database database)
{
    /// <summary>Stores a new run together with its first events, in one transaction, so that it exists whole or not at all.</summary>
    /// <exception cref="StorageException">The name is taken.</exception>
    public void Create(RunRecord run, IEnumerable<SearchEvent> events)
    {
        using var connection = database.Open();
        using var transaction = connection.BeginTransaction();
        connection.Execute(
            """
            insert into benchmarks (digest, name, metric, architectures, content)
            values (@BenchmarkDigest, @Benchmark ->> '$.name', @Benchmark ->> '$.metric', json_array_length(@Benchmark, '$.architectures'), @Benchmark)
            on conflict do nothing
            """,
            new { run.BenchmarkDigest, run.Benchmark }, transaction);
        var created = connection.Execute(
            """
            insert into runs (name, created, configuration, benchmark_digest, output, phase)
            values (@Name, @created, @configuration, @BenchmarkDigest, @Output, @phase)
            on conflict do nothing
            """,
            new
            {
                run.Name,
                created = run.Created.ToString("O", CultureInfo.InvariantCulture),
                configuration = JsonSerializer.Serialize(run.Configuration, MessageJson.Options),
                run.BenchmarkDigest,
                run.Output,
                phase = run.Phase.ToString(),
            }, transaction);
        if (created == 0)
        {
            throw Taken(run.Name);
        }

        Append(connection, transaction, run.Name, 0, events);
        transaction.Commit();
    }

    /// <summary>Refuses a name that a run has.</summary>
    /// <exception cref="StorageException">The name is taken.</exception>
    public void CheckFree(string name)
    {
        using var connection = database.Open();
        if (connection.ExecuteScalar<bool>("select exists (select 1 from runs where name = @name)", new { name }))
        {
            throw Taken(name);
        }
    }

    /// <summary>Every run, in the order in which they were started.</summary>
    public IReadOnlyList<RunEntry> List()
    {
        using var connection = database.Open();
        return
        [
            .. connection.Query<(string Name, string Created, string Preset, string Phase, double Seconds)>(
                "select name, created, configuration ->> '$.preset', phase, seconds from runs order by created")
                .Select(row => new RunEntry(row.Name, ReadTime(row.Created), row.Preset, Enum.Parse<SearchPhase>(row.Phase), row.Seconds)),
        ];
    }

    /// <summary>The run of that name.</summary>
    /// <exception cref="StorageException">There is none; the message names the nearest.</exception>
    public RunRecord Get(string name)
    {
        using var connection = database.Open();
        var row = connection.QuerySingleOrDefault<Row>(
            """
            select runs.name, created, configuration, benchmarks.content as benchmark, benchmark_digest, output, numeric_profile, phase, seconds,
                term_hits, term_misses, reports.content as report
            from runs join benchmarks on digest = benchmark_digest left join reports on run = runs.name
            where runs.name = @name
            """,
            new { name });
        if (row is not null)
        {
            return row.ToRecord();
        }

        var known = connection.Query<string>("select name from runs").ToList();
        throw new StorageException(known.Count == 0
            ? $"there is no run '{name}' in {database.Path}: start one with search start"
            : $"there is no run '{name}'; {NearestNames.Suggest(name, known)}");
    }

    /// <summary>
    /// Appends events behind the given number of stored ones, with the phase they lead to and what the run has used
    /// since the last call.
    /// </summary>
    public void Append(string run, long sequence, IEnumerable<SearchEvent> events, SearchPhase phase, NewUsage usage)
    {
        using var connection = database.Open();
        using var transaction = connection.BeginTransaction();
        Append(connection, transaction, run, sequence, events);
        connection.Execute(
            "update runs set phase = @phase, seconds = seconds + @Seconds, term_hits = term_hits + @TermHits where name = @run",
            new { phase = phase.ToString(), usage.Seconds, usage.TermHits, run }, transaction);
        transaction.Commit();
    }

    /// <summary>The events from a sequence number on.</summary>
    public IReadOnlyList<SearchEvent> Events(string run, long from = 0)
    {
        using var connection = database.Open();
        return
        [
            .. connection.Query<string>("select payload from events where run = @run and sequence >= @from order by sequence", new { run, from })
                .Select(payload => JsonSerializer.Deserialize<SearchEvent>(payload, MessageJson.Options)!),
        ];
    }

    /// <summary>Stores a snapshot of the state after so many events, in place of an earlier one.</summary>
    public void SaveSnapshot(string run, long sequence, SearchSnapshot snapshot)
    {
        using var connection = database.Open();
        connection.Execute(
            "insert into snapshots (run, sequence, payload) values (@run, @sequence, @payload) on conflict (run) do update set sequence = @sequence, payload = @payload",
            new { run, sequence, payload = JsonSerializer.Serialize(snapshot, MessageJson.Options) });
    }

    /// <summary>The last snapshot and the number of events it stands for, if there is one.</summary>
    public (long Sequence, SearchSnapshot Snapshot)? LoadSnapshot(string run)
    {
        using var connection = database.Open();
        var row = connection.QuerySingleOrDefault<(long Sequence, string Payload)?>("select sequence, payload from snapshots where run = @run", new { run });
        return row is { } found ? (found.Sequence, JsonSerializer.Deserialize<SearchSnapshot>(found.Payload, MessageJson.Options)!) : null;
    }

    /// <summary>Pins the numeric profile of the run, or returns the one that it is pinned to.</summary>
    public string PinNumericProfile(string run, string profile)
    {
        using var connection = database.Open();
        return connection.QuerySingle<string>(
            "update runs set numeric_profile = coalesce(numeric_profile, @profile) where name = @run returning numeric_profile", new { run, profile });
    }

    /// <summary>Stores the final report, with what it took.</summary>
    public void SaveReport(string run, string report, NewUsage usage)
    {
        using var connection = database.Open();
        using var transaction = connection.BeginTransaction();
        connection.Execute(
            "update runs set seconds = seconds + @Seconds, term_hits = term_hits + @TermHits where name = @run", new { run, usage.Seconds, usage.TermHits }, transaction);
        connection.Execute(
            "insert into reports (run, content) values (@run, @report) on conflict (run) do update set content = @report", new { run, report }, transaction);
        transaction.Commit();
    }

    private StorageException Taken(string name) =>
        new($"a run named '{name}' exists already: choose another --name, or go on with it: {database.Hint($"resume {name}")}");

    private static void Append(
        Microsoft.Data.Sqlite.SqliteConnection connection, Microsoft.Data.Sqlite.SqliteTransaction transaction,
        string run, long sequence, IEnumerable<SearchEvent> events)
    {
        foreach (var happened in events)
        {
            connection.Execute(
                "insert into events (run, sequence, is_lifecycle, payload) values (@run, @sequence, @isLifecycle, @payload)",
                new { run, sequence = sequence++, isLifecycle = happened.IsLifecycle, payload = JsonSerializer.Serialize(happened, MessageJson.Options) },
                transaction);
        }
    }

    private static DateTime ReadTime(string text) => DateTime.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);

    /// <summary>A row as it is stored.</summary>
    private sealed record Row(
        string Name, string Created, string Configuration, string Benchmark, string Benchmark_digest, string Output,
        string? Numeric_profile, string Phase, double Seconds, long Term_hits, long Term_misses, string? Report)
    {
        public RunRecord ToRecord() => new(
            Name, ReadTime(Created),
            JsonSerializer.Deserialize<SearchConfiguration>(Configuration, MessageJson.Options)!,
            Benchmark, Benchmark_digest, Output, Numeric_profile, Enum.Parse<SearchPhase>(Phase), Seconds, Term_hits, Term_misses, Report);
    }
}
