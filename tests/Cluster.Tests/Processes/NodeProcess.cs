using System.Diagnostics;
using System.Globalization;

namespace LPZero.Cluster.Tests.Processes;

/// <summary>A node in a process of its own, started again whenever it ends, as systemd or Kubernetes would.</summary>
internal sealed class NodeProcess : IAsyncDisposable
{
    /// <summary>What a GPU node says last, before the number of terms it computed.</summary>
    public const string LeftLine = "left the cluster after computing ";

    private readonly string[] arguments;
    private readonly IReadOnlyDictionary<string, string> environment;
    private readonly string log;
    private readonly Task supervision;
    private volatile bool wanted = true;
    private volatile Process process;

    public NodeProcess(string folder, string name, int port, int? controlPort, params string[] arguments)
        : this(folder, name, port, controlPort, new Dictionary<string, string>(), arguments)
    {
    }

    public NodeProcess(
        string folder, string name, int port, int? controlPort, IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        Name = name;
        Port = port;
        ControlPort = controlPort;
        this.environment = environment;
        this.arguments = arguments;
        log = Path.Combine(folder, name + ".log");
        process = Start();
        supervision = SuperviseAsync();
    }

    public string Name { get; }

    /// <summary>Its port in the cluster.</summary>
    public int Port { get; }

    /// <summary>The port of its control API, if it has one.</summary>
    public int? ControlPort { get; }

    /// <summary>Where its peers reach it.</summary>
    public string Address => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{Port}");

    /// <summary>How often it was started again.</summary>
    public int Restarts { get; private set; }

    /// <summary>With which exit code it ended last; null if it never did.</summary>
    public int? LastExitCode { get; private set; }

    public bool IsFrozen { get; private set; }

    /// <summary>When it said last that it owns the run, as it writes the time; null if it never did.</summary>
    public string? OwnedAt(string run) =>
        Lines(log).LastOrDefault(line => line.Contains($"run {run} is owned by this node", StringComparison.Ordinal));

    /// <summary>The number that followed a text when it was printed last.</summary>
    public long? LastOf(string text)
    {
        var line = Lines(log).LastOrDefault(line => line.Contains(text, StringComparison.Ordinal));
        return line is null
            ? null
            : long.Parse(line[(line.IndexOf(text, StringComparison.Ordinal) + text.Length)..].Split(' ')[0], CultureInfo.InvariantCulture);
    }

    /// <summary>The ports that it listens on for TCP, on any address.</summary>
    public IReadOnlyList<int> ListeningPorts()
    {
        const string listening = "0A";
        var folder = $"/proc/{process.Id.ToString(CultureInfo.InvariantCulture)}";
        var own = Directory.GetFileSystemEntries($"{folder}/fd")
            .Select(file => File.ResolveLinkTarget(file, returnFinalTarget: false)?.Name).ToHashSet();
        // Fields of a line: number, local address, remote address, state, ..., inode as the tenth.
        return
        [
            .. ((string[])["tcp", "tcp6"]).SelectMany(kind => File.ReadLines($"{folder}/net/{kind}").Skip(1))
                .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(fields => fields[3] == listening && own.Contains($"socket:[{fields[9]}]"))
                .Select(fields => int.Parse(fields[1].Split(':')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture))
                .Distinct().Order(),
        ];
    }

    public void Kill() => process.Kill();

    /// <summary>Stops it for so long, as a machine that swaps or a debugger would.</summary>
    public async Task FreezeAsync(TimeSpan time)
    {
        await SignalAsync("STOP");
        IsFrozen = true;
        await Task.Delay(time);
        IsFrozen = false;
        await SignalAsync("CONT");
    }

    /// <summary>Whether it has printed the text in any of its lives.</summary>
    public bool HasSaid(string text) => Lines(log).Any(line => line.Contains(text, StringComparison.Ordinal));

    /// <summary>Kills it, and nobody starts it again.</summary>
    public async Task KillForGoodAsync()
    {
        wanted = false;
        process.Kill();
        await supervision;
    }

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

    private static IEnumerable<string> Lines(string path)
    {
        // The node goes on writing.
        using var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n');
    }

    private Process Start()
    {
        var start = new ProcessStartInfo("sh") { UseShellExecute = false };
        foreach (var argument in (string[])["-c", "log=$1; shift; exec \"$@\" >>\"$log\" 2>&1 </dev/null", "sh", log, "dotnet",
            Path.Combine(AppContext.BaseDirectory, "lpzero.dll"), "node", .. arguments])
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
            LastExitCode = process.ExitCode;
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
