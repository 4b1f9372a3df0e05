using System.Data.Common;
using System.Globalization;
using System.IO.Compression;
using Dapper;
using LPZero.Coordinator.Actors;
using LPZero.Coordinator.Run;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Architectures;
using LPZero.Messages.Control;
using LPZero.Messages.Entities;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;
using LPZero.Seed.Hosting;
using LPZero.Seed.Storage;
using LPZero.Seed.Wire;

namespace LPZero.Seed.Integrity;

/// <summary>Takes in a run that another database has exported.</summary>
/// <param name="database">The database; its tables are there.</param>
public sealed class RunImport(Database database)
{
    /// <summary>
    /// Takes in a run after its events were replayed; one that has not ended waits until it is resumed. The run is there when all of it
    /// is: of an attempt that was killed, terms may be left, which the run would have computed. Returns its name.
    /// </summary>
    /// <param name="file">What <see cref="RunExport"/> wrote.</param>
    /// <param name="name">What to call it; null for the name that it had.</param>
    /// <param name="interrupt">Ends it before anything is written.</param>
    /// <exception cref="InvalidDataException">The file is none, or holds a run that is not as the program stored it.</exception>
    /// <exception cref="StorageException">There is a run of that name.</exception>
    public async Task<string> RunAsync(string file, string? name, CancellationToken interrupt)
    {
        try
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read);
            using var zip = new ZipArchive(stream, ZipArchiveMode.Read);
            var run = await ReadAsync(zip, interrupt);
            name ??= run.About.Name;
            if (!RunName.IsValid(name))
            {
                throw new InvalidDataException($"a run cannot be called '{name}': give --name with {RunName.Rule}");
            }

            await using (await database.LockAsync(name))
            {
                await WriteAsync(name, run, zip);
            }

            return name;
        }
        catch (InvalidDataException problem)
        {
            throw new InvalidDataException($"{file}: {problem.Message}", problem);
        }
    }

    private static async Task<ReadRun> ReadAsync(ZipArchive zip, CancellationToken interrupt)
    {
        var text = await RunArchive.ReadAsync(zip, RunArchive.Run) ?? throw new InvalidDataException("it is no run that was exported");
        var about = RunArchive.Parse<ArchivedRun>(text, RunArchive.Run);
        if (about.Format != RunArchive.CurrentFormat || about.Usage is null)
        {
            throw new InvalidDataException(FormattableString.Invariant(
                $"it has form {about.Format}, this program reads {RunArchive.CurrentFormat}: use the one that wrote it ({about.Program})"));
        }

        if (DeviceShare.FindProblem(about.Priority) is { } range)
        {
            throw new InvalidDataException($"its priority {range}");
        }

        var configuration = RunArchive.Parse<SearchConfiguration>(about.Configuration, "its configuration");
        var content = await RunArchive.ReadAsync(zip, RunArchive.Benchmark) ?? throw new InvalidDataException("it has no benchmark");
        var benchmark = ReadBenchmark(content);
        if (BenchmarkDigest.Of(benchmark) != about.BenchmarkDigest)
        {
            throw new InvalidDataException("its benchmark is altered: it is not what its digest says");
        }

        if (configuration.Problems(benchmark) is [var broken, ..])
        {
            throw new InvalidDataException($"its configuration cannot be carried out: {broken}");
        }

        var set = SearchSample.Of(benchmark, configuration).Search;
        var terms = await TermsAsync(zip, about, configuration, benchmark, set, interrupt);
        var journal = new List<StoredMessage>();
        await foreach (var line in RunArchive.ReadAsync<ArchivedEvent>(zip, RunArchive.Events))
        {
            journal.Add(new StoredMessage
            {
                Number = line.Number, Serializer = line.Serializer, Manifest = line.Manifest ?? "", Message = line.Message ?? [],
            });
        }

        var replay = new RunReplay(
            about.Name, configuration, about.Configuration,
            new StartSearch(about.BenchmarkDigest, [.. set.Architectures.Select(a => a.Id)]), set, terms,
            benchmark);
        return replay.Run(journal, snapshots: []).FirstOrDefault(problem => !problem.IsUnchecked) is { } problem
            ? throw new InvalidDataException(problem.ToString())
            : new ReadRun(
                about, configuration, benchmark, replay.State,
                [.. journal.Select(row => (SearchEvent)WireSerializer.Read(row.Message, row.Manifest))],
                await RunArchive.ReadAsync(zip, RunArchive.Report));
    }

    private static Benchmark ReadBenchmark(string content)
    {
        try
        {
            return BenchmarkContent.Read(content);
        }
        catch (InvalidDataException problem)
        {
            throw new InvalidDataException($"its benchmark cannot be read: {problem.Message}", problem);
        }
    }

    /// <summary>The terms of the search set; all blocks are looked at.</summary>
    private static async Task<TermTable> TermsAsync(
        ZipArchive zip, ArchivedRun about, SearchConfiguration configuration, Benchmark benchmark, ArchitectureSet set,
        CancellationToken interrupt)
    {
        var table = new TermTable(set.Networks.Length, configuration.ElementReduction, configuration.TensorReduction);
        var probe = configuration.Probe(benchmark.Sizes);
        var networks = set.Networks.Index().ToDictionary(
            network => new ProbedNetwork(network.Item, probe).Key(about.NumericProfile ?? ""), network => network.Index,
            StringComparer.Ordinal);
        await foreach (var line in RunArchive.ReadAsync<ArchivedTerms>(zip, RunArchive.Terms))
        {
            interrupt.ThrowIfCancellationRequested();
            var block = SealedBlock.Read(line.Key ?? "", line.Input, line.Block ?? []);
            if (networks.TryGetValue(line.Key ?? "", out var network))
            {
                table.Add(network, block);
            }
        }

        return table;
    }

    private async Task WriteAsync(string name, ReadRun run, ZipArchive zip)
    {
        var runs = new SqlRunDirectory(database);
        if (await runs.FindAsync(name) is not null)
        {
            throw Taken(name);
        }

        await using (var connection = await database.OpenAsync())
        {
            var cache = new SqlTermCache(database);
            await foreach (var line in RunArchive.ReadAsync<ArchivedTerms>(zip, RunArchive.Terms))
            {
                var block = SealedBlock.Read(line.Key, line.Input, line.Block);
                // An earlier version exported blocks without the seal under which they are stored here.
                var known = await connection.QuerySingleAsync<bool>(
                    """
                    select exists (
                        select 1 from terms where content_key = @Key and input = @input and (block = @Block or block = @sealedBlock))
                    """,
                    new { line.Key, input = (int)line.Input, line.Block, sealedBlock = SealedBlock.Write(line.Key, block) });
                if (!known)
                {
                    await cache.SaveAsync(line.Key, [block]);
                }
            }

            // Of an attempt that was killed: nobody else has events without a run.
            if (await database.HasJournalAsync(connection))
            {
                await DeleteEventsAsync(connection, name, transaction: null);
            }
        }

        if (run.Events.Count > 0)
        {
            await JournalWriter.WriteAsync(database, name, run.Events);
        }

        await InsertAsync(name, run);
    }

    private static async Task DeleteEventsAsync(DbConnection connection, string name, DbTransaction? transaction)
    {
        foreach (var table in (string[])["journal", "snapshot"])
        {
            await connection.ExecuteAsync(
                $"delete from {table} where persistence_id = @id", new { id = RunJournal.IdOf(name) }, transaction);
        }
    }

    private static StorageException Taken(string name) => new($"there is a run '{name}' already: give --name with another name");

    /// <summary>What makes the run be there.</summary>
    private async Task InsertAsync(string name, ReadRun run)
    {
        var hasEnded = run.State.Phase is SearchPhase.Finished or SearchPhase.Stopped;
        await using var connection = await database.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await BenchmarkRow.AddAsync(connection, transaction, run.Benchmark);
        var inserted = await connection.ExecuteAsync(
            """
            insert into runs (
                name, created, configuration, preset, benchmark_digest, numeric_profile, phase, problem, seconds, term_hits, term_misses,
                priority)
            values (
                @name, @created, @Configuration, @Preset, @BenchmarkDigest, @NumericProfile, @phase, @problem, @Seconds, @TermHits,
                @TermMisses, @Priority)
            on conflict (name) do nothing
            """,
            new
            {
                name,
                created = run.About.Created.ToString("O", CultureInfo.InvariantCulture),
                run.About.Configuration,
                run.Configuration.Preset,
                run.About.BenchmarkDigest,
                run.About.NumericProfile,
                phase = hasEnded ? run.State.Phase.ToString() : RunRow.Held,
                problem = hasEnded ? null : "it was imported before its end: resume it to go on",
                run.About.Usage.Seconds,
                run.About.Usage.TermHits,
                run.About.Usage.TermMisses,
                run.About.Priority,
            }, transaction);
        if (inserted == 0)
        {
            // Somebody has started a run of that name meanwhile; whoever is to own it waits for the lock, and finds none of these events.
            await DeleteEventsAsync(connection, name, transaction);
            await transaction.CommitAsync();
            throw Taken(name);
        }

        if (run.Report is { } report)
        {
            await connection.ExecuteAsync("insert into reports (run, content) values (@name, @report)", new { name, report }, transaction);
        }

        await transaction.CommitAsync();
    }

    private sealed record ReadRun(
        ArchivedRun About, SearchConfiguration Configuration, Benchmark Benchmark, SearchState State,
        IReadOnlyList<SearchEvent> Events, string? Report);
}
