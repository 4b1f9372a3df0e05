using Dapper;
using LPZero.Cluster.Tests.Processes;
using LPZero.Messages.Control;
using LPZero.Seed.Hosting;
using LPZero.Seed.Storage;

namespace LPZero.Cluster.Tests.Hosting;

/// <summary>A whole node on a database of its own.</summary>
public sealed class NodeTests
{
    [Fact]
    public async Task A_node_whose_journal_can_never_work_ends_with_the_reason()
    {
        var folder = Directory.CreateTempSubdirectory("lpzero-node-").FullName;
        var port = Ports.Free();
        await using (var database = new Database(Path.Combine(folder, "lpzero.db")))
        {
            await database.CreateTablesAsync();
            await using (var connection = await database.OpenAsync())
            {
                // Of the right name and without the right columns.
                await connection.ExecuteAsync("create view journal as select 1 as something");
            }

            await using var node = Node.Create(
                new NodeOptions { Roles = [ClusterNames.Coordinator], Port = port, Seeds = [$"127.0.0.1:{port}"] }, database,
                devices: null);

            var failure = await Assert.ThrowsAsync<SearchServiceException>(() =>
                node.RunAsync(CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(2)));

            Assert.StartsWith(
                "this node can never work: the journal cannot work: SQLite Error 1", failure.Message, StringComparison.Ordinal);
        }

        Directory.Delete(folder, recursive: true);
    }
}
