using System.Diagnostics;
using System.Globalization;

namespace LPZero.Cluster.Tests.Processes;

/// <summary>A node in a process of its own, started again whenever it ends, as systemd or Kubernetes would.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    private readonly string[] arguments;
    private readonly IReadOnlyDictionary<string, string> environment;
    private readonly string log;
    private readonly Task supervision;
    private volatile bool wanted = true;
    private volatile Process process;

    public NodeProcess(string folder, string name, params string[] arguments)
        : this(folder, name, new Dictionary<string, string>(), arguments)
    {
    }

    public NodeProcess(string folder, string name, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        Name = name;
        this.environment = environment;
        this.arguments = arguments;
        log = Path.Combine(folder, name + ".log");
        process = Start();
        supervision = SuperviseAsync();
    }

    public string Name { get; }

    /// <summary>How often it was started again.</summary>
    public int Restarts { get; private set; }

    /// <summary>Everything that it printed.</summary>
    public string Log => File.ReadAllText(log);

    public void Kill() => process.Kill();

    public Task FreezeAsync() => SignalAsync("STOP");

    public Task ThawAsync() => SignalAsync("CONT");

    /// <summary>Asks it to leave, and waits until it has.</summary>
    public async Task DrainAsync()
    {
        wanted = false;
        await SignalAsync("TERM");
        await supervision;
    }

    public async ValueTask DisposeAsync()
    {
        wanted = false;
        try
        {
            process.Kill();
        }
        catch (InvalidOperationException)
        {
            // It has ended already.
        }

        await supervision;
        process.Dispose();
    }

    private Process Start()
    {
        var start = new ProcessStartInfo("sh") { UseShellExecute = false };
        foreach (var argument in (string[])["-c", "log=$1; shift; exec \"$@\" >>\"$log\" 2>&1 </dev/null", "sh", log, "dotnet", Path.Combine(AppContext.BaseDirectory, "lpzero.dll"), "node", .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    private async Task SuperviseAsync()
    {
        while (true)
        {
            await process.WaitForExitAsync();
            if (!wanted)
            {
                return;
            }

            process = Start();
            Restarts++;
        }
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }
}
