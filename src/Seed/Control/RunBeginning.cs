using LPZero.Coordinator.Run;
using LPZero.Coordinator.Scoring;
using LPZero.Messages;
using LPZero.Messages.Architectures;
using LPZero.Messages.Control;
using LPZero.Messages.Search;

namespace LPZero.Seed.Control;

/// <summary>Whether a run can begin: one that cannot is refused instead of stored.</summary>
public static class RunBeginning
{
    /// <summary>Begins the run on trial.</summary>
    /// <exception cref="SearchServiceException">It cannot begin; the message says why.</exception>
    public static void Check(StartRequest run)
    {
        if (!RunName.IsValid(run.Name))
        {
            throw new SearchServiceException($"'{PrintableText.Escape(run.Name ?? "")}' is no name for a run: use {RunName.Rule}");
        }

        // What a configuration says of itself comes first: a split that cannot be meant is not to be tried.
        var problem = run.Configuration.Problems(run.Benchmark) is [var misfit, ..] ? misfit.ToString()
            : run.Benchmark.FindProblem() ?? BenchmarkFit.FindProblem(run.Benchmark, run.Configuration)?.ToString();
        if (problem is not null)
        {
            throw new SearchServiceException($"the run cannot be begun: {problem}");
        }

        try
        {
            var sample = SearchSample.Of(run.Benchmark, run.Configuration);
            new SearchProcess(run.Configuration).Decide(
                new SearchState(), new StartSearch(BenchmarkDigest.Of(run.Benchmark), [.. sample.Search.Architectures.Select(a => a.Id)]));
        }
        catch (Exception failure) when (failure is ArgumentException or InvalidOperationException or ArithmeticException
            or IndexOutOfRangeException)
        {
            throw new SearchServiceException($"the run cannot be begun: {failure.Message}");
        }
    }
}
