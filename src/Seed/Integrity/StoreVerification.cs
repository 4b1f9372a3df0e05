using System.Data.Common;
using System.Text.Json;
using Dapper;
using LPZero.Coordinator.Actors;
using LPZero.Coordinator.Run;
using LPZero.Coordinator.Scoring;
using LPZero.Messages;
using LPZero.Messages.Architectures;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;
using LPZero.Seed.Storage;

namespace LPZero.Seed.Integrity;

/// <summary>
/// Whether a database holds what the program stored: each block of terms has its checksum, each benchmark its digest, each run the events
/// that follow from its configuration, benchmark and terms (<see cref="RunReplay"/>), and each snapshot what these lead to. It only reads,
/// and others may work with the database meanwhile. Not looked at are scores of designed proxies, rankings of whole spaces and reports,
/// which can be made again, and what is free to be anything: names, times, the reason of a stop.
/// </summary>
/// <param name="database">The database, prepared for reading.</param>
public sealed class StoreVerification(Database database)
{
    private readonly List<StoreProblem> problems = [];

    /// <summary>Looks at everything.</summary>
    /// <param name="interrupt">Ends it.</param>
    public async Task<StoreFindings> RunAsync(CancellationToken interrupt)
    {
        await using var connection = await database.OpenAsync();
        await using var snapshot = await ReadSnapshot.BeginAsync(database, connection);
        await CheckFileAsync(connection);
        var (blocks, unsealed) = await CheckTermsAsync(connection, interrupt);
        var benchmarks = await BenchmarksAsync(connection);
        var runs = (await connection.QueryAsync<StoredRunRow>(
            """
            select name as Name, configuration as Configuration, preset as Preset, benchmark_digest as Digest, numeric_profile as Profile,
                phase as Phase
            from runs order by created, name
            """)).ToList();
        var hasJournal = await database.HasJournalAsync(connection);
        var events = 0L;
        foreach (var run in runs)
        {
            interrupt.ThrowIfCancellationRequested();
            events += await ReplayAsync(connection, run, benchmarks, hasJournal);
        }

        if (hasJournal)
        {
            var known = runs.Select(run => RunJournal.IdOf(run.Name)).ToHashSet(StringComparer.Ordinal);
            var found = await connection.QueryAsync<string>(
                "select distinct persistence_id from journal union select distinct persistence_id from snapshot");
            problems.AddRange(found.Where(id => !known.Contains(id)).Select(id => new StoreProblem($"events of no run: {id}")));
        }

        return new StoreFindings(runs.Count, events, benchmarks.Count, blocks, unsealed, problems);
    }

    private async Task CheckFileAsync(DbConnection connection)
    {
        if (!database.IsPostgres && await connection.QueryFirstAsync<string>("pragma quick_check(1)") is var said and not "ok")
        {
            problems.Add(new StoreProblem($"the file is damaged: {said}"));
        }
    }

    /// <summary>Looks at all blocks, one after the other. Returns how many there are, and how many of them have no checksum.</summary>
    private async Task<(long Blocks, long WithoutChecksum)> CheckTermsAsync(DbConnection connection, CancellationToken interrupt)
    {
        var (blocks, unsealed) = (0L, 0L);
        await using var reader = await connection.ExecuteReaderAsync("select content_key, input, block from terms");
        while (await reader.ReadAsync(interrupt))
        {
            blocks++;
            var key = reader.GetString(0);
            try
            {
                SealedBlock.Read(key, Input(reader.GetInt64(1)), reader.GetFieldValue<byte[]>(2), out var isSealed);
                unsealed += isSealed ? 0 : 1;
            }
            catch (InvalidDataException problem)
            {
                problems.Add(new StoreProblem($"a block of input {reader.GetInt64(1)}: {problem.Message}", Key: key));
            }
        }

        return (blocks, unsealed);
    }

    /// <summary>The benchmarks that are what their digests say.</summary>
    private async Task<Dictionary<string, Benchmark>> BenchmarksAsync(DbConnection connection)
    {
        var benchmarks = new Dictionary<string, Benchmark>(StringComparer.Ordinal);
        var rows = await connection.QueryAsync<(string Digest, string Name, string Metric, long Architectures, string Content)>(
            "select digest, name, metric, architectures, content from benchmarks");
        foreach (var row in rows)
        {
            try
            {
                var benchmark = BenchmarkContent.Read(row.Content);
                if (BenchmarkDigest.Of(benchmark) == row.Digest && benchmark.Name == row.Name && benchmark.Metric == row.Metric
                    && benchmark.Architectures.Length == row.Architectures)
                {
                    benchmarks.Add(row.Digest, benchmark);
                    continue;
                }

                problems.Add(new StoreProblem($"benchmark '{row.Name}' is altered: it is not what its digest says", Key: row.Digest));
            }
            catch (InvalidDataException problem)
            {
                problems.Add(new StoreProblem($"benchmark '{row.Name}' cannot be read: {problem.Message}", Key: row.Digest));
            }
        }

        return benchmarks;
    }

    /// <summary>Looks at a run. Returns how many of its events are as they should be.</summary>
    private async Task<long> ReplayAsync(
        DbConnection connection, StoredRunRow run, Dictionary<string, Benchmark> benchmarks, bool hasJournal)
    {
        var id = RunJournal.IdOf(run.Name);
        var snapshots = !hasJournal ? [] : (await connection.QueryAsync<StoredMessage>(
            """
            select sequence_number as Number, serializer_id as Serializer, manifest as Manifest, snapshot as Message
            from snapshot where persistence_id = @id order by sequence_number
            """, new { id })).ToList();
        var journal = !hasJournal ? [] : (await connection.QueryAsync<StoredMessage>(
            """
            select sequence_number as Number, identifier as Serializer, manifest as Manifest, message as Message
            from journal where persistence_id = @id order by sequence_number
            """, new { id })).ToList();
        if (Read(run) is not { } configuration)
        {
            return 0;
        }

        if (!benchmarks.TryGetValue(run.Digest, out var benchmark))
        {
            problems.Add(new StoreProblem("cannot be replayed: its benchmark is missing or altered", run.Name, Key: run.Digest));
            return 0;
        }

        if (configuration.Problems(benchmark) is [var broken, ..])
        {
            problems.Add(new StoreProblem($"its configuration cannot be carried out: {broken}", run.Name));
            return 0;
        }

        var set = SearchSample.Of(benchmark, configuration).Search;
        var replay = new RunReplay(
            run.Name, configuration, run.Configuration, new StartSearch(run.Digest, [.. set.Architectures.Select(a => a.Id)]), set,
            await TermsAsync(connection, set, configuration, benchmark, run.Profile),
            benchmark);
        var found = replay.Run(journal, snapshots);
        problems.AddRange(found);
        if (found.Count == 0 && run.Phase is nameof(SearchPhase.Finished) or nameof(SearchPhase.Stopped)
            && replay.State.Phase is not (SearchPhase.Finished or SearchPhase.Stopped))
        {
            problems.Add(new StoreProblem(
                $"missing: the run is {run.Phase.ToLowerInvariant()}, its events do not say so", run.Name, replay.Events + 1));
        }

        return replay.Events;
    }

    private SearchConfiguration? Read(StoredRunRow run)
    {
        try
        {
            var configuration = JsonSerializer.Deserialize<SearchConfiguration>(run.Configuration, MessageJson.Options)
                ?? throw new JsonException("it is empty");
            if (configuration.FindProblemOfVersion() is { } problem)
            {
                problems.Add(new StoreProblem(
                    FormattableString.Invariant($"cannot be replayed: its rules are of version {configuration.Version}, and {problem}"),
                    run.Name, IsUnchecked: true));
                return null;
            }

            if (configuration.Preset == run.Preset)
            {
                return configuration;
            }

            problems.Add(new StoreProblem("its configuration is altered: it names another preset than its row", run.Name));
        }
        catch (Exception problem) when (problem is JsonException or NotSupportedException or ArgumentException)
        {
            problems.Add(new StoreProblem($"its configuration cannot be read: {problem.Message.ReplaceLineEndings(" ")}", run.Name));
        }

        return null;
    }

    /// <summary>The stored terms of a search set; damaged ones, which are named already, are left out.</summary>
    private static async Task<TermTable> TermsAsync(
        DbConnection connection, ArchitectureSet set, SearchConfiguration configuration, Benchmark benchmark, string? profile)
    {
        var table = new TermTable(set.Networks.Length, configuration.ElementReduction, configuration.TensorReduction);
        var probe = configuration.Probe(benchmark.Sizes);
        for (var network = 0; profile is not null && network < set.Networks.Length; network++)
        {
            var key = new ProbedNetwork(set.Networks[network], probe).Key(profile);
            var rows = await connection.QueryAsync<(long Input, byte[] Block)>(
                "select input, block from terms where content_key = @key order by input, segment", new { key });
            foreach (var (input, block) in rows)
            {
                try
                {
                    table.Add(network, SealedBlock.Read(key, Input(input), block));
                }
                catch (InvalidDataException)
                {
                    // Its terms count as missing.
                }
            }
        }

        return table;
    }

    private static InputKind Input(long number) => Enum.IsDefined((InputKind)number)
        ? (InputKind)number
        : throw new InvalidDataException("there is no such input");

    private sealed class StoredRunRow
    {
        public string Name { get; init; } = "";

        public string Configuration { get; init; } = "";

        public string Preset { get; init; } = "";

        public string Digest { get; init; } = "";

        public string? Profile { get; init; }

        public string Phase { get; init; } = "";
    }
}
