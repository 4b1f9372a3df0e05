using LPZero.Coordinator.ArchitectureSearch;
using LPZero.Coordinator.Randomness;

namespace LPZero.Coordinator.Tests.ArchitectureSearch;

public sealed class ParetoFrontTests
{
    [Fact]
    public void The_front_is_what_nothing_beats_smallest_first()
    {
        var random = new SplittableRandom(5);
        for (var trial = 0; trial < 200; trial++)
        {
            var count = random.Next(12);
            var sizes = new double[count];
            var scores = new double[count];
            for (var i = 0; i < count; i++)
            {
                (sizes[i], scores[i]) = (random.Next(5), random.Next(6) == 0 ? double.NaN : random.Next(5));
            }

            var front = ParetoFront.Of(sizes, scores);
            var unbeaten = Enumerable.Range(0, count).Where(i => !double.IsNaN(scores[i]) && !Enumerable.Range(0, count).Any(j =>
                sizes[j] <= sizes[i] && scores[j] >= scores[i] && (sizes[j] < sizes[i] || scores[j] > scores[i])));
            Assert.Equal(
                unbeaten.Select(i => (sizes[i], scores[i])).Distinct().Order(), front.Select(i => (sizes[i], scores[i])));
        }
    }
}
