using LPZero.Coordinator.Reporting;
using LPZero.Messages.Control;
using LPZero.Seed.Export;
using LPZero.Seed.Reporting;
using LPZero.Seed.Storage;

namespace LPZero.Seed.CommandLine;

/// <summary>
/// What whoever follows a run writes: <c>hall-of-fame.csv</c> and <c>hall-of-fame.json</c>, and with the report <c>report.html</c> and
/// <c>report.md</c>. Each is replaced as a whole, so that a reader or a killed process leaves the old file or the new one.
/// </summary>
/// <param name="folder">Where to; made where it is missing.</param>
/// <param name="definition">The run.</param>
internal sealed class RunFiles(string folder, RunDefinition definition)
{
    private string? written;
    private int? evaluations;

    /// <summary>The folder.</summary>
    public string Folder => folder;

    /// <summary>Writes the hall of fame, if the run has scored anything since the last time.</summary>
    /// <param name="service">Who knows the leaderboard.</param>
    /// <param name="status">Where the run stands.</param>
    public async Task UpdateAsync(IRunReader service, RunStatus status)
    {
        if (status.Evaluations != evaluations)
        {
            evaluations = status.Evaluations;
            Write(await service.LeaderboardAsync(definition.Name, CancellationToken.None));
        }
    }

    /// <summary>Writes all files of a run that has its report.</summary>
    public void WriteReport(RunLeaderboard leaderboard, ReportData report)
    {
        ReportFiles.Write(report, folder);
        Write(leaderboard, report);
    }

    private void Write(RunLeaderboard leaderboard, ReportData? report = null)
    {
        var proxies = ExportedProxies.Of(definition.Configuration, leaderboard, report);
        var csv = TableExport.Csv(proxies);
        if (csv == written)
        {
            return;
        }

        AtomicFile.Write(Path.Combine(folder, "hall-of-fame.csv"), csv, flush: false);
        AtomicFile.Write(Path.Combine(folder, "hall-of-fame.json"), TableExport.Json(proxies), flush: false);
        written = csv;
    }
}
