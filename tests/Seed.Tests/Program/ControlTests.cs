using System.Diagnostics;

namespace LPZero.Seed.Tests.Program;

public sealed class ControlTests : IDisposable
{
    private readonly SmallRun run = new();

    public void Dispose() => run.Dispose();

    [Fact]
    public async Task A_run_paused_by_another_process_goes_on_to_the_same_events()
    {
        using var undisturbed = new SmallRun();
        Assert.Equal(0, (await Lpzero.RunAsync(undisturbed.Folder, undisturbed.StartArguments())).ExitCode);

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

        Assert.Equal(0, (await Lpzero.RunAsync(run.Folder, run.Arguments("resume"))).ExitCode);
        Assert.Equal(undisturbed.EventStream(), run.EventStream());
    }

    [Fact]
    public async Task A_run_has_one_owner()
    {
        using var process = Lpzero.Start(run.Folder, run.StartArguments(iterations: 100_000));
        await WaitUntilWorkingAsync(process);
        var second = await Lpzero.RunAsync(run.Folder, run.Arguments("resume"));
        Assert.Equal(1, second.ExitCode);
        Assert.Contains($"process {process.Id}", second.Error, StringComparison.Ordinal);

        var stopped = await Lpzero.RunAsync(run.Folder, run.Arguments("stop"));
        Assert.True(stopped.ExitCode == 0, stopped.Error);
        await process.WaitForExitAsync();
        Assert.Equal(0, process.ExitCode);
        Assert.Contains("stopped", (await Lpzero.RunAsync(run.Folder, run.Arguments("status"))).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_pauses_and_exits_with_130()
    {
        using var process = Lpzero.Start(run.Folder, run.StartArguments(iterations: 100_000));
        await WaitUntilWorkingAsync(process);
        using var kill = Process.Start("kill", ["-INT", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        await process.WaitForExitAsync();
        Assert.Equal(130, process.ExitCode);
        Assert.Contains("paused", (await Lpzero.RunAsync(run.Folder, run.Arguments("status"))).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_detached_run_works_on_and_can_be_watched_to_its_end()
    {
        var detached = await Lpzero.RunAsync(run.Folder, run.StartArguments("--detach"));
        Assert.True(detached.ExitCode == 0, detached.Error);
        // watch returns at once while the background process has not taken the run yet.
        var watched = "";
        for (var attempt = 0; attempt < 300 && !watched.Contains("finished", StringComparison.Ordinal); attempt++)
        {
            watched = (await Lpzero.RunAsync(run.Folder, run.Arguments("watch"))).Output;
        }

        Assert.Equal("finished", (await run.ShowAsync()).GetProperty("state").GetString());
    }

    /// <summary>Waits for the first line of progress, which a process prints when it owns the run and works on it.</summary>
    private static async Task WaitUntilWorkingAsync(Process process)
    {
        Assert.NotNull(await process.StandardError.ReadLineAsync());
    }
}
