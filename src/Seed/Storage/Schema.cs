using System.Data.Common;
using System.Reflection;
using Dapper;
using DbUp;

namespace LPZero.Seed.Storage;

/// <summary>The tables of a database, made and brought up to date by the numbered scripts in the folder Migrations.</summary>
internal static class Schema
{
    private const string ScriptEnd = ".sql";

    // DbUp's, one row a script.
    private const string Versions = "schemaversions";

    private static readonly int Scripts = Assembly.GetExecutingAssembly().GetManifestResourceNames().Count(IsScript);

    /// <summary>Whether a database has all tables as this program wants them.</summary>
    /// <exception cref="DatabaseLocationException">It is of a former format, or of a newer version of the program.</exception>
    public static async Task<bool> IsCurrentAsync(DbConnection connection, bool isPostgres)
    {
        var (applied, known) = await VersionAsync(connection, isPostgres);
        return applied is null
            ? throw new DatabaseLocationException(
                "the database is of a former version of the program, from which nothing is taken over: give a new one")
            : applied <= known
                ? applied == known
                : throw new DatabaseLocationException("the database is of a newer version of the program: use that one");
    }

    /// <summary>
    /// How many scripts have made the tables of a database (0 where it has none; null where it is of a former format), and how many this
    /// program knows.
    /// </summary>
    public static async Task<(int? Applied, int Known)> VersionAsync(DbConnection connection, bool isPostgres)
    {
        var tables = (await connection.QueryAsync<string>(isPostgres
            ? "select table_name from information_schema.tables where table_schema = any (current_schemas(false))"
            : "select lower(name) from sqlite_master where type = 'table'")).ToHashSet(StringComparer.Ordinal);
        if (tables.Contains("cluster_runs") || tables.IsSupersetOf(["events", "leases"]))
        {
            return (Applied: null, Scripts);
        }

        return (tables.Contains(Versions) ? (int)await connection.QuerySingleAsync<long>($"select count(*) from {Versions}") : 0, Scripts);
    }

    /// <summary>Runs the scripts that a database lacks, each in a transaction. Only one process may be at it.</summary>
    public static void Update(string connectionString, bool isPostgres)
    {
        var kind = isPostgres ? DeployChanges.To.PostgresqlDatabase(connectionString) : DeployChanges.To.SqliteDatabase(connectionString);
        var done = kind
            .WithScriptsEmbeddedInAssembly(Assembly.GetExecutingAssembly(), IsScript)
            .WithVariable("binary", isPostgres ? "bytea" : "blob")
            .WithTransactionPerScript()
            .LogToNowhere()
            .Build()
            .PerformUpgrade();
        if (!done.Successful)
        {
            throw done.Error;
        }
    }

    private static bool IsScript(string resource) => resource.EndsWith(ScriptEnd, StringComparison.Ordinal);
}
