using System.CommandLine;
using System.Globalization;
using LPZero.Seed.Integrity;
using LPZero.Seed.Storage;

namespace LPZero.Seed.CommandLine;

/// <summary><c>lpzero runs ...</c>: runs as things that are kept, carried elsewhere and thrown away.</summary>
internal static class RunsCommands
{
    public static Command Create() => new DescribedCommand(
        "runs", "Carry runs to another database, and delete old ones.", "runs export first first.zip")
    {
        Export(), Import(), Prune(),
    };

    private static Command Export()
    {
        var (run, file, database, force) = (
            CommonOptions.Run(), CommonOptions.File("the file to write"), CommonOptions.Database(),
            CommonOptions.Force("replace the file if it is there"));
        var command = new DescribedCommand(
            "export", "Write a run with its benchmark, events, terms and report into a file.", "runs export first first.zip")
        {
            run, file, database, force,
        };
        command.SetAction(async (parsed, interrupt) =>
        {
            var to = parsed.GetValue(file)!;
            await using var opened = new Database(parsed.GetValue(database)!);
            await opened.ReadAsync();
            await new RunExport(opened).WriteAsync(parsed.GetValue(run)!, to, parsed.GetValue(force), interrupt);
            CommonOptions.PrintWritten(to);
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Import()
    {
        var (file, database) = (CommonOptions.File("a file that runs export wrote"), CommonOptions.Database());
        var name = new Option<string?>("--name") { Description = "what to call the run [default: its name]", HelpName = "NAME" };
        var command = new DescribedCommand(
            "import", "Take a run out of a file, after its events were replayed.", "runs import first.zip --name first-of-there")
        {
            file, name, database,
        };
        command.SetAction(async (parsed, interrupt) =>
        {
            await using var opened = new Database(parsed.GetValue(database)!);
            await opened.CreateTablesAsync();
            var imported = await new RunImport(opened).RunAsync(parsed.GetValue(file)!, parsed.GetValue(name), interrupt);
            Console.Out.WriteLine($"imported: {imported}; see {CommandHint.Local(parsed.GetValue(database)!, $"status {imported}")}");
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Prune()
    {
        var database = CommonOptions.Database();
        var age = new Option<string>("--older-than")
        {
            Description = "delete those that were started longer ago: hours, days or weeks, such as 12h, 30d or 8w",
            HelpName = "AGE",
            Required = true,
        };
        var dry = new Option<bool>("--dry-run") { Description = "only say which" };
        var command = new DescribedCommand(
            "prune", "Delete old runs that have ended, with their events and reports; terms and files stay.", "runs prune --older-than 30d")
        {
            age, dry, database,
        };
        command.SetAction(async (parsed, _) =>
        {
            var before = DateTime.UtcNow - ReadAge(parsed.GetValue(age)!);
            await using var opened = new Database(parsed.GetValue(database)!);
            await opened.ReadAsync(); // says where there is none
            await opened.CreateTablesAsync();
            var pruning = new RunPruning(opened);
            var old = (await pruning.FindAsync(before)).Select(run => run.Name).ToList();
            if (old.Count == 0)
            {
                await Console.Error.WriteLineAsync($"lpzero: no run that has ended was started more than {parsed.GetValue(age)} ago");
            }

            if (parsed.GetValue(dry))
            {
                old.ForEach(run => Console.Out.WriteLine($"to be deleted: {run}"));
                return ExitCode.Done;
            }

            foreach (var run in await pruning.DeleteAsync(old))
            {
                Console.Out.WriteLine($"deleted: {run}");
            }

            return ExitCode.Done;
        });
        return command;
    }

    /// <summary>A time such as <c>30d</c>.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    internal static TimeSpan ReadAge(string text)
    {
        const int mostDays = 36_500;
        var days = text is [.. var digits, ('h' or 'd' or 'w') and var unit]
            && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number * (unit switch { 'h' => 1 / 24.0, 'd' => 1, _ => 7 })
                : double.NaN;
        return days is >= 0 and <= mostDays
            ? TimeSpan.FromDays(days)
            : throw new UsageException($"--older-than {text}: give hours, days or weeks, such as 12h, 30d or 8w");
    }
}
