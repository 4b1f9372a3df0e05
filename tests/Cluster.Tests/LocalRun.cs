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

    /// <summary>Waits until the run stands so, and returns how. An owner that starts again is waited for too.</summary>
    public static async Task<RunStatus> UntilAsync(ISearchService service, string run, Func<RunStatus, bool> isSo)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            if (await FindStatusAsync(service, run, patience.Token) is { } status && isSo(status))
            {
                return status;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), patience.Token);
        }
    }

    private static async Task<RunStatus?> FindStatusAsync(ISearchService service, string run, CancellationToken patience)
    {
        try
        {
            return await service.StatusAsync(run, patience);
        }
        catch (SearchServiceException absent) when (absent.Message.Contains("is starting again", StringComparison.Ordinal))
        {
            return null;
        }
    }
}
