using System.CommandLine;
using LPZero.Seed.CommandLine.Cluster;

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
        command.SetAction(async (parsed, interrupt) =>
        {
            using var remote = RemoteSearch.Of(parsed);
            return remote is null
                ? RunSummary.Print(parsed.GetValue(database)!, parsed.GetValue(run)!, parsed.GetValue(json))
                : await remote.ShowAsync(parsed.GetValue(run)!, interrupt);
        });
        return command;
    }
}
