using System.Collections.Immutable;
using System.Globalization;
using LPZero.Coordinator.Reporting;
using LPZero.Messages.Control;
using LPZero.Messages.Predictors;

namespace LPZero.Seed.Export;

/// <summary>The best proxies of a run in a format that a user names.</summary>
public static class ExportText
{
    /// <summary>The formats.</summary>
    public static readonly ImmutableArray<string> Formats = ["python", "latex", "json", "csv"];

    /// <summary>How to have a run's answer that is more than a proxy in place of one, in a line.</summary>
    public static string NoteOf(AnswerEntry answer)
    {
        var file = answer.Predictor.Name + PredictorJson.FileEnding;
        return $"The run's answer is {answer.Predictor.Summary}: search export {file} --format python, with the file in the run's folder";
    }

    /// <summary>What a run has found, as <see cref="Render"/> writes it, and the run's answer where that is no proxy.</summary>
    /// <param name="runs">Where the run is.</param>
    /// <param name="run">Its name.</param>
    /// <param name="format">One of <see cref="Formats"/>; python alone needs the run's benchmark.</param>
    /// <param name="rank">Which proxy python and latex show; 1 is the best.</param>
    /// <param name="stop">Ends it.</param>
    /// <exception cref="SearchServiceException">
    /// There is no such run, no proxy, or none of that rank; the field <c>rank</c> is to blame then.
    /// </exception>
    public static async Task<(string Text, AnswerEntry? Answer)> OfAsync(
        IRunReader runs, string run, string format, int rank, CancellationToken stop)
    {
        var definition = await runs.DefinitionAsync(run, stop);
        var leaderboard = await runs.LeaderboardAsync(run, stop);
        var report = (await runs.ResultAsync(run, stop)).Report is { } stored ? ReportData.FromJson(stored) : null;
        var making = format == "python"
            ? InputMaking.Of(await runs.BenchmarkAsync(definition.BenchmarkDigest, stop), definition.Configuration)
            : "";
        return (
            Render(run, ExportedProxies.Of(definition.Configuration, leaderboard, report), format, rank, making, report?.Answer),
            report?.Answer);
    }

    /// <summary>The text, with its last line ended.</summary>
    /// <param name="run">The run's name.</param>
    /// <param name="proxies">Best first.</param>
    /// <param name="format">One of <see cref="Formats"/>.</param>
    /// <param name="rank">Which of them python and latex show; 1 is the best.</param>
    /// <param name="making">How the inputs came about, as <see cref="InputMaking"/> says it, for python.</param>
    /// <param name="best">The run's answer where that is no proxy, for the table of latex and a comment in python; else null.</param>
    /// <exception cref="SearchServiceException">
    /// There is no proxy, or none of that rank; the field <c>rank</c> is to blame then.
    /// </exception>
    public static string Render(
        string run, IReadOnlyList<ExportedProxy> proxies, string format, int rank, string making, AnswerEntry? best = null)
    {
        if (proxies.Count == 0)
        {
            throw new SearchServiceException($"run '{run}' has found no proxy yet");
        }

        if (rank < 1 || rank > proxies.Count)
        {
            throw new SearchServiceException(
                string.Create(CultureInfo.InvariantCulture, $"rank {rank}: the run has proxies 1 to {proxies.Count}"),
                SearchFailure.Unfit, "rank");
        }

        return format switch
        {
            "python" => (best is null ? "" : $"# One proxy of run {run}. {NoteOf(best)}\n")
                + PythonExport.Write(proxies[rank - 1].Formula, making),
            "latex" => $"{LatexExport.Formula(proxies[rank - 1].Formula)}\n\n{LatexExport.Table(proxies, best)}",
            "json" => TableExport.Json(proxies),
            _ => TableExport.Csv(proxies),
        };
    }
}
