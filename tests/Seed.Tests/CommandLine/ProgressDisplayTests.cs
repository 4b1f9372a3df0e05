using LPZero.Messages.Control;
using LPZero.Seed.CommandLine;

namespace LPZero.Seed.Tests.CommandLine;

public sealed class ProgressDisplayTests
{
    [Fact]
    public async Task The_end_of_a_run_is_said_once_and_has_no_time_left()
    {
        using var lines = new StringWriter();
        var status = new RunStatus(
            "first", "running", 4, 5, 20, 0.75, "abs(W)", NumericProfile: null, 0, 0, "breeding", Problem: null, Seconds: 1,
            Progress: new RunProgress(5, 0, 1, 1, 10, 5));
        var finished = status with { State = "finished", Iteration = 5, Activity = "finished", Ended = "all 5 iterations done" };
        await using (var display = new ProgressDisplay("first", lines, TimeProvider.System))
        {
            display.Report(status);
            display.Report(finished);

            // The owner's last word, whose time alone is another one.
            display.Report(finished with { Seconds = 2 });
        }

        var said = lines.ToString().TrimEnd().Split(Environment.NewLine);
        Assert.Equal(2, said.Length);
        Assert.Contains("ETA ", said[0], StringComparison.Ordinal);
        Assert.StartsWith("iteration 5 of 5 (finished), best rho 0.750", said[1], StringComparison.Ordinal);
        Assert.DoesNotContain("ETA", said[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_not_said_yet_is_said_at_the_end()
    {
        using var lines = new StringWriter();
        var status = new RunStatus("first", "running", 1, 5, 20, 0.75, "abs(W)", null, 0, 0, "breeding", Problem: null);
        await using (var display = new ProgressDisplay("first", lines, TimeProvider.System))
        {
            display.Report(status);
            display.Report(status with { Iteration = 2 });
        }

        Assert.StartsWith("iteration 2 of 5", lines.ToString().TrimEnd().Split(Environment.NewLine)[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0.2, "ETA 0:00:40")]
    [InlineData(null, "ETA 0:00:15")]
    public async Task What_is_left_of_terms_is_told_by_the_work_of_the_networks_where_it_is_known(double? share, string left)
    {
        // Four of ten networks are done after ten seconds, the small ones: a fifth of the work.
        using var lines = new StringWriter();
        var clock = new SetClock();
        var asked = new RunStatus(
            "first", "running", 0, 5, 0, BestRho: null, BestExpression: null, NumericProfile: null, 0, 10, "computing", Problem: null,
            Progress: new RunProgress(5, 0, 0, 0, 10, HeldOutNetworks: 0, RoundShare: 0));
        await using (var display = new ProgressDisplay("first", lines, clock))
        {
            display.Report(asked);
            clock.Seconds = 10;
            display.Report(asked with { RequestsDone = 4, Progress = asked.Progress! with { RoundShare = share } });
        }

        var last = lines.ToString().TrimEnd().Split(Environment.NewLine)[^1];
        Assert.Contains("architecture 4 of 10", last, StringComparison.Ordinal);
        Assert.EndsWith(left, last, StringComparison.Ordinal);
    }

    private sealed class SetClock : TimeProvider
    {
        public long Seconds { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Seconds;
    }
}
