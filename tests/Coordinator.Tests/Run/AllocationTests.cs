using LPZero.Messages.Search;

namespace LPZero.Coordinator.Tests.Run;

/// <summary>What deciding and applying cost in memory.</summary>
public sealed class AllocationTests
{
    private const int Window = 20;

    [Fact]
    public void An_iteration_of_a_hundred_offspring_allocates_no_more_late_in_a_run_than_early()
    {
        var search = new SyntheticSearch(new SearchConfiguration { Preset = "default" } with
        {
            OffspringPerIteration = 100,
            Iterations = 500 + Window,
            SearchArchitectures = SyntheticSearch.Small.SearchArchitectures,
        });
        search.Do(search.Start());
        var allocated = new Dictionary<int, long>();
        while (!search.IsOver)
        {
            var iteration = search.Open!.Iteration;
            var report = search.Report(search.Open!);
            var before = GC.GetAllocatedBytesForCurrentThread();
            search.Do(report);
            allocated[iteration] = GC.GetAllocatedBytesForCurrentThread() - before;
        }

        var early = MeanAround(50);
        var late = MeanAround(500);
        Assert.True(late <= 1.25 * early, $"{early} bytes around iteration 50, {late} around 500");
        Assert.InRange(late, 1, 400_000);

        long MeanAround(int iteration) => (long)Enumerable.Range(iteration - (Window / 2), Window).Average(i => allocated[i]);
    }
}
