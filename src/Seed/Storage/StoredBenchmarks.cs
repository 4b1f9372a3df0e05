using System.Collections.Immutable;
using System.Globalization;
using LPZero.Messages.Architectures;
using LPZero.Messages.Control;
using LPZero.Seed.Benchmarks;

namespace LPZero.Seed.Storage;

/// <summary>The benchmarks that the runs of a database were started with.</summary>
public static class StoredBenchmarks
{
    /// <summary>All of them, by digest.</summary>
    public static ImmutableArray<BenchmarkListing> List(Database database) => [.. All(database).Select(found => found.Listing)];

    /// <summary>One of them, by its name or the first digits of its digest.</summary>
    /// <exception cref="StorageException">There is none of that name, or more than one.</exception>
    public static Benchmark Load(Database database, string name)
    {
        var meant = All(database).Where(found => found.Listing.IsMeantBy(name)).ToList();
        return meant.Count == 1
            ? meant[0].Benchmark
            : throw new StorageException(meant.Count == 0
                ? $"no run was started with a benchmark '{name}': lpzero search benchmark list shows those that are known"
                : $"{meant.Count.ToString(CultureInfo.InvariantCulture)} benchmarks are named '{name}': give the first digits of a digest that lpzero search benchmark list shows");
    }

    private static IEnumerable<(BenchmarkListing Listing, Benchmark Benchmark)> All(Database database) => new RunStore(database).List()
        .GroupBy(run => run.BenchmarkDigest, StringComparer.Ordinal)
        .OrderBy(runs => runs.Key, StringComparer.Ordinal)
        .Select(runs =>
        {
            var benchmark = BenchmarkFile.Parse(runs.First().Benchmark, $"run {runs.First().Name}").Benchmark;
            return (new BenchmarkListing(benchmark.Name, benchmark.Metric, benchmark.Architectures.Length, runs.Key, runs.Count()), benchmark);
        });
}
