namespace LPZero.Cluster.Tests.Processes;

/// <summary>One PostgreSQL server for the tests that need a database and nothing else, each with a database of its own.</summary>
public sealed class SharedPostgres : IAsyncLifetime, IAsyncDisposable
{
    private PostgresServer? server;

    /// <inheritdoc/>
    public async Task InitializeAsync() => server = PostgresServer.Missing is null ? await PostgresServer.StartNewAsync() : null;

    /// <inheritdoc/>
    public async Task DisposeAsync()
    {
        if (server is not null)
        {
            await server.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    ValueTask IAsyncDisposable.DisposeAsync() => new(DisposeAsync());

    /// <summary>Makes an empty database, and says how to connect to it.</summary>
    internal Task<string> NewDatabaseAsync() => server!.NewDatabaseAsync();
}

/// <summary>The tests that share a server, one after the other.</summary>
[CollectionDefinition(nameof(SharedPostgres))]
public sealed class SharedPostgresTests : ICollectionFixture<SharedPostgres>;
