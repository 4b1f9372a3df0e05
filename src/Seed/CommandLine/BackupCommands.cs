using System.CommandLine;
using LPZero.Seed.Integrity;
using LPZero.Seed.Storage;

namespace LPZero.Seed.CommandLine;

/// <summary><c>lpzero backup</c> and <c>lpzero restore</c></summary>
internal static class BackupCommands
{
    public static Command Backup()
    {
        var file = CommonOptions.File("the file to write");
        var (database, force) = (CommonOptions.Database(), CommonOptions.Force("replace the file if it is there"));
        var command = new DescribedCommand(
            "backup", "Copy a SQLite database into one file, while runs go on.", "backup lpzero-backup.db --db .lpzero/lpzero.db")
        {
            file, database, force,
        };
        command.SetAction(async (parsed, _) =>
        {
            var to = parsed.GetValue(file)!;
            await using var opened = new Database(parsed.GetValue(database)!);
            await opened.ReadAsync();
            await new DatabaseBackup(opened).WriteAsync(to, parsed.GetValue(force));
            CommonOptions.PrintWritten(to);
            return ExitCode.Done;
        });
        return command;
    }

    public static Command Restore()
    {
        var file = CommonOptions.File("a file that lpzero backup wrote");
        var (database, force) = (CommonOptions.Database(), CommonOptions.Force("replace a database that is there"));
        var withProblems = new Option<bool>("--with-problems") { Description = "take a backup in which verify finds damage" };
        var command = new DescribedCommand(
            "restore", "Put a backup in the place of a SQLite database, after it is verified.",
            "restore lpzero-backup.db --db .lpzero/lpzero.db --force")
        {
            file, database, force, withProblems,
        };
        command.SetAction(async (parsed, interrupt) =>
        {
            await using var opened = new Database(parsed.GetValue(database)!);
            var findings = await new DatabaseRestore(opened).RunAsync(
                parsed.GetValue(file)!, parsed.GetValue(force), parsed.GetValue(withProblems), interrupt);
            VerifyCommand.Print(findings);
            Console.Out.WriteLine($"restored: {opened.FilePath}");
            return ExitCode.Done;
        });
        return command;
    }
}
