using System.Globalization;
using LPZero.Coordinator.Run;

namespace LPZero.Coordinator.Tests.Purity;

/// <summary>The core of the search decides and applies: whoever carries it has the actors, tasks, clocks and files.</summary>
public class PureFoldersTests
{
    [Fact]
    public void No_folder_but_Actors_knows_actors_tasks_clocks_or_files()
    {
        var pure = typeof(SearchProcess).Assembly.GetTypes()
            .Where(type => type.Namespace?.StartsWith("LPZero.Coordinator", StringComparison.Ordinal) == true)
            .Where(type => type.Namespace?.StartsWith("LPZero.Coordinator.Actors", StringComparison.Ordinal) == false).ToList();

        Assert.Contains(typeof(SearchProcess), pure);
        Assert.True(pure.SelectMany(Impurities.Of).FirstOrDefault() is null, string.Join('\n', pure.SelectMany(Impurities.Of)));
    }

    [Theory]
    [InlineData(nameof(Impure.Later), "System.Threading.Tasks.Task")]
    [InlineData(nameof(Impure.Now), "System.DateTime.get_UtcNow")]
    [InlineData(nameof(Impure.Ticks), "System.Diagnostics.Stopwatch.GetTimestamp")]
    [InlineData(nameof(Impure.Reads), "System.IO.File.Exists")]
    [InlineData(nameof(Impure.Counts), "System.Threading.Interlocked.Increment")]
    [InlineData(nameof(Impure.Draws), "System.Random.get_Shared")]
    [InlineData(nameof(Impure.Waits), "System.Threading.CancellationToken")]
    public void A_use_of_the_world_outside_is_found(string method, string used) =>
        Assert.Contains(Impurities.Of(typeof(Impure)), use =>
            use.Contains($".{method} -> {used}", StringComparison.Ordinal));

    [Fact]
    public void A_computation_is_pure() => Assert.Empty(Impurities.Of(typeof(Pure)));

    private static class Impure
    {
        private static int count;

        public static Task Later() => Task.CompletedTask;

        public static string Now() => DateTime.UtcNow.ToString(CultureInfo.InvariantCulture);

        public static long Ticks() => System.Diagnostics.Stopwatch.GetTimestamp();

        public static bool Reads() => File.Exists("x");

        public static int Counts() => Interlocked.Increment(ref count);

        public static int Draws() => Random.Shared.Next();

        public static bool Waits(ReadOnlySpan<int> numbers, CancellationToken cancellation) =>
            numbers.IsEmpty && cancellation.CanBeCanceled;
    }

    private static class Pure
    {
        public static string Named(DateTime time, IEnumerable<int> numbers) => numbers.Any(number => number switch
        {
            0 => true,
            1 => false,
            2 => true,
            3 => false,
            4 => true,
            _ => false,
        })
            ? time.ToString("O", CultureInfo.InvariantCulture)
            : "";
    }
}
