using LPZero.Seed.Storage;
using Npgsql;

namespace LPZero.Cluster.Tests.Storage;

public sealed class DatabaseLocationTests
{
    [Theory]
    [InlineData("postgres://ann:s%40cret%3A@db.example:5433/my%20runs?sslmode=verify-full&connect_timeout=7", "db.example", 5433, "my runs",
        "ann", "s@cret:")]
    [InlineData("postgresql://db", "db", 5432, null, null, null)]
    [InlineData("Server=db;Port=5433;User Id=ann;Password=\"a;b\";Database=runs", "db", 5433, "runs", "ann", "a;b")]
    public void PostgreSQL_is_named_by_a_URI_or_by_a_connection_string(
        string text, string host, int port, string? database, string? user, string? password)
    {
        var location = DatabaseLocation.Parse(text);
        Assert.True(location.IsPostgres);
        var parsed = new NpgsqlConnectionStringBuilder(location.ConnectionString);
        Assert.Equal((host, port, database, user, password), (parsed.Host, parsed.Port, parsed.Database, parsed.Username, parsed.Password));
        Assert.Equal(text.Contains("verify-full", StringComparison.Ordinal), parsed.SslMode == SslMode.VerifyFull);
    }

    [Theory]
    [InlineData("runs.db")]
    [InlineData("./Host=odd.db")]
    [InlineData("/tmp/a=b/runs.db")]
    public void Anything_else_that_can_be_a_file_is_a_SQLite_file(string text)
    {
        var location = DatabaseLocation.Parse(text);
        Assert.False(location.IsPostgres);
        Assert.Contains(Path.GetFullPath(text), location.ConnectionString, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Hots=db;Password=secret")]
    [InlineData("Host=db;Port=secret")]
    [InlineData("Database=runs;Password=secret")]
    [InlineData("Host=db;secret")]
    [InlineData("postgres://ann:secret@:port/runs")]
    [InlineData("postgres://ann:secret@db/runs?colour=red")]
    [InlineData("sqlite:///tmp/secret.db")]
    public void What_cannot_be_meant_is_refused_without_repeating_a_password(string text)
    {
        var refused = Assert.Throws<DatabaseLocationException>(() => DatabaseLocation.Parse(text));
        Assert.DoesNotContain("secret", refused.Message, StringComparison.Ordinal);
    }
}
