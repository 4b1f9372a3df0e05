using LPZero.Coordinator.Reporting;
using LPZero.Coordinator.Run;
using LPZero.Messages.Search;
using LPZero.Seed.Export;
using LPZero.Seed.Storage;

namespace LPZero.Seed.Embedded;

/// <summary>
/// The best proxies so far as <c>hall-of-fame.csv</c> and <c>hall-of-fame.json</c>, each replaced as a whole, so that a
/// reader or a killed process leaves the old file or the new one.
/// </summary>
/// <param name="folder">The run's output folder.</param>
/// <param name="configuration">The run's configuration.</param>
public sealed class HallOfFameFiles(string folder, SearchConfiguration configuration)
{
    /// <summary>Writes both files.</summary>
    /// <param name="state">Where the run stands.</param>
    /// <param name="report">The finished run's report, for the held-out columns.</param>
    public void Write(SearchState state, ReportData? report = null)
    {
        var proxies = ExportedProxies.Of(configuration, state, report);
        AtomicFile.Write(Path.Combine(folder, "hall-of-fame.csv"), TableExport.Csv(proxies), flush: false);
        AtomicFile.Write(Path.Combine(folder, "hall-of-fame.json"), TableExport.Json(proxies), flush: false);
    }
}
