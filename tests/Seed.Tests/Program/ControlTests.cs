using System.Diagnostics;
using System.Text.Json;

namespace LPZero.Seed.Tests.Program;

public sealed class ControlTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly SmallRun run = new();

    public void Dispose() => run.Dispose();

    [Fact]
    public async Task A_run_paused_by_another_process_goes_on_to_the_same_events()
    {
        using var undisturbed = new SmallRun();
        await Lpzero.DoneAsync(undisturbed.Folder, undisturbed.StartArguments());

        using var process = Lpzero.Start(run.Folder, run.StartArguments());
        await WaitUntilWorkingAsync(process);
        var paused = await Lpzero.RunAsync(run.Folder, run.Arguments("pause"));
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        // The run may have ended before the command reached it; then there is nothing to resume.
        if (paused.ExitCode == 0 && error.Contains("paused", StringComparison.Ordinal))
        {
            Assert.Contains("paused", (await Lpzero.RunAsync(run.Folder, run.Arguments("status"))).Output, StringComparison.Ordinal);
        }

        await Lpzero.DoneAsync(run.Folder, run.Arguments("resume"));
        Assert.Equal(await undisturbed.EventStreamAsync(), await run.EventStreamAsync());
    }

    [Fact]
    public async Task A_run_has_one_owner()
    {
        using var process = Lpzero.Start(run.Folder, run.StartArguments(iterations: 100_000));
        await WaitUntilWorkingAsync(process);
        var second = await Lpzero.RunAsync(run.Folder, run.Arguments("resume"));
        Assert.Equal(1, second.ExitCode);
        Assert.Contains($"process {process.Id}", second.Error, StringComparison.Ordinal);

        var deleted = await Lpzero.RunAsync(run.Folder, run.Arguments("delete"));
        Assert.Equal(1, deleted.ExitCode);
        Assert.Contains($"process {process.Id}", deleted.Error, StringComparison.Ordinal);
        Assert.EndsWith($"or end it with lpzero search stop run --db {run.Database}, before it is deleted", deleted.Error.Trim(),
            StringComparison.Ordinal);

        var weighed = await Lpzero.RunAsync(run.Folder, run.Arguments("priority", "7"));
        Assert.Contains("priority: 7", weighed.Output, StringComparison.Ordinal);

        var stopped = await Lpzero.DoneAsync(run.Folder, run.Arguments("stop"));
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        Assert.Contains("stopped", (await Lpzero.RunAsync(run.Folder, run.Arguments("status"))).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM")]
    [InlineData("HUP")]
    public async Task A_signal_that_asks_to_end_pauses_and_exits_with_130(string signal)
    {
        using var process = Lpzero.Start(run.Folder, run.StartArguments(iterations: 100_000));
        await WaitUntilWorkingAsync(process);
        using var kill = Process.Start("kill", [$"-{signal}", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await process.WaitForExitAsync();
        Assert.Equal(130, process.ExitCode);
        Assert.Contains("paused", (await Lpzero.RunAsync(run.Folder, run.Arguments("status"))).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_started_to_survive_its_terminal_does()
    {
        using var process = Lpzero.Start(["--ignore-signal=HUP"], run.Folder, run.StartArguments(iterations: 100_000));
        await WaitUntilWorkingAsync(process);
        using var kill = Process.Start("kill", ["-HUP", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
        await Lpzero.DoneAsync(run.Folder, run.Arguments("stop"));
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        Assert.Contains(
            "stopped by command", (await Lpzero.RunAsync(run.Folder, run.Arguments("status"))).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_time_limit_pauses_a_run_whether_it_is_started_resumed_or_in_the_background()
    {
        var started = await Lpzero.DoneAsync(run.Folder, run.StartArguments(iterations: 1_000_000, "--time-limit", "0.5"));
        Assert.EndsWith(
            $"paused; go on with: lpzero search resume run --db {run.Database}", started.Error.Trim(), StringComparison.Ordinal);
        var resumed = await Lpzero.DoneAsync(run.Folder, run.Arguments("resume", "--time-limit", "0.5"));
        Assert.Equal("paused", (await run.ShowAsync()).GetProperty("state").GetString());

        var before = (await run.ShowAsync()).GetProperty("seconds").GetDouble();
        Assert.Equal(0, (await Lpzero.RunProcessAsync(run.Folder, run.Arguments("resume", "--detach", "--time-limit", "0.5"))).ExitCode);
        JsonElement shown;
        do
        {
            await Lpzero.RunAsync(run.Folder, run.Arguments("watch"));
            shown = await run.ShowAsync();
        }
        while (shown.GetProperty("state").GetString() != "paused" || shown.GetProperty("seconds").GetDouble() <= before);
    }

    [Fact]
    public async Task A_detached_run_works_on_and_can_be_watched_to_its_end()
    {
        var detached = await Lpzero.RunProcessAsync(run.Folder, run.StartArguments("--detach"));
        Assert.True(detached.ExitCode == 0, detached.Error);
        // watch returns at once while the background process has not taken the run yet, which on a busy machine is for many seconds.
        var watched = "";
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < Patience && !watched.Contains("finished", StringComparison.Ordinal))
        {
            watched = (await Lpzero.RunAsync(run.Folder, run.Arguments("watch"))).Output;
        }

        Assert.Equal("finished", (await run.ShowAsync()).GetProperty("state").GetString());
        await run.WaitForProcessesAsync();
    }

    /// <summary>Waits for the first line of progress, which a process prints when it owns the run and works on it.</summary>
    private static async Task WaitUntilWorkingAsync(Process process)
    {
        Assert.NotNull(await process.StandardError.ReadLineAsync());
    }
}
