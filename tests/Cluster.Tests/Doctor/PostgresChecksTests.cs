using LPZero.Cluster.Tests.Processes;
using LPZero.Seed.Doctor;
using LPZero.Seed.Storage;

namespace LPZero.Cluster.Tests.Doctor;

[Collection(nameof(SharedPostgres))]
public sealed class PostgresChecksTests(SharedPostgres shared)
{
    [PostgresFact]
    public async Task A_server_is_looked_at_without_making_tables_and_its_clock_is_compared()
    {
        var location = await shared.NewDatabaseAsync();

        var before = await DatabaseChecks.RunAsync(DatabaseLocation.Parse(location), TimeProvider.System);
        await using (var database = new Database(location))
        {
            await database.CreateTablesAsync();
        }

        var after = await DatabaseChecks.RunAsync(DatabaseLocation.Parse(location), TimeProvider.System);

        Assert.Equal("no tables yet: the first run makes them", before[1].Detail);
        Assert.EndsWith(": up to date", after[1].Detail, StringComparison.Ordinal);
        Assert.All(before.Concat(after), check => Assert.True(check.Ok, check.Detail));
        Assert.StartsWith("PostgreSQL ", after[0].Detail, StringComparison.Ordinal);
        Assert.Contains("the database's", after[2].Detail, StringComparison.Ordinal);
    }
}
