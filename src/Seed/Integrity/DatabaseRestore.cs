using Dapper;
using LPZero.Seed.Storage;
using Microsoft.Data.Sqlite;

namespace LPZero.Seed.Integrity;

/// <summary>
/// Puts a backup in the place of a database. The copy is made beside it, brought to this program's schema and verified; then it takes the
/// name at once, so that a killed restore leaves the old database.
/// </summary>
/// <param name="database">The database; nothing needs to be there.</param>
public sealed class DatabaseRestore(Database database)
{
    /// <summary>Restores. Returns what the verification has found.</summary>
    /// <param name="backup">The backup.</param>
    /// <param name="force">Whether it may take the place of a database.</param>
    /// <param name="withProblems">Whether it may be damaged.</param>
    /// <param name="interrupt">Ends it before anything is replaced.</param>
    /// <exception cref="DatabaseLocationException">
    /// The backup is none, or has problems; or there is a database, which may be in use. Nothing was changed.
    /// </exception>
    public async Task<StoreFindings> RunAsync(string backup, bool force, bool withProblems, CancellationToken interrupt)
    {
        DatabaseBackup.CheckIsFile(database, "restore it with pg_restore --clean --dbname=DATABASE FILE");
        var file = database.FilePath;
        if (Path.GetFullPath(backup) == file)
        {
            throw new DatabaseLocationException($"{backup} is the database itself: give a backup of it");
        }

        if (File.Exists(file) && !force)
        {
            throw new DatabaseLocationException($"{file} is there already: give another with --db, or --force to replace it");
        }

        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        CheckUse(file);
        var temporary = SqliteFile.Beside(file);
        try
        {
            CopyFrom(backup, temporary);
            var findings = await PrepareAsync(temporary, interrupt);
            if (findings.FindDamage() is { } damage && !withProblems)
            {
                throw new DatabaseLocationException(FormattableString.Invariant(
                    $"{backup} has {findings.Problems.Count} problems, such as: {damage}; give --with-problems to restore it so"));
            }

            SqliteFile.Flush(temporary);
            await using (await database.JournalStartAsync(() => throw InUse(file), interrupt))
            {
                CheckUse(file);
                EndOld(file);
                File.Move(temporary, file, overwrite: true);
            }

            return findings;
        }
        finally
        {
            SqliteFile.Delete(temporary);
            if (Directory.Exists(temporary + Database.LockFolderEnding))
            {
                Directory.Delete(temporary + Database.LockFolderEnding, recursive: true);
            }
        }
    }

    private static void CopyFrom(string backup, string temporary)
    {
        if (!File.Exists(backup))
        {
            throw new DatabaseLocationException($"{backup}: there is no such file");
        }

        try
        {
            using var from = SqliteFile.Open(backup, SqliteOpenMode.ReadOnly);
            if (from.QueryFirst<long>("select count(*) from sqlite_master where name in ('runs', 'terms', 'identity')") < 3)
            {
                throw new DatabaseLocationException($"{backup} is no backup of this program: give a file that lpzero backup wrote");
            }

            SqliteFile.Copy(from, temporary);
        }
        catch (SqliteException problem)
        {
            throw new DatabaseLocationException(
                $"{backup} cannot be read as a database ({problem.Message.TrimEnd('.')}): give a file that lpzero backup wrote", problem);
        }
    }

    /// <summary>Brings the copy to this program's schema, and verifies it.</summary>
    private static async Task<StoreFindings> PrepareAsync(string temporary, CancellationToken interrupt)
    {
        StoreFindings findings;
        await using (var copy = new Database(temporary))
        {
            await copy.CreateTablesAsync();
            findings = await new StoreVerification(copy).RunAsync(interrupt);
            SqliteFile.Forget(copy.ConnectionString);
        }

        return SqliteFile.TrySettle(temporary) ? findings : throw new IOException($"{temporary} is open elsewhere");
    }

    private void CheckUse(string file)
    {
        if (database.OwnedRuns().FirstOrDefault() is { } run)
        {
            throw new DatabaseLocationException(
                $"a process has run '{run}' of {file}: end that process first; a command ends when its run is paused with search pause, " +
                "a node or lpzero serve when it is stopped");
        }
    }

    /// <summary>The old file's log must not be taken for the new one's.</summary>
    private static void EndOld(string file)
    {
        try
        {
            if (File.Exists(file) && !SqliteFile.TrySettle(file))
            {
                throw InUse(file);
            }
        }
        catch (SqliteException problem) when (DatabaseFailure.IsNoDatabase(problem))
        {
            // What is no database any more has no log to be written into it.
        }

        File.Delete(file + "-wal");
        File.Delete(file + "-shm");
    }

    private static DatabaseLocationException InUse(string file) =>
        new($"another process has {file} open: end it (a node, a watching command), then restore again");
}
