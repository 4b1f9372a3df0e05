using LPZero.Cluster.Tests.Processes;
using LPZero.Seed.Storage;

namespace LPZero.Cluster.Tests.Storage;

[Collection(nameof(SharedPostgres))]
public sealed class SqlNodeDirectoryTests(SharedPostgres shared)
{
    [Fact]
    public async Task One_of_several_nodes_that_start_at_once_begins_a_cluster_on_SQLite()
    {
        var folder = Directory.CreateTempSubdirectory("lpzero-nodes-").FullName;
        await AssertOneBeginsAsync(Path.Combine(folder, "lpzero.db"));
        Directory.Delete(folder, recursive: true);
    }

    [PostgresFact]
    public async Task One_of_several_nodes_that_start_at_once_begins_a_cluster_on_PostgreSQL()
    {
        var postgres = await shared.NewDatabaseAsync();
        await AssertOneBeginsAsync(postgres);
    }

    private static async Task AssertOneBeginsAsync(string location)
    {
        await using var database = new Database(location);
        await database.CreateTablesAsync();
        var nodes = new SqlNodeDirectory(database);
        Assert.Empty(await nodes.OthersAsync("a:1", mayBegin: false));
        string[] addresses = ["a:1", "b:1", "c:1", "d:1"];
        var found = await Task.WhenAll(addresses.Select(address => Task.Run(() => nodes.OthersAsync(address, mayBegin: true))));
        var begun = addresses.Zip(found).Where(pair => pair.Item2.IsEmpty).Select(pair => pair.Item1).ToList();
        var first = Assert.Single(begun);
        Assert.All(found.Where(others => !others.IsEmpty), others => Assert.Equal(first, Assert.Single(others)));

        await nodes.BeatAsync("e:1");
        Assert.Equal("e:1", Assert.Single(await nodes.OthersAsync(first, mayBegin: true)));
        await nodes.LeaveAsync("e:1");
        Assert.Empty(await nodes.OthersAsync(first, mayBegin: true));

        await using var same = new Database(location);
        await same.CreateTablesAsync();
        Assert.Equal(database.Id, same.Id);
    }
}
