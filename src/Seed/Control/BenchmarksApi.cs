using System.Net;
using LPZero.Messages;
using LPZero.Messages.Architectures;
using LPZero.Messages.Control;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using static LPZero.Seed.Control.ControlApi;

namespace LPZero.Seed.Control;

/// <summary>A benchmark that can be used.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Metric">What its truth measures.</param>
/// <param name="Architectures">How many it has.</param>
/// <param name="Networks">How many different networks these are.</param>
/// <param name="Digest">SHA-256 of its content.</param>
public sealed record ValidBenchmark(string Name, string Metric, int Architectures, int Networks, string Digest);

/// <summary>The benchmarks of the control API.</summary>
internal static class BenchmarksApi
{
    private const string Group = "benchmarks";

    public static void Map(IEndpointRouteBuilder api, Func<ISearchService> service)
    {
        api.MapGet("/benchmarks", async (string? limit, string? after, CancellationToken stop) =>
                Json(ApiPage.Of(await service().BenchmarksAsync(stop), benchmark => benchmark.Digest, limit, after)))
            .Describe(Group, "listBenchmarks", "The stored benchmarks.").Produces<ApiPage<BenchmarkListing>>();
        api.MapPost("/benchmarks", async (HttpRequest request, CancellationToken stop) =>
            {
                var stored = await service().AddBenchmarkAsync(ApiBody.Benchmark(await ApiBody.ReadAsync(request, stop)), stop);
                request.HttpContext.Response.Headers.Location = $"/api/benchmarks/{stored.Digest}";
                return Json(stored, StatusCodes.Status201Created);
            })
            .Describe(
                Group, "addBenchmark", "Stores a benchmark: a file of docs/benchmarks.md. Nothing is stored of one that cannot be used.")
            .Accepts<Benchmark>("application/json").Produces<BenchmarkListing>(StatusCodes.Status201Created)
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        api.MapPost("/benchmarks/validate", async (HttpRequest request, CancellationToken stop) =>
            {
                var benchmark = Usable(ApiBody.Benchmark(await ApiBody.ReadAsync(request, stop)));
                return Json(new ValidBenchmark(
                    benchmark.Name, benchmark.Metric, benchmark.Architectures.Length,
                    benchmark.Architectures.Select(a => a.Genotype.Resolve(benchmark.Shapes)).Distinct().Count(),
                    BenchmarkDigest.Of(benchmark)));
            })
            .Describe(Group, "validateBenchmark", "Says whether a benchmark can be used, and stores nothing.")
            .Accepts<Benchmark>("application/json").Produces<ValidBenchmark>()
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status413PayloadTooLarge)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        api.MapGet("/benchmarks/{name}", async (string name, CancellationToken stop) =>
                Json(await service().BenchmarkAsync(Named(name), stop)))
            .Describe(Group, "getBenchmark", "A stored benchmark, by its name or the first digits of its digest.").Produces<Benchmark>()
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
    }

    /// <summary>The benchmark.</summary>
    /// <exception cref="SearchServiceException">It cannot be used.</exception>
    public static Benchmark Usable(Benchmark benchmark) => benchmark.FindProblem() is { } problem
        ? throw new SearchServiceException($"the benchmark cannot be used: {problem}", SearchFailure.Unfit)
        : benchmark;

    /// <summary>What cannot be a benchmark's name names none, and is looked for nowhere.</summary>
    private static string Named(string name)
    {
        // A slash comes as it was written.
        var whole = WebUtility.UrlDecode(name.Replace("+", "%2B", StringComparison.Ordinal));
        return PrintableText.FindProblemOfName(whole) is null
            ? whole
            : throw new SearchServiceException("there is no such benchmark", SearchFailure.Missing, "name");
    }
}
