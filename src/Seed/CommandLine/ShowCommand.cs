using System.CommandLine;

namespace LPZero.Seed.CommandLine;

/// <summary><c>lpzero search show RUN</c></summary>
internal static class ShowCommand
{
    public static Command Create()
    {
        var run = CommonOptions.Run();
        var database = CommonOptions.Database();
        var json = CommonOptions.Json();
        var command = new DescribedCommand("show", "Show a run's leaderboard, prune counters and held-out table.", "search show first") { run, database, json };
        command.SetAction(parsed => RunSummary.Print(parsed.GetValue(database)!, parsed.GetValue(run)!, parsed.GetValue(json)));
        return command;
    }
}
