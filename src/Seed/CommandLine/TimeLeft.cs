namespace LPZero.Seed.CommandLine;

/// <summary>
/// How long work still takes, at the pace of the second half of the time so far: what was known already, and so done at once when the
/// work began, is forgotten soon.
/// </summary>
internal sealed class TimeLeft
{
    private readonly List<(double Seconds, double Share)> reports = [];
    private int half;

    /// <summary>The time that is left; null while no pace is known.</summary>
    /// <param name="seconds">When that is, on any clock; never before the last time.</param>
    /// <param name="share">Which part of the work is done, from 0 to 1. Where it is less than the last time, other work has begun.</param>
    public TimeSpan? After(double seconds, double share)
    {
        if (reports is [.., var last] && share < last.Share)
        {
            reports.Clear();
            half = 0;
        }

        reports.Add((seconds, share));
        var middle = (reports[0].Seconds + seconds) / 2;
        while (half + 1 < reports.Count - 1 && reports[half + 1].Seconds <= middle)
        {
            half++;
        }

        var done = share - reports[half].Share;
        return done > 0 ? TimeSpan.FromSeconds((1 - share) * (seconds - reports[half].Seconds) / done) : null;
    }
}
