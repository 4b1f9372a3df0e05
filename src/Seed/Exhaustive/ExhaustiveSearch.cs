using System.Diagnostics;
using LPZero.Coordinator.Exhaustive;

namespace LPZero.Seed.Exhaustive;

/// <summary>How far the ranking of a space has come.</summary>
/// <param name="Proxies">Proxies ranked so far.</param>
/// <param name="All">Proxies of the space.</param>
/// <param name="PerSecond">Proxies ranked per second in this process.</param>
internal sealed record ExhaustiveProgress(long Proxies, long All, double PerSecond);

/// <summary>
/// Ranks a whole space on several threads, group of blocks after group of blocks, with a checkpoint after each group; a killed search
/// goes on from the last one. Neither that nor the number of threads changes the result.
/// </summary>
/// <param name="space">The proxies.</param>
/// <param name="ranking">Ranks them.</param>
/// <param name="key">The search's <see cref="ExhaustiveKey"/>.</param>
/// <param name="top">How many of the best proxies are kept.</param>
/// <param name="folder">Where checkpoint and keys are kept while the search is under way.</param>
/// <param name="threads">Blocks ranked side by side.</param>
internal sealed class ExhaustiveSearch(ProxySpace space, ExhaustiveRanking ranking, string key, int top, string folder, int threads)
{
    /// <summary>Blocks between two checkpoints; bounds the keys in memory.</summary>
    private const int GroupBlocks = 16;

    private readonly string checkpointPath = Path.Combine(folder, "exhaustive-checkpoint.json");
    private readonly RankingKeyFile keys = new(Path.Combine(folder, "exhaustive-rankings.bin"));

    /// <summary>Ranks what is not ranked yet.</summary>
    /// <param name="progress">Told of every group.</param>
    /// <param name="interrupt">Stops after the group under way.</param>
    /// <exception cref="OperationCanceledException">It was interrupted; the same search goes on from there.</exception>
    public (ExhaustiveTally Tally, long DistinctRankings) Run(IProgress<ExhaustiveProgress> progress, CancellationToken interrupt)
    {
        Directory.CreateDirectory(folder);
        var started = Stopwatch.GetTimestamp();
        var checkpoint = ExhaustiveCheckpoint.LoadOrBegin(checkpointPath, key, top);
        keys.Truncate(checkpoint.RankingKeys);
        var before = checkpoint.Tally.Proxies;
        ExhaustiveRanking.Worker[] workers = [.. Enumerable.Range(0, threads).Select(_ => ranking.CreateWorker(top, keepKeys: true))];
        while (checkpoint.Blocks < ranking.Blocks)
        {
            interrupt.ThrowIfCancellationRequested();
            var end = Math.Min(checkpoint.Blocks + GroupBlocks, ranking.Blocks);
            RankGroup(workers, checkpoint.Blocks, end);
            var tally = checkpoint.Tally;
            foreach (var worker in workers)
            {
                tally = tally.Plus(worker.TakeTally(), top);
                keys.Append(worker.TakeKeys().AsSpan());
            }

            checkpoint = checkpoint with { Blocks = end, Tally = tally, RankingKeys = keys.Count };
            checkpoint.Save(checkpointPath);
            progress.Report(new ExhaustiveProgress(
                tally.Proxies, space.Count, (tally.Proxies - before) / Stopwatch.GetElapsedTime(started).TotalSeconds));
        }

        return (checkpoint.Tally, keys.CountDistinct(threads));
    }

    /// <summary>Removes what only an unfinished search needs.</summary>
    public void CleanUp()
    {
        File.Delete(checkpointPath);
        keys.Delete();
    }

    private static void RankGroup(ExhaustiveRanking.Worker[] workers, int start, int end)
    {
        var next = start - 1;
        Parallel.ForEach(workers, new ParallelOptions { MaxDegreeOfParallelism = workers.Length }, worker =>
        {
            for (int block; (block = Interlocked.Increment(ref next)) < end;)
            {
                worker.Rank(block);
            }
        });
    }
}
