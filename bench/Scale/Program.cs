// How well the coordinator, sharding, serialization and remoting keep many nodes busy. The nodes are simulated: they take
// a fixed time for a request and make the terms up. Everything else is the cluster's own code, over loopback.
//   dotnet run -c Release --project bench/Scale [PLOT.svg]         8 to 64 nodes, as many batches for each of them
//   dotnet run -c Release --project bench/Scale NODES MILLISECONDS  one measurement

using System.Diagnostics;
using System.Globalization;
using LPZero.Bench.Scale;
using LPZero.Coordinator.Actors;

const int MostBatches = 1000;
const int MostNodes = 64;
int[] numbers = [.. args.TakeWhile(text => text.All(char.IsAsciiDigit)).Select(text => int.Parse(text, CultureInfo.InvariantCulture))];

if (numbers.Length is not (0 or 2) || args.Length - numbers.Length > 1 || args.LastOrDefault()?.StartsWith('-') == true)
{
    Console.Error.WriteLine("usage: dotnet run -c Release --project bench/Scale [PLOT.svg | NODES MILLISECONDS]");
    return 2;
}

Console.WriteLine(Row.Header);
if (numbers is [var count, var service])
{
    await MeasureAsync(count, TimeSpan.FromMilliseconds(service));
    return 0;
}

var byNodes = new List<Row>();
foreach (var nodes in (int[])[8, 16, 32, 64])
{
    byNodes.Add(await MeasureAsync(nodes, TimeSpan.FromMilliseconds(100)));
}

foreach (var milliseconds in (int[])[50, 20, 5])
{
    await MeasureAsync(MostNodes, TimeSpan.FromMilliseconds(milliseconds));
}

if (args.FirstOrDefault() is { } plot)
{
    ScalePlot.Draw(byNodes).Save(plot);
}

return 0;

async Task<Row> MeasureAsync(int nodes, TimeSpan service)
{
    var work = new Work(MostBatches * nodes / MostNodes);
    await using var cluster = await SimulatedCluster.StartAsync(nodes, service);
    var (exchange, elapsed) = await cluster.RunAsync(work);
    var memory = Process.GetCurrentProcess().PeakWorkingSet64;
    var row = new Row(nodes, work.Networks / ArchitectureBatches.Size, service, work.Requests, elapsed, exchange, memory);
    Console.WriteLine(row);
    return row;
}
