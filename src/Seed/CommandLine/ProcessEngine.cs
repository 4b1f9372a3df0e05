using LPZero.GpuNode.Devices;
using LPZero.Messages.Control;
using LPZero.Seed.Hosting;
using LPZero.Seed.Storage;

namespace LPZero.Seed.CommandLine;

/// <summary>The engine in this process, with the database and the devices that it works with.</summary>
internal sealed class ProcessEngine : IAsyncDisposable
{
    private readonly Database database;
    private readonly DeviceThreads devices;
    private readonly LocalEngine engine;

    private ProcessEngine(Database database, DeviceThreads devices, LocalEngine engine)
    {
        this.database = database;
        this.devices = devices;
        this.engine = engine;
    }

    /// <summary>Its database; its tables are there.</summary>
    public Database Database => database;

    /// <summary>What can be asked of it.</summary>
    public ISearchService Service => engine.Service;

    /// <summary>Starts it; it owns no run.</summary>
    /// <param name="location">The database.</param>
    /// <param name="work">How this process works.</param>
    public static async Task<ProcessEngine> StartAsync(string location, RunOptions work)
    {
        var shared = new Database(location);
        DeviceThreads? threads = null;
        try
        {
            await shared.CreateTablesAsync();
            threads = CommonOptions.Devices(work);
            return new ProcessEngine(shared, threads, await LocalEngine.StartAsync(shared, threads, run: null));
        }
        catch
        {
            threads?.Dispose();
            await shared.DisposeAsync();
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await engine.DisposeAsync();
        devices.Dispose();
        await database.DisposeAsync();
    }
}
