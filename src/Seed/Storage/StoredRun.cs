using System.Collections.Immutable;
using System.Data.Common;
using System.Runtime.Serialization;
using Dapper;
using LPZero.Coordinator.Actors;
using LPZero.Coordinator.Run;
using LPZero.Messages.Control;
using LPZero.Messages.Search;
using LPZero.Seed.Wire;

namespace LPZero.Seed.Storage;

/// <summary>What the journal's tables hold of a run, read without the journal.</summary>
internal static class StoredRun
{
    /// <summary>Where the run stands: its last snapshot and the events behind it, folded. A run that has not begun is new.</summary>
    /// <param name="connection">The database.</param>
    /// <param name="run">The run.</param>
    public static async Task<SearchState> StateAsync(DbConnection connection, ClusterRun run)
    {
        var process = new SearchProcess(run.Configuration);
        var snapshot = await connection.QueryFirstOrDefaultAsync<Row>(
            """
            select sequence_number as Number, serializer_id as Serializer, manifest as Manifest, snapshot as Message
            from snapshot where persistence_id = @id order by sequence_number desc
            """, new { id = RunJournal.IdOf(run.Name) });
        var begun = snapshot is null ? new SearchState() : ((SearchSnapshot)Read(run.Name, snapshot)).Restore(process.Pruning);
        return (await EventsAsync(connection, run.Name, snapshot?.Number ?? 0)).Aggregate(begun, process.Apply);
    }

    /// <summary>The events of a run behind a sequence number, oldest first.</summary>
    public static async Task<ImmutableArray<SearchEvent>> EventsAsync(DbConnection connection, string run, long after = 0) =>
        [.. (await NumberedAsync(connection, run, after, long.MaxValue)).Select(stored => stored.Event)];

    /// <summary>The same with their sequence numbers, at most so many.</summary>
    public static async Task<ImmutableArray<(long Number, SearchEvent Event)>> NumberedAsync(
        DbConnection connection, string run, long after, long most)
    {
        var rows = await connection.QueryAsync<Row>(
            """
            select sequence_number as Number, identifier as Serializer, manifest as Manifest, message as Message
            from journal where persistence_id = @id and sequence_number > @after order by sequence_number limit @most
            """, new { id = RunJournal.IdOf(run), after, most });
        return [.. rows.Select(row => (row.Number, (SearchEvent)Read(run, row)))];
    }

    private static object Read(string run, Row row)
    {
        try
        {
            return row.Serializer == WireSerializer.Number
                ? WireSerializer.Read(row.Message, row.Manifest)
                : throw new SerializationException($"event {row.Number} is in a form of another program");
        }
        catch (SerializationException problem)
        {
            throw new SearchServiceException($"run '{run}' cannot be read: {problem.Message}");
        }
    }

    private sealed class Row
    {
        public long Number { get; init; }

        public int Serializer { get; init; }

        public string Manifest { get; init; } = "";

        public byte[] Message { get; init; } = [];
    }
}
