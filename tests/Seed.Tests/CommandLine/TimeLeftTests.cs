using LPZero.Seed.CommandLine;

namespace LPZero.Seed.Tests.CommandLine;

public sealed class TimeLeftTests
{
    [Fact]
    public void Even_work_ends_when_its_pace_says()
    {
        var left = new TimeLeft();
        Assert.Null(left.After(seconds: 5, share: 0));
        Assert.Equal(TimeSpan.FromSeconds(90), left.After(seconds: 15, share: 0.1));
        Assert.Equal(TimeSpan.FromSeconds(50), left.After(seconds: 55, share: 0.5));
    }

    [Fact]
    public void What_was_known_already_is_forgotten_soon()
    {
        // Half is stored and there at once; the rest takes 200 s.
        var left = new TimeLeft();
        left.After(0, 0);
        left.After(1, 0.5);
        TimeSpan? last = null;
        for (var second = 2; second <= 41; second++)
        {
            last = left.After(second, 0.5 + ((second - 1) / 400.0));
        }

        Assert.Equal(160, last!.Value.TotalSeconds, 1e-6);
    }

    [Fact]
    public void Other_work_begins_anew_and_where_nothing_gets_on_nothing_is_said()
    {
        var left = new TimeLeft();
        left.After(0, 0);
        Assert.Equal(TimeSpan.Zero, left.After(10, 1));
        Assert.Null(left.After(20, 0));
        Assert.Null(left.After(30, 0));
        Assert.Equal(TimeSpan.FromSeconds(30), left.After(40, 0.25));
    }
}
