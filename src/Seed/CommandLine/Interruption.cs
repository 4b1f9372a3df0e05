using System.Runtime.InteropServices;

namespace LPZero.Seed.CommandLine;

/// <summary>The signals that ask this process to end: the first ends its command cleanly, the second ends the process at once.</summary>
internal sealed class Interruption : IDisposable
{
    private const string ShowCursor = "\u001b[?25h";

    private readonly CancellationTokenSource source = new();
    private readonly TextWriter? terminal;
    private readonly List<PosixSignalRegistration> registrations = [];

    /// <summary>Listens to nothing yet.</summary>
    /// <param name="terminal">Where a display may have hidden the cursor; null where there is none.</param>
    public Interruption(TextWriter? terminal) => this.terminal = terminal;

    /// <summary>Is cancelled by the first signal.</summary>
    public CancellationToken Token => source.Token;

    /// <summary>
    /// Listens to Ctrl-C, to a supervisor, and to the end of the terminal unless whoever started this process had that ignored (nohup).
    /// </summary>
    public void Listen()
    {
        registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, Receive));
        registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGTERM, Receive));
        if (!IsHangUpIgnored())
        {
            registrations.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, Receive));
        }
    }

    /// <summary>What a signal does.</summary>
    public void Receive(PosixSignalContext signal)
    {
        signal.Cancel = !source.IsCancellationRequested;
        if (!signal.Cancel)
        {
            // The display that hid the cursor has no time to show it again.
            terminal?.Write(ShowCursor);
            terminal?.Flush();
        }

        source.Cancel();
    }

    /// <summary>Leaves the signals to what they do by default.</summary>
    public void Dispose()
    {
        registrations.ForEach(registration => registration.Dispose());
        source.Dispose();
    }

    private static bool IsHangUpIgnored()
    {
        const string status = "/proc/self/status", ignored = "SigIgn:";
        var line = File.Exists(status)
            ? File.ReadLines(status).FirstOrDefault(line => line.StartsWith(ignored, StringComparison.Ordinal))
            : null;
        return line is not null && (Convert.ToUInt64(line[ignored.Length..].Trim(), 16) & 1) != 0;
    }
}
