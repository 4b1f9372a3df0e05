using System.Collections.Immutable;
using System.Data.Common;
using System.Text.Json;
using Dapper;
using LPZero.Messages;
using LPZero.Messages.Architectures;
using LPZero.Messages.Control;
using LPZero.Seed.Wire;

namespace LPZero.Seed.Storage;

/// <summary>The benchmarks, each of which is stored once.</summary>
internal static class BenchmarkRow
{
    /// <summary>Stores one, unless it is stored already, and returns its digest.</summary>
    public static async Task<string> AddAsync(DbConnection connection, DbTransaction transaction, Benchmark benchmark)
    {
        var digest = BenchmarkDigest.Of(benchmark);
        await connection.ExecuteAsync(
            """
            insert into benchmarks (digest, name, metric, architectures, content) values (@digest, @Name, @Metric, @architectures, @content)
            on conflict do nothing
            """,
            new
            {
                digest,
                benchmark.Name,
                benchmark.Metric,
                architectures = benchmark.Architectures.Length,
                content = JsonSerializer.Serialize(benchmark, MessageJson.Options),
            }, transaction);
        return digest;
    }

    /// <summary>All of them, by digest.</summary>
    public static async Task<ImmutableArray<BenchmarkListing>> ListAsync(DbConnection connection)
    {
        var rows = await connection.QueryAsync<(string Name, string Metric, long Architectures, string Digest, long Runs)>(
            """
            select name, metric, architectures, digest, (select count(*) from runs where benchmark_digest = digest)
            from benchmarks order by digest
            """);
        return [.. rows.Select(row => new BenchmarkListing(row.Name, row.Metric, (int)row.Architectures, row.Digest, (int)row.Runs))];
    }

    /// <summary>One of them, by its whole digest.</summary>
    public static async Task<Benchmark> LoadAsync(DbConnection connection, string digest)
    {
        var content = await connection.QuerySingleAsync<string>("select content from benchmarks where digest = @digest", new { digest });
        return JsonSerializer.Deserialize<Benchmark>(content, GenotypeJson.Reading)!;
    }
}
