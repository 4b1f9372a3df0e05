using LPZero.Coordinator.Baselines;
using LPZero.Coordinator.Run;
using LPZero.Coordinator.Scoring;
using LPZero.Messages;
using LPZero.Messages.Architectures;
using LPZero.Messages.Control;
using LPZero.Messages.Entities;
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
            throw new SearchServiceException(
                $"'{PrintableText.Escape(PrintableText.Shorten(run.Name ?? ""))}' is no name for a run: use {RunName.Rule}",
                SearchFailure.Unfit, "name");
        }

        if (run.Priority is { } priority && DeviceShare.FindProblem(priority) is { } range)
        {
            throw Refusal($"priority {range}", "priority");
        }

        // What a configuration says of itself comes first: a split that cannot be meant is not to be tried.
        if (run.Configuration.Problems(run.Benchmark) is [var misfit, ..])
        {
            throw Refusal(misfit.ToString(), $"configuration.{misfit.Field}");
        }

        if (run.Benchmark.FindProblem() is { } problem)
        {
            throw Refusal(problem, "benchmark");
        }

        if ((BenchmarkFit.FindProblem(run.Benchmark, run.Configuration) ?? PrefixTies.FindProblem(run.Benchmark, run.Configuration))
            is { } unfit)
        {
            throw Refusal(unfit.ToString(), $"configuration.{unfit.Field}");
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
            throw Refusal(failure.Message, "configuration");
        }
    }

    private static SearchServiceException Refusal(string problem, string field) =>
        new($"the run cannot be begun: {problem}", SearchFailure.Unfit, field);
}
