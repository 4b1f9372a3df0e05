using LPZero.Seed.Storage;
using Microsoft.Data.Sqlite;

namespace LPZero.Seed.Integrity;

/// <summary>Copies a database while others work with it.</summary>
/// <param name="database">The database, prepared for reading.</param>
public sealed class DatabaseBackup(Database database)
{
    /// <summary>
    /// Writes all that is committed now into one file. It appears under its name once it is whole and on the disk; nothing is left of an
    /// attempt that fails.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <param name="overwrite">Whether it may take the place of another.</param>
    /// <exception cref="DatabaseLocationException">The database is no file, or the file is there already.</exception>
    public async Task WriteAsync(string file, bool overwrite)
    {
        CheckIsFile(database, "back it up with pg_dump --format=custom --file=FILE DATABASE");
        if (File.Exists(file) && !overwrite)
        {
            throw new DatabaseLocationException($"{file} is there already: give another file, or --force");
        }

        if (Path.GetFullPath(file) == database.FilePath)
        {
            throw new DatabaseLocationException($"{file} is the database itself: give another file");
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        var temporary = SqliteFile.Beside(file);
        try
        {
            await using (var connection = await database.OpenAsync())
            {
                SqliteFile.Copy((SqliteConnection)connection, temporary);
            }

            SqliteFile.Flush(temporary);
            File.Move(temporary, file, overwrite);
        }
        finally
        {
            SqliteFile.Delete(temporary);
        }
    }

    /// <summary>Refuses a server.</summary>
    internal static void CheckIsFile(Database database, string mend)
    {
        if (database.IsPostgres)
        {
            throw new DatabaseLocationException($"the database is PostgreSQL, which has tools of its own: {mend}");
        }
    }
}
