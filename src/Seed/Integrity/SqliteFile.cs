using Dapper;
using Microsoft.Data.Sqlite;

namespace LPZero.Seed.Integrity;

/// <summary>SQLite files as a whole.</summary>
internal static class SqliteFile
{
    /// <summary>A name beside a file, for what is to take its place.</summary>
    public static string Beside(string file) =>
        Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, $".{Path.GetFileName(file)}.{Path.GetRandomFileName()}");

    /// <summary>Copies what a connection sees into a new file, whoever else writes meanwhile.</summary>
    public static void Copy(SqliteConnection from, string file)
    {
        using var to = Open(file, SqliteOpenMode.ReadWriteCreate);
        from.BackupDatabase(to);
        Settle(to);
        if (to.QueryFirst<string>("pragma quick_check(1)") is var said and not "ok")
        {
            throw new IOException($"the copy is damaged ({said}): look at the disk");
        }
    }

    /// <summary>
    /// Writes a file's log into it, and ends the log, so that the file alone is the database. False where another process has it open.
    /// </summary>
    public static bool TrySettle(string file)
    {
        using var connection = Open(file, SqliteOpenMode.ReadWrite);
        return Settle(connection);
    }

    /// <summary>Closes what this process keeps open of a database for later use.</summary>
    public static void Forget(string connectionString)
    {
        using var pooled = new SqliteConnection(connectionString);
        SqliteConnection.ClearPool(pooled);
    }

    /// <summary>Sees to it that a file survives a loss of power.</summary>
    public static void Flush(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
        stream.Flush(flushToDisk: true);
    }

    /// <summary>Removes a file and what SQLite keeps beside it.</summary>
    public static void Delete(string file)
    {
        foreach (var part in (string[])["", "-wal", "-shm", "-journal"])
        {
            File.Delete(file + part);
        }
    }

    /// <summary>Opens a file for one use: no pool keeps it open.</summary>
    public static SqliteConnection Open(string file, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = file, Mode = mode, Pooling = false, DefaultTimeout = 1,
        }.ToString());
        connection.Open();
        return connection;
    }

    private static bool Settle(SqliteConnection connection)
    {
        try
        {
            connection.Execute("pragma wal_checkpoint(truncate)");
            return connection.QueryFirst<string>("pragma journal_mode = delete") == "delete";
        }
        catch (SqliteException busy) when (busy.SqliteErrorCode is SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED)
        {
            return false;
        }
    }
}
