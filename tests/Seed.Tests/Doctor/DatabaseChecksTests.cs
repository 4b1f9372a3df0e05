using System.Globalization;
using LPZero.Seed.Doctor;
using LPZero.Seed.Storage;
using LPZero.Seed.Tests.Benchmarks;

namespace LPZero.Seed.Tests.Doctor;

public sealed class DatabaseChecksTests
{
    private static readonly DateTimeOffset Built = Time("2026-11-01 12:00:00");

    [Fact]
    public async Task A_database_that_is_not_there_yet_is_in_order_and_is_not_made()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "lpzero.db");

        var checks = await DatabaseChecks.RunAsync(DatabaseLocation.Parse(file), TimeProvider.System);

        Assert.Equal(["database", "clock"], checks.Select(check => check.Name));
        Assert.All(checks, check => Assert.True(check.Ok, check.Detail));
        Assert.Equal($"none yet at {file}: the first run makes it", checks[0].Detail);
        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task The_tables_of_a_database_are_up_to_date_when_this_program_has_made_them()
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "lpzero.db");
        await using (var database = new Database(file))
        {
            await database.CreateTablesAsync();
        }

        var checks = await DatabaseChecks.RunAsync(DatabaseLocation.Parse(file), TimeProvider.System);

        Assert.Equal(["database", "schema", "clock"], checks.Select(check => check.Name));
        Assert.All(checks, check => Assert.True(check.Ok, check.Detail));
        Assert.EndsWith(": up to date", checks[1].Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no database", "file is not a database")]
    public async Task A_file_that_is_no_database_is_said_with_the_mend(string content, string reason)
    {
        using var folder = new TemporaryFolder();
        var file = Path.Combine(folder.Path, "lpzero.db");
        await File.WriteAllTextAsync(file, content);

        var check = (await DatabaseChecks.RunAsync(DatabaseLocation.Parse(file), TimeProvider.System))[0];

        Assert.Equal(("database", false, "give another file with --db"), (check.Name, check.Ok, check.Mend));
        Assert.Contains(reason, check.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_does_not_answer_is_named_without_its_password()
    {
        var location = DatabaseLocation.Parse("Host=127.0.0.1;Port=1;Database=runs;Username=lpzero;Password=secret");

        var check = (await DatabaseChecks.RunAsync(location, TimeProvider.System))[0];

        Assert.False(check.Ok);
        Assert.StartsWith("127.0.0.1:1/runs: ", check.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", check.Detail + check.Mend, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, false, "of a former version of the program, from which nothing is taken over")]
    [InlineData(0, true, "no tables yet: the first run makes them")]
    [InlineData(2, true, "2 of 3: the next command that writes brings the tables up to date")]
    [InlineData(3, true, "3 of 3: up to date")]
    [InlineData(4, false, "4, and this program knows 3: the database is of a newer version of the program")]
    public void Tables_are_told_by_the_scripts_that_made_them(int? applied, bool ok, string detail)
    {
        var check = DatabaseChecks.Tables(applied, known: 3);
        Assert.Equal((ok, detail, !ok), (check.Ok, check.Detail, check.Mend is not null));
    }

    [Theory]
    [InlineData("2026-11-02 12:00:00", null, true, "2026-11-02 12:00:00Z")]
    [InlineData("2026-11-02 12:00:00", "2026-11-02 12:00:04", true, "2026-11-02 12:00:00Z, 4.0 s behind the database's")]
    [InlineData("2026-11-02 12:00:10", "2026-11-02 12:00:00", false, "2026-11-02 12:00:10Z, 10.0 s ahead of the database's")]
    [InlineData(
        "1970-01-01 00:00:00", null, false, "1970-01-01 00:00:00Z is before 2026-11-01 12:00:00Z, when this program was built")]
    public void The_clock_is_that_of_the_database_and_not_from_before_the_program(string now, string? database, bool ok, string detail)
    {
        var check = DatabaseChecks.Clock(Time(now), Built, database is null ? null : Time(database));
        Assert.Equal((ok, detail, !ok), (check.Ok, check.Detail, check.Mend is not null));
    }

    private static DateTimeOffset Time(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
}
