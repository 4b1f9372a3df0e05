using LPZero.Cluster.Control;
using LPZero.Cluster.Devices;
using LPZero.Cluster.Hosting;
using LPZero.Cluster.Storage;
using LPZero.Messages.Control;

namespace LPZero.Seed.CommandLine;

/// <summary>A run that this process owns: works on it to its end, a pause or a stop, and lets other terminals reach it meanwhile.</summary>
internal static class OwnedRun
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Works on a run.</summary>
    /// <param name="work">Which, and how.</param>
    /// <param name="start">What it is started with; null for one that is there.</param>
    /// <param name="interrupt">Pauses it.</param>
    public static async Task<int> WorkAsync(Work work, StartRequest? start, CancellationToken interrupt)
    {
        await using var database = new ClusterDatabase(work.Database);
        await database.CreateTablesAsync();
        using var devices = new DeviceThreads([.. Enumerable.Repeat("cpu", work.Options.Threads)], work.Options.MemoryBudget, work.Options.CreateEvaluator);
        await using var engine = await LocalEngine.StartAsync(database, devices, work.Run);
        if (start is not null)
        {
            await engine.Service.StartAsync(start, interrupt);
        }
        else
        {
            await engine.Service.ResumeAsync(work.Run, interrupt);
        }

        await using var socket = await ControlSocket.ListenAsync(ControlSocket.PathOf(Path.GetFullPath(work.Database), work.Run), engine.Service);
        while (true)
        {
            var status = await engine.Service.StatusAsync(work.Run, CancellationToken.None);
            if (status is { State: not ("new" or "running"), IsReporting: false })
            {
                Console.Error.WriteLine(System.Text.Json.JsonSerializer.Serialize(status, LPZero.Messages.MessageJson.Options));
                return ExitCode.Done;
            }

            if (interrupt.IsCancellationRequested)
            {
                await engine.Service.PauseAsync(work.Run, CancellationToken.None);
                return ExitCode.Interrupted;
            }

            await Task.WhenAny(Task.Delay(Interval, interrupt));
        }
    }
}
