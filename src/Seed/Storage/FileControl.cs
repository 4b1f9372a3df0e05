using System.Runtime.InteropServices;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace LPZero.Seed.Storage;

/// <summary>What SQLite says of the file behind a connection.</summary>
internal static partial class FileControl
{
    // SQLITE_FCNTL_HAS_MOVED: compares the open file with what the path names now.
    private const int HasMovedQuestion = 20;

    /// <summary>Whether the file that the connection has open is no longer the one that its path names.</summary>
    public static bool HasMoved(SqliteConnection connection)
    {
        var moved = 0;
        return Ask(connection.Handle!, database: 0, HasMovedQuestion, ref moved) == raw.SQLITE_OK && moved != 0;
    }

    [LibraryImport("e_sqlite3", EntryPoint = "sqlite3_file_control")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.AssemblyDirectory | DllImportSearchPath.SafeDirectories)]
    private static partial int Ask(sqlite3 connection, nint database, int question, ref int answer);
}
