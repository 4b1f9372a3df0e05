using System.Runtime.InteropServices;
using LPZero.Bench.Macro;
using Spectre.Console;

// Times the search's phases on fixed inputs and prints a table: dotnet run -c Release --project bench/Macro -- [phase ...]
string[] phases = ["chains", "small-tensors", "table-4x64", "table-8x128", "ranking", "passes", "decide"];
string[] chosen = args.Length == 0 ? phases : args;
if (chosen.Except(phases).Any())
{
    Console.Error.WriteLine($"unknown phase; there are: {string.Join(", ", phases)}");
    return 2;
}

const int runs = 5;
var table = new Table().Border(TableBorder.Markdown).AddColumns("work", "ours", "yardstick, same run", "ratio", "target");
foreach (var phase in chosen)
{
    Console.Error.WriteLine($"{phase} ...");
    IEnumerable<Row> rows = phase switch
    {
        "chains" => ChainsPhase.Run(runs),
        "small-tensors" => SmallTensorsPhase.Run(runs),
        "table-4x64" => await new TermTablePhase(4, 64, againstOpByOp: true).RunAsync(),
        "table-8x128" => await new TermTablePhase(8, 128, againstOpByOp: false).RunAsync(),
        "ranking" => RankingPhase.Run(runs),
        "passes" => ForwardBackwardPhase.Run(runs, batchSize: 8, length: 128),
        _ => DecidePhase.Run(),
    };
    foreach (var row in rows)
    {
        table.AddRow(Markup.Escape(row.Work), row.Ours, row.Yardstick, row.Ratio, row.Target);
    }
}

AnsiConsole.Profile.Width = 400;
AnsiConsole.Write(table);
Console.WriteLine(
    $"{RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, {Environment.ProcessorCount} processors");
return 0;
