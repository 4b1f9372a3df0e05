using System.Runtime.InteropServices;
using LPZero.Seed.CommandLine;

namespace LPZero.Seed.Tests.CommandLine;

public class InterruptionTests
{
    [Fact]
    public void The_second_signal_ends_the_process_at_once_and_shows_the_cursor_again()
    {
        using var terminal = new StringWriter();
        using var interruption = new Interruption(terminal);

        var first = new PosixSignalContext(PosixSignal.SIGINT);
        interruption.Receive(first);
        Assert.True(first.Cancel);
        Assert.True(interruption.Token.IsCancellationRequested);
        Assert.Equal("", terminal.ToString());

        var second = new PosixSignalContext(PosixSignal.SIGINT);
        interruption.Receive(second);
        Assert.False(second.Cancel);
        Assert.Equal("\u001b[?25h", terminal.ToString());
    }
}
