using LPZero.Seed.CommandLine;

namespace LPZero.Seed.Tests.CommandLine;

public sealed class KeptWorkTests
{
    [Fact]
    public async Task An_interruption_is_said_at_once_and_ends_with_its_exit_code_when_the_work_has_ended()
    {
        using var said = new StringWriter();
        using var interrupt = new CancellationTokenSource();
        var closed = new TaskCompletionSource();
        var done = KeptWork.DoAsync(
            async () =>
            {
                try
                {
                    await Task.Delay(Timeout.Infinite, interrupt.Token);
                }
                finally
                {
                    await closed.Task; // what a device is at
                }
            },
            interrupt.Token, said);
        await interrupt.CancelAsync();
        Assert.Equal("lpzero: stopping after the networks in hand (asked again, at once); what is computed is kept\n", said.ToString());
        Assert.False(done.IsCompleted);
        closed.SetResult();
        Assert.Equal(ExitCode.Interrupted, await done);
        Assert.EndsWith("lpzero: interrupted; repeat the command to go on\n", said.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Done_it_says_nothing_and_what_fails_is_not_taken_for_an_interruption()
    {
        using var said = new StringWriter();
        Assert.Equal(ExitCode.Done, await KeptWork.DoAsync(() => Task.CompletedTask, CancellationToken.None, said));
        await Assert.ThrowsAsync<OperationCanceledException>(
            () => KeptWork.DoAsync(() => throw new OperationCanceledException(), CancellationToken.None, said));
        Assert.Equal("", said.ToString());
    }
}
