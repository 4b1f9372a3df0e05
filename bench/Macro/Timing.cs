using System.Diagnostics;

namespace LPZero.Bench.Macro;

/// <summary>Times work whose result does not matter.</summary>
internal static class Timing
{
    /// <summary>The shortest of several runs, in seconds: what the machine can do when nothing disturbs it.</summary>
    public static double Best(int runs, Action work)
    {
        var best = double.PositiveInfinity;
        for (var run = 0; run < runs; run++)
        {
            var started = Stopwatch.GetTimestamp();
            work();
            best = Math.Min(best, Stopwatch.GetElapsedTime(started).TotalSeconds);
        }

        return best;
    }
}
