using System.Diagnostics;
using LPZero.Bench.Scale;

// How well the coordinator, sharding, serialization and remoting keep many nodes busy. The nodes are simulated: they take
// a fixed time for a request and make the terms up. Everything else is the cluster's own code, over loopback.
//   dotnet run -c Release --project bench/Scale [PLOT.svg]
const int Batches = 1000;

if (args.FirstOrDefault()?.StartsWith('-') == true)
{
    Console.Error.WriteLine("usage: dotnet run -c Release --project bench/Scale [PLOT.svg]");
    return 2;
}

var work = new Work(Batches);
var byNodes = new List<Row>();
Console.WriteLine(Row.Header);
foreach (var nodes in (int[])[8, 16, 32, 64])
{
    byNodes.Add(await MeasureAsync(nodes, TimeSpan.FromMilliseconds(100)));
}

foreach (var milliseconds in (int[])[50, 20, 5])
{
    await MeasureAsync(64, TimeSpan.FromMilliseconds(milliseconds));
}

if (args.FirstOrDefault() is { } plot)
{
    ScalePlot.Draw(byNodes).Save(plot);
}

return 0;

async Task<Row> MeasureAsync(int nodes, TimeSpan service)
{
    await using var cluster = await SimulatedCluster.StartAsync(nodes, service);
    var (exchange, elapsed) = await cluster.RunAsync(work);
    var row = new Row(nodes, Batches, service, work.Requests, elapsed, exchange, Process.GetCurrentProcess().PeakWorkingSet64);
    Console.WriteLine(row);
    return row;
}
