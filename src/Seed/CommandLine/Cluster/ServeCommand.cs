using System.CommandLine;
using LPZero.Messages.Control;
using LPZero.Seed.Control;
using LPZero.Seed.Hosting;
using LPZero.Seed.Storage;
using LPZero.Seed.Telemetry;

namespace LPZero.Seed.CommandLine.Cluster;

/// <summary><c>lpzero serve</c>: what a node is to a cluster, in one process without one.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        var api = new ApiOptions("address of the control API");
        var database = CommonOptions.Database();
        var devices = new DeviceOptions();
        var logFormat = new LogFormatOption();
        var command = new DescribedCommand(
            "serve", "Work on runs that are started through the control API, in one process without a cluster, until interrupted.",
            "serve --threads 2")
        {
            database, logFormat.Option,
        };
        foreach (var option in (IEnumerable<Option>)[.. api.All, .. devices.All])
        {
            command.Options.Add(option);
        }

        command.SetAction(async (parsed, interrupt) =>
        {
            var address = api.Address(parsed) ?? throw new UsageException("--control none: say where the control API is to listen");
            var security = api.Security(parsed);
            ApiOptions.Check(security, address.Host);
            await new ListeningAddress("--control", address.Host, "--control", address.Port).CheckAsync(interrupt);
            var options = devices.Read(parsed);
            options.CheckDevices();
            await using var store = new Database(parsed.GetValue(database)!);
            await store.CreateTablesAsync();
            using var threads = CommonOptions.Devices(options);
            await using var engine = await LocalEngine.StartForAllRunsAsync(store, threads);
            await using var port = await ControlPort.ListenAsync(
                address, engine.Service, security, new ApiLimits(), server =>
                {
                    server.Logging.AddNodeLog(logFormat.Read(parsed));
                    DatabaseHealth.Add(server.Services, store, hasJournal: false);
                });
            await Console.Error.WriteLineAsync($"lpzero: serving on {port.Url}");
            var interrupted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registration = interrupt.Register(interrupted.SetResult);
            return await Task.WhenAny(interrupted.Task, engine.Hopeless) == interrupted.Task
                ? ExitCode.Done
                : throw new SearchServiceException($"this process can never work: {await engine.Hopeless}");
        });
        return command;
    }
}
