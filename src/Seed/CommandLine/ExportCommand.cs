using System.CommandLine;
using System.Globalization;
using LPZero.Seed.Embedded;
using LPZero.Seed.Export;
using LPZero.Seed.Storage;

namespace LPZero.Seed.CommandLine;

/// <summary><c>lpzero search export RUN</c></summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var run = CommonOptions.Run();
        var format = CommonOptions.OneOf(
            "--format", "python: a PyTorch function that gives the same score; latex: formula and table; json, csv: the best proxies",
            ["python", "latex", "json", "csv"], "python");
        var rank = new Option<int>("--rank") { Description = "which proxy of the leaderboard python and latex show", HelpName = "N", DefaultValueFactory = _ => 1 };
        var output = new Option<string>("--out") { Description = "file to write instead of standard output", HelpName = "FILE" };
        var database = CommonOptions.Database();
        var command = new DescribedCommand("export", "Export what a run has found.", "search export first --format python > proxy.py") { run, format, rank, output, database };
        command.SetAction(parsed =>
        {
            var text = Render(CommonOptions.Existing(parsed.GetValue(database)!), parsed.GetValue(run)!, parsed.GetValue(format)!, parsed.GetValue(rank));
            if (parsed.GetValue(output) is { } file)
            {
                AtomicFile.Write(file, text);
            }
            else
            {
                Console.Out.Write(text);
            }

            return ExitCode.Done;
        });
        return command;
    }

    private static string Render(Database database, string name, string format, int rank)
    {
        var (run, state, _) = RunSummary.Load(database, name);
        var report = run.Report is null ? null : RunReport.FromJson(run.Report);
        var proxies = ExportedProxies.Of(run.Configuration, state, report);
        if (proxies.Count == 0)
        {
            throw new StorageException($"run '{name}' has found no proxy yet: go on with lpzero search resume {name}");
        }

        if (rank < 1 || rank > proxies.Count)
        {
            throw new UsageException(string.Create(CultureInfo.InvariantCulture, $"--rank {rank}: the run has proxies 1 to {proxies.Count}"));
        }

        return format switch
        {
            "python" => PythonExport.Write(proxies[rank - 1].Formula),
            "latex" => $"{LatexExport.Formula(proxies[rank - 1].Formula)}\n\n{LatexExport.Table(proxies)}",
            "json" => TableExport.Json(proxies),
            _ => TableExport.Csv(proxies),
        };
    }
}
