using System.Collections.Immutable;
using System.Globalization;
using Dapper;
using LPZero.Messages.Architectures;
using LPZero.Messages.Control;
using LPZero.Seed.Benchmarks;

namespace LPZero.Seed.Storage;

/// <summary>The benchmarks that the runs of a database were started with.</summary>
public static class StoredBenchmarks
{
    /// <summary>All of them, by digest.</summary>
    public static ImmutableArray<BenchmarkListing> List(Database database)
    {
        using var connection = database.Open();
        return
        [
            .. connection.Query<(string Name, string Metric, long Architectures, string Digest, long Runs)>(
                "select name, metric, architectures, digest, (select count(*) from runs where benchmark_digest = digest) from benchmarks order by digest")
                .Select(row => new BenchmarkListing(row.Name, row.Metric, (int)row.Architectures, row.Digest, (int)row.Runs)),
        ];
    }

    /// <summary>One of them, by its name or the first digits of its digest.</summary>
    /// <exception cref="StorageException">There is none of that name, or more than one.</exception>
    public static Benchmark Load(Database database, string name)
    {
        var meant = List(database).Where(listing => listing.IsMeantBy(name)).ToList();
        if (meant.Count != 1)
        {
            throw new StorageException(meant.Count == 0
                ? $"no run was started with a benchmark '{name}': {database.Hint("benchmark list")} shows those that are known"
                : $"{meant.Count.ToString(CultureInfo.InvariantCulture)} benchmarks are named '{name}': give the first digits of a digest that {database.Hint("benchmark list")} shows");
        }

        using var connection = database.Open();
        var content = connection.QuerySingle<string>("select content from benchmarks where digest = @Digest", new { meant[0].Digest });
        return BenchmarkFile.Parse(content, $"stored benchmark {name}").Benchmark;
    }
}
