using System.Data.Common;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Dapper;
using LPZero.Coordinator.Actors;
using LPZero.Messages;
using LPZero.Messages.Control;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;
using LPZero.Seed.Storage;

namespace LPZero.Seed.Integrity;

/// <summary>Writes a run into a file that another database takes in.</summary>
/// <param name="database">The database, prepared for reading.</param>
public sealed class RunExport(Database database)
{
    /// <summary>Writes all that is stored of a run now, whether anybody works on it or not. The file appears once it is whole.</summary>
    /// <param name="name">The run.</param>
    /// <param name="file">The file.</param>
    /// <param name="overwrite">Whether it may take the place of another.</param>
    /// <param name="interrupt">Ends it.</param>
    /// <exception cref="SearchServiceException">There is no such run.</exception>
    /// <exception cref="DatabaseLocationException">The file is there already.</exception>
    public async Task WriteAsync(string name, string file, bool overwrite, CancellationToken interrupt)
    {
        if (File.Exists(file) && !overwrite)
        {
            throw new DatabaseLocationException($"{file} is there already: give another file, or --force");
        }

        await using var connection = await database.OpenAsync();
        await using var snapshot = await ReadSnapshot.BeginAsync(database, connection);
        var run = await RunReader.FindAsync(connection, name);
        var result = await RunRow.ResultAsync(connection, name);
        var (configuration, content) = await connection.QuerySingleAsync<(string, string)>(
            "select configuration, content from runs join benchmarks on digest = benchmark_digest where runs.name = @name", new { name });
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        var temporary = SqliteFile.Beside(file);
        try
        {
            await using (var stream = new FileStream(temporary, FileMode.CreateNew))
            using (var zip = new ZipArchive(stream, ZipArchiveMode.Create))
            {
                var about = new ArchivedRun(
                    RunArchive.CurrentFormat, ProgramVersion.Text, name, run.Created, configuration, run.BenchmarkDigest,
                    run.NumericProfile, result.Usage)
                {
                    Priority = run.Priority,
                };
                await RunArchive.WriteAsync(zip, RunArchive.Run, JsonSerializer.Serialize(about, MessageJson.Indented));
                await RunArchive.WriteAsync(zip, RunArchive.Benchmark, content);
                await RunArchive.WriteAsync(zip, RunArchive.Events, EventsAsync(connection, name));
                await RunArchive.WriteAsync(zip, RunArchive.Terms, TermsAsync(connection, run, interrupt));
                if (result.Report is { } report)
                {
                    await RunArchive.WriteAsync(zip, RunArchive.Report, report);
                }
            }

            SqliteFile.Flush(temporary);
            File.Move(temporary, file, overwrite);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    private async IAsyncEnumerable<ArchivedEvent> EventsAsync(DbConnection connection, string name)
    {
        if (!await database.HasJournalAsync(connection))
        {
            yield break;
        }

        foreach (var row in await connection.QueryAsync<StoredMessage>(
            """
            select sequence_number as Number, identifier as Serializer, manifest as Manifest, message as Message
            from journal where persistence_id = @id order by sequence_number
            """, new { id = RunJournal.IdOf(name) }))
        {
            yield return new ArchivedEvent(row.Number, row.Serializer, row.Manifest, row.Message);
        }
    }

    private static async IAsyncEnumerable<ArchivedTerms> TermsAsync(
        DbConnection connection, ClusterRun run, [EnumeratorCancellation] CancellationToken interrupt)
    {
        if (run.NumericProfile is not { } profile)
        {
            yield break;
        }

        var shapes = run.Configuration.ShapesOn(run.Benchmark);
        var probe = run.Configuration.Probe(run.Benchmark.Sizes);
        foreach (var network in run.Benchmark.Architectures.Select(architecture => architecture.Genotype.Resolve(shapes)).Distinct())
        {
            interrupt.ThrowIfCancellationRequested();
            var key = new ProbedNetwork(network, probe).Key(profile);
            foreach (var (input, block) in await connection.QueryAsync<(long Input, byte[] Block)>(
                "select input, block from terms where content_key = @key order by input, segment", new { key }))
            {
                yield return new ArchivedTerms(key, (InputKind)input, block);
            }
        }
    }
}
