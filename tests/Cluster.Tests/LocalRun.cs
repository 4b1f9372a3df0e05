using LPZero.GpuNode.Devices;
using LPZero.Messages.Control;
using LPZero.Seed.Hosting;
using LPZero.Seed.Storage;

namespace LPZero.Cluster.Tests;

/// <summary>A run on one machine, from its start to its report.</summary>
internal static class LocalRun
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Its events, one JSON text each, and its report.</summary>
    /// <param name="file">The database; made where it is missing.</param>
    /// <param name="request">The run.</param>
    /// <param name="devices">What computes its terms.</param>
    public static async Task<(IReadOnlyList<string> Events, string? Report)> ToEndAsync(
        string file, StartRequest request, IDeviceSet devices)
    {
        await using var database = new Database(file);
        await database.CreateTablesAsync();
        await using var engine = await LocalEngine.StartAsync(database, devices, request.Name);
        await engine.Service.StartAsync(request, CancellationToken.None);
        await EndAsync(engine.Service, request.Name);
        return (
            await engine.Service.EventsAsync(request.Name, CancellationToken.None),
            (await engine.Service.ResultAsync(request.Name, CancellationToken.None)).Report);
    }

    /// <summary>Waits until nobody works on the run any more.</summary>
    public static async Task EndAsync(ISearchService service, string run) =>
        await UntilAsync(service, run, status => status is { State: "finished" or "stopped", IsReporting: false });

    /// <summary>Waits until the run stands so, and returns how.</summary>
    public static async Task<RunStatus> UntilAsync(ISearchService service, string run, Func<RunStatus, bool> isSo)
    {
        using var patience = new CancellationTokenSource(Patience);
        var status = await service.StatusAsync(run, patience.Token);
        while (!isSo(status))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), patience.Token);
            status = await service.StatusAsync(run, patience.Token);
        }

        return status;
    }
}
