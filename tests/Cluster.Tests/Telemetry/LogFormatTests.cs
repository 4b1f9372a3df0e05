using System.Text.Json;
using Akka.Actor;
using Akka.Hosting;
using LPZero.Cluster.Tests.Devices;
using LPZero.GpuNode.Actors;
using LPZero.Messages.Entities;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;
using LPZero.Seed.Storage;
using LPZero.Seed.Telemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace LPZero.Cluster.Tests.Telemetry;

public sealed class LogFormatTests
{
    private const string Reason = "a device that does not work";

    private static readonly BatchRequest Request = new("batch", "first", Synthetic.Profile, new TermRequest(
        7, Attempt: 1,
        new ProbedNetwork(
            Synthetic.Benchmark.Architectures[0].Genotype, new ProbeSettings(2, 4, 1, 1, WeightSelection.All, Synthetic.Benchmark.Sizes)),
        [new ChainSet(InputKind.A, [Chain.Empty])]));

    [Fact]
    public async Task As_JSON_a_line_of_an_actor_has_run_and_request_as_values()
    {
        using var line = JsonDocument.Parse(await RefusalAsync(LogFormat.Json, JsonLogFormatter.FormatterName));
        var state = line.RootElement.GetProperty("State");
        Assert.Equal("Warning", line.RootElement.GetProperty("LogLevel").GetString());
        Assert.EndsWith("Z", line.RootElement.GetProperty("Timestamp").GetString(), StringComparison.Ordinal);
        Assert.Equal("first", state.GetProperty("Run").GetString());
        Assert.Equal(7, state.GetProperty("Request").GetInt64());
        Assert.Equal(Reason, state.GetProperty("Reason").GetString());
        Assert.Equal(
            $"request 7 of run first is refused: {Request.Request.Target.Network}: {Reason}",
            line.RootElement.GetProperty("Message").GetString());
    }

    [Fact]
    public void As_JSON_a_line_has_the_values_of_its_scopes_and_the_exception()
    {
        var scopes = new LoggerExternalScopeProvider();
        using var written = new StringWriter();
        using (scopes.Push(new Dictionary<string, object?> { ["RequestId"] = "a:1", ["Attempt"] = 2 }))
        {
            new JsonLogFormatter().Write(
                new LogEntry<string>(
                    LogLevel.Error, "category", eventId: 0, "it failed\n", new InvalidOperationException(Reason), (text, _) => text),
                scopes, written);
        }

        Assert.Equal(1, written.ToString().Count(c => c == '\n'));
        using var line = JsonDocument.Parse(written.ToString());
        Assert.Equal("it failed\n", line.RootElement.GetProperty("Message").GetString());
        Assert.Equal("a:1", line.RootElement.GetProperty("State").GetProperty("RequestId").GetString());
        Assert.Equal(2, line.RootElement.GetProperty("State").GetProperty("Attempt").GetInt32());
        Assert.Contains(Reason, line.RootElement.GetProperty("Exception").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_text_it_is_one_line_for_people()
    {
        var line = (await RefusalAsync(LogFormat.Text, ConsoleFormatterNames.Simple)).TrimEnd('\n');
        Assert.DoesNotContain('\n', line);
        Assert.Matches(@"^\d\d:\d\d:\d\d\.\d{3} warn: ", line);
        Assert.Contains("request 7 of run first is refused: ", line, StringComparison.Ordinal);
        Assert.EndsWith(Reason, line, StringComparison.Ordinal);
    }

    /// <summary>What the console would show of a request that a batch refuses.</summary>
    private static async Task<string> RefusalAsync(LogFormat format, string formatter)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Logging.AddNodeLog(format);
        builder.Services.RemoveAll<ILoggerProvider>();
        using var written = new WrittenLines(line => line.Contains(Reason, StringComparison.Ordinal));
        builder.Logging.AddProvider(written);
        builder.Services.AddAkka("logging", akka => akka.ConfigureLoggers(loggers =>
        {
            loggers.ClearLoggers();
            loggers.AddLoggerFactory();
        }));
        using var host = builder.Build();
        written.Formatter = host.Services.GetServices<ConsoleFormatter>().Single(one => one.Name == formatter);
        await host.StartAsync();
        var system = host.Services.GetRequiredService<ActorSystem>();
        var devices = new FakeDevices { Fault = _ => new InvalidOperationException(Reason) };
        var (cache, attempts) = (new MemoryTermCache(), new MemoryAttemptLog());
        var (budget, health) = (new KnownTermsBudget(long.MaxValue), NodeHealth.Get(system));
        var batch = system.ActorOf(Props.Create(() => new GpuNodeActor(
            devices, cache, attempts, GpuNodeSettings.Default, budget, health)));
        batch.Tell(Request);
        var line = await written.Awaited.WaitAsync(TimeSpan.FromSeconds(30));
        await host.StopAsync();
        return line;
    }

    /// <summary>Keeps the line that is waited for, as a formatter of the console writes it.</summary>
    private sealed class WrittenLines(Func<string, bool> isIt) : ILoggerProvider, ILogger
    {
        private readonly TaskCompletionSource<string> awaited = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ConsoleFormatter? Formatter { get; set; }

        public Task<string> Awaited => awaited.Task;

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            using var text = new StringWriter();
            Formatter?.Write(new LogEntry<TState>(logLevel, "category", eventId, state, exception, formatter), scopeProvider: null, text);
            if (isIt(text.ToString()))
            {
                awaited.TrySetResult(text.ToString());
            }
        }

        public void Dispose()
        {
        }
    }
}
