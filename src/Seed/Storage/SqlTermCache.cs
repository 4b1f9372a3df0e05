using System.Collections.Immutable;
using System.Data.Common;
using Dapper;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.Seed.Storage;

/// <summary>The term cache in the database.</summary>
/// <param name="database">Where it is.</param>
public sealed class SqlTermCache(Database database) : ITermCache
{
    private const int Tries = 5;

    /// <inheritdoc/>
    public async Task<ImmutableArray<TermBlock>> LoadAsync(string contentKey)
    {
        await using var connection = await database.OpenAsync();
        var rows = await connection.QueryAsync<Row>(
            "select input as Input, block as Block from terms where content_key = @contentKey order by input, segment", new { contentKey });
        return [.. rows.Select(row => SealedBlock.Read(contentKey, (InputKind)row.Input, row.Block))];
    }

    /// <inheritdoc/>
    public Task SaveAsync(string contentKey, ImmutableArray<TermBlock> blocks) =>
        StorageInstruments.TermsWrite.MeasureAsync(() => StoreAsync(contentKey, blocks));

    /// <inheritdoc/>
    public async Task<ImmutableArray<ProxyScore>> LoadScoresAsync(string contentKey)
    {
        await using var connection = await database.OpenAsync();
        var rows = await connection.QueryAsync<ScoreRow>(
            "select proxy as Proxy, value as Value, seconds as Seconds, reason as Reason from scores where content_key = @contentKey",
            new { contentKey });
        return [.. rows.Select(row => new ProxyScore(row.Proxy, row.Value, row.Seconds, row.Reason))];
    }

    /// <inheritdoc/>
    public async Task SaveScoresAsync(string contentKey, ImmutableArray<ProxyScore> scores)
    {
        await using var connection = await database.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        foreach (var score in scores)
        {
            await connection.ExecuteAsync(
                """
                insert into scores (content_key, proxy, value, seconds, reason) values (@contentKey, @proxy, @value, @seconds, @reason)
                on conflict (content_key, proxy) do nothing
                """,
                new { contentKey, proxy = score.Proxy, value = score.Value, seconds = score.Seconds, reason = score.Reason }, transaction);
        }

        await transaction.CommitAsync();
    }

    /// <summary>Stores blocks as segments of their inputs. Returns how many.</summary>
    private async Task<int> StoreAsync(string contentKey, ImmutableArray<TermBlock> blocks)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var connection = await database.OpenAsync();
                await using var transaction = await connection.BeginTransactionAsync();
                foreach (var block in blocks)
                {
                    await connection.ExecuteAsync(
                        """
                        insert into terms (content_key, input, segment, block)
                        values (
                            @contentKey, @input, (select count(*) from terms where content_key = @contentKey and input = @input), @bytes)
                        """,
                        new { contentKey, input = (int)block.Input, bytes = SealedBlock.Write(contentKey, block) }, transaction);
                }

                await transaction.CommitAsync();
                return blocks.Length;
            }
            catch (DbException conflict) when (attempt < Tries && IsTaken(conflict))
            {
                // Another writer took the segment's number, as can happen while a batch moves: number it anew.
            }
        }
    }

    // SQLSTATE class 23: an integrity constraint; SQLite has a code of its own.
    private static bool IsTaken(DbException problem) =>
        problem.SqlState?.StartsWith("23", StringComparison.Ordinal) == true
            || problem is Microsoft.Data.Sqlite.SqliteException { SqliteErrorCode: 19 };

    private sealed class ScoreRow
    {
        public string Proxy { get; init; } = "";

        public double? Value { get; init; }

        public double Seconds { get; init; }

        public string? Reason { get; init; }
    }

    private sealed class Row
    {
        public long Input { get; init; }

        public byte[] Block { get; init; } = [];
    }
}
