namespace LPZero.Seed.Tests.Program;

public class CrashTests
{
    private const int Few = 10;
    private const int Many = 50;

    private const string Poisoned = "the process that computes it has ended each of 2 times";

    // Before that share of its time a process has not begun to work.
    private const double Beginning = 0.3;

    [Fact]
    public Task A_run_killed_at_ten_random_moments_ends_with_the_same_events_and_figures_and_no_term_computed_twice() => KillAsync(Few);

    /// <summary>Fifty, or as many as LPZERO_KILLS says, which <c>bench/kills</c> sets.</summary>
    [Fact]
    [Trait("Category", "All")]
    public Task A_run_killed_at_many_random_moments_ends_with_the_same_events_and_figures_and_no_term_computed_twice() => KillAsync(
        Environment.GetEnvironmentVariable("LPZERO_KILLS") is { Length: > 0 } given
            ? int.Parse(given, System.Globalization.CultureInfo.InvariantCulture)
            : Many);

    private static async Task KillAsync(int wanted)
    {
        using var undisturbed = new SmallRun();
        var started = System.Diagnostics.Stopwatch.StartNew();
        Assert.Equal(0, (await Lpzero.RunProcessAsync(undisturbed.Folder, undisturbed.StartArguments())).ExitCode);
        var duration = started.ElapsedMilliseconds;
        var expectedEvents = await undisturbed.EventStreamAsync();
        var expected = await undisturbed.ShowAsync();

        var random = new Random(42);
        var kills = 0;
        while (kills < wanted)
        {
            using var run = new SmallRun();
            var isKnown = false;
            while (true)
            {
                using var process = Lpzero.Start(run.Folder, isKnown ? run.Arguments("resume") : run.StartArguments());
                var output = process.StandardOutput.ReadToEndAsync();
                var error = process.StandardError.ReadToEndAsync();
                if (kills < wanted)
                {
                    // The moment of the kill is the random variable of this test, not a wait for something to happen.
                    using var moment = new CancellationTokenSource(
                        TimeSpan.FromMilliseconds(duration * (Beginning + ((1 - Beginning) * random.NextDouble()))));
                    try
                    {
                        await process.WaitForExitAsync(moment.Token);
                    }
                    catch (OperationCanceledException)
                    {
                        process.Kill();
                        kills++;
                    }
                }

                await process.WaitForExitAsync();
                _ = await output;
                var message = await error;
                if (process.ExitCode == 0)
                {
                    break;
                }

                // Two deaths within one request look like a request that kills: the run, or its report, waits for that, and is resumed.
                Assert.True(
                    process.ExitCode == 137 || (process.ExitCode == 1 && message.Contains(Poisoned, StringComparison.Ordinal)),
                    $"exit code {process.ExitCode}: {message}");
                isKnown = File.Exists(run.Database) && (await Lpzero.RunAsync(run.Folder, run.Arguments("status"))).ExitCode == 0;
            }

            Assert.Equal(expectedEvents, await run.EventStreamAsync());
            Assert.All(run.TimesStored(), times => Assert.Equal(1, times));
            var shown = await run.ShowAsync();
            foreach (var figure in new[] { "best", "leaderboard", "baselines", "prunedByRule", "evaluations", "iterations" })
            {
                Assert.Equal(expected.GetProperty(figure).GetRawText(), shown.GetProperty(figure).GetRawText());
            }
        }
    }
}
