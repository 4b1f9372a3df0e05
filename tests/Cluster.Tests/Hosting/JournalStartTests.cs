using Dapper;
using LPZero.Cluster.Tests.Processes;
using LPZero.Seed.Hosting;
using LPZero.Seed.Storage;

namespace LPZero.Cluster.Tests.Hosting;

[Collection(nameof(SharedPostgres))]
public sealed class JournalStartTests(SharedPostgres shared)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [PostgresFact]
    public async Task A_node_whose_journal_cannot_start_ends_with_that_reason_and_lets_the_next_one_try()
    {
        var postgres = await shared.NewDatabaseAsync();
        await using var next = new Database(postgres);
        await using (var connection = await next.OpenAsync())
        {
            // A table's name must be free among types, too.
            await connection.ExecuteAsync("create domain snapshot as integer");
        }

        var options = new NodeOptions
        {
            Roles = [ClusterNames.Coordinator],
            Port = Ports.Free(),
            JournalTimeout = TimeSpan.FromSeconds(1),
            DrainTimeout = TimeSpan.FromSeconds(1),
        };
        await using var node = Node.Create(options, new Database(postgres), devices: null);
        var ended = await Assert.ThrowsAsync<NodeEndedException>(() => node.RunAsync(CancellationToken.None).WaitAsync(Patience));
        Assert.Contains("journal", ended.Message, StringComparison.Ordinal);
        await using var turn = await next.JournalStartAsync(() => { }, CancellationToken.None).WaitAsync(Patience);
    }
}
