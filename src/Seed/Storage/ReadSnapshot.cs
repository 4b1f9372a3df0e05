using System.Data.Common;
using Dapper;

namespace LPZero.Seed.Storage;

/// <summary>One moment of the database for all that a connection reads until it is disposed, whatever others write meanwhile.</summary>
internal sealed class ReadSnapshot : IAsyncDisposable
{
    private readonly DbConnection connection;

    private ReadSnapshot(DbConnection connection) => this.connection = connection;

    /// <summary>Begins it; the moment is that of the first thing that is read.</summary>
    public static async Task<ReadSnapshot> BeginAsync(Database database, DbConnection connection)
    {
        await connection.ExecuteAsync(
            database.IsPostgres ? "begin transaction isolation level repeatable read read only" : "begin transaction");
        return new ReadSnapshot(connection);
    }

    /// <summary>Ends it.</summary>
    public async ValueTask DisposeAsync() => await connection.ExecuteAsync("rollback transaction");
}
