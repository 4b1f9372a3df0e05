using System.Collections.Immutable;
using System.Data.Common;
using Dapper;

namespace LPZero.Seed.Storage;

/// <summary>The living nodes of a cluster in its database, by the database's clock alone.</summary>
/// <param name="database">Where they are.</param>
public sealed class SqlNodeDirectory(Database database) : INodeDirectory
{
    // Some beats may be late: a node says so every two seconds.
    private const int SecondsAlive = 10;

    // Any number: the name of the lock under which a cluster is begun.
    private const long BeginLock = 4108_02;

    private string Now => database.IsPostgres ? "cast(extract(epoch from clock_timestamp()) as double precision)" : "unixepoch('subsec')";

    /// <inheritdoc/>
    public string DatabaseId => database.Id;

    /// <inheritdoc/>
    public async Task BeatAsync(string address)
    {
        await using var connection = await database.OpenAsync();
        await BeatAsync(connection, transaction: null, address);
    }

    /// <inheritdoc/>
    public async Task<ImmutableArray<string>> OthersAsync(string address, bool mayBegin)
    {
        await using var connection = await database.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        if (database.IsPostgres)
        {
            await connection.ExecuteAsync("select pg_advisory_xact_lock(@BeginLock)", new { BeginLock }, transaction);
        }

        var others = await connection.QueryAsync<string>(
            $"select address from nodes where address <> @address and seen > {Now} - @SecondsAlive order by address",
            new { address, SecondsAlive }, transaction);
        if (mayBegin && !others.Any())
        {
            await connection.ExecuteAsync("delete from nodes", transaction: transaction);
            await BeatAsync(connection, transaction, address);
        }

        await transaction.CommitAsync();
        return [.. others];
    }

    /// <inheritdoc/>
    public async Task LeaveAsync(string address)
    {
        await using var connection = await database.OpenAsync();
        await connection.ExecuteAsync("delete from nodes where address = @address", new { address });
    }

    private Task BeatAsync(DbConnection connection, DbTransaction? transaction, string address) => connection.ExecuteAsync(
        $"insert into nodes (address, seen) values (@address, {Now}) on conflict (address) do update set seen = excluded.seen",
        new { address }, transaction);
}
