using System.Data.Common;
using System.Globalization;
using Dapper;
using LPZero.GpuNode.SelfTest;
using LPZero.Seed.Storage;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace LPZero.Seed.Doctor;

/// <summary>
/// Whether the database answers, has this program's tables, and has the time that this machine has. Nothing is made or written.
/// </summary>
internal static class DatabaseChecks
{
    // Seconds until a server counts as away.
    private const int Patience = 5;

    // Nodes tell the living from the dead by the database's clock, and people read times of both.
    private static readonly TimeSpan Tolerated = TimeSpan.FromSeconds(5);

    /// <summary>Looks at the database.</summary>
    /// <param name="database">The database.</param>
    /// <param name="clock">The time here.</param>
    public static async Task<IReadOnlyList<SelfTestCheck>> RunAsync(DatabaseLocation database, TimeProvider clock)
    {
        if (database.FilePath is { } file && NetworkFilesystem.Of(file) is { } kind)
        {
            return [
                new("database", false, $"{file} is on a network filesystem ({kind}), where SQLite's locks do not hold",
                    "give a file on a disk of this machine, or PostgreSQL"),
                Clock(clock.GetUtcNow(), Built(), ofDatabase: null)];
        }

        if (database.FilePath is { } absent && !File.Exists(absent))
        {
            return [
                new("database", true, $"none yet at {absent}: the first run makes it"),
                Clock(clock.GetUtcNow(), Built(), ofDatabase: null)];
        }

        try
        {
            await using var connection = Connection(database);
            await connection.OpenAsync();
            var (applied, known) = await Schema.VersionAsync(connection, database.IsPostgres);
            var asked = clock.GetUtcNow();
            DateTimeOffset? told = database.IsPostgres
                ? new DateTimeOffset(await connection.QuerySingleAsync<DateTime>("select clock_timestamp()"))
                : null;
            return [
                new("database", true, $"{(database.IsPostgres ? "PostgreSQL" : "SQLite")} {connection.ServerVersion} at {database.Name}"),
                Tables(applied, known),
                Clock(asked + ((clock.GetUtcNow() - asked) / 2), Built(), told)];
        }
        catch (Exception failure) when (failure is DbException or TimeoutException or IOException or UnauthorizedAccessException)
        {
            return [
                new("database", false, $"{database.Name}: {DatabaseFailure.Reason(failure)}",
                    database.IsPostgres
                        ? "see that it runs and lets this user in, or give another with --db"
                        : "give another file with --db"),
                Clock(clock.GetUtcNow(), Built(), ofDatabase: null)];
        }
    }

    /// <summary>The tables: scripts of this program that have made them.</summary>
    /// <param name="applied">How many were applied; null where the database is of a former version.</param>
    /// <param name="known">How many this program has.</param>
    public static SelfTestCheck Tables(int? applied, int known) => applied switch
    {
        null => new(
            "schema", false, "of a former version of the program, from which nothing is taken over", "give a new database with --db"),
        0 => new("schema", true, "no tables yet: the first run makes them"),
        _ when applied < known => new("schema", true, Version(
            $"{applied} of {known}: the next command that writes brings the tables up to date")),
        _ when applied == known => new("schema", true, Version($"{applied} of {known}: up to date")),
        _ => new("schema", false, Version($"{applied}, and this program knows {known}: the database is of a newer version of the program"),
            "use the newer program"),
    };

    /// <summary>The clock.</summary>
    /// <param name="now">What it says.</param>
    /// <param name="built">When the program was built: it cannot be earlier.</param>
    /// <param name="ofDatabase">What the server of the database says at the same time; null where it is this machine.</param>
    public static SelfTestCheck Clock(DateTimeOffset now, DateTimeOffset built, DateTimeOffset? ofDatabase)
    {
        var text = now.ToString("u", CultureInfo.InvariantCulture);
        const string Mend = "set the clock, and have it kept right (systemd-timesyncd, chrony)";
        if (now < built)
        {
            return new(
                "clock", false, $"{text} is before {built.ToString("u", CultureInfo.InvariantCulture)}, when this program was built", Mend);
        }

        var apart = ofDatabase is { } there ? now - there : TimeSpan.Zero;
        var difference = ofDatabase is null
            ? ""
            : string.Create(
                CultureInfo.InvariantCulture,
                $", {Math.Abs(apart.TotalSeconds):F1} s {(apart < TimeSpan.Zero ? "behind" : "ahead of")} the database's");
        return new("clock", apart.Duration() <= Tolerated, text + difference, apart.Duration() <= Tolerated ? null : Mend);
    }

    private static DbConnection Connection(DatabaseLocation database) => database.IsPostgres
        ? new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(database.ConnectionString) { Timeout = Patience, Pooling = false }.ToString())
        : new SqliteConnection(
            new SqliteConnectionStringBuilder(database.ConnectionString) { Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());

    private static DateTimeOffset Built() => new(File.GetLastWriteTimeUtc(Path.Combine(AppContext.BaseDirectory, "lpzero.dll")));

    private static string Version(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
