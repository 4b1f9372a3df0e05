using LPZero.Bench.Fixtures;

namespace LPZero.Bench.Macro;

/// <summary>The coordinator's decision on the scores of 100 offspring and the application of its events; early in a run and late.</summary>
internal static class DecidePhase
{
    private const int Offspring = 100;
    private const int Iterations = 1000;
    private const int Window = 50;

    public static IEnumerable<Row> Run()
    {
        var search = new MadeUpSearch(Offspring);
        var seconds = new double[Iterations];
        var allocated = new long[Iterations];
        for (var i = 0; i < Iterations; i++)
        {
            var report = search.Report();
            var before = GC.GetAllocatedBytesForCurrentThread();
            seconds[i] = Timing.Best(1, () => search.DecideAndApply(report));
            allocated[i] = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        yield return Of("early", 2 * Window);
        yield return Of("late", Iterations - Window);

        Row Of(string when, int at)
        {
            var window = new Range(at - Window, at + Window);
            var median = seconds[window].Order().ElementAt(Window);
            return new Row(
                $"decide + apply with {Offspring} offspring, {when} in a run of {Iterations} iterations", $"{median * 1000:F2} ms",
                $"{allocated[window].Order().ElementAt(Window) / 1024:N0} KB allocated", "", "under 1 ms");
        }
    }
}
