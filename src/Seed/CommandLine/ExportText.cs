using System.Globalization;
using LPZero.Seed.Export;
using LPZero.Seed.Storage;

namespace LPZero.Seed.CommandLine;

/// <summary>The best proxies of a run in a format that a user names.</summary>
internal static class ExportText
{
    /// <summary>The text, with its last line ended.</summary>
    /// <param name="run">The run's name.</param>
    /// <param name="proxies">Best first.</param>
    /// <param name="format">python, latex, json or csv.</param>
    /// <param name="rank">Which of them python and latex show; 1 is the best.</param>
    /// <exception cref="StorageException">There is no proxy.</exception>
    /// <exception cref="UsageException">There is none of that rank.</exception>
    public static string Render(string run, IReadOnlyList<ExportedProxy> proxies, string format, int rank)
    {
        if (proxies.Count == 0)
        {
            throw new StorageException($"run '{run}' has found no proxy yet");
        }

        if (rank < 1 || rank > proxies.Count)
        {
            throw new UsageException(string.Create(CultureInfo.InvariantCulture,
                $"--rank {rank}: the run has proxies 1 to {proxies.Count}"));
        }

        return format switch
        {
            "python" => PythonExport.Write(proxies[rank - 1].Formula),
            "latex" => $"{LatexExport.Formula(proxies[rank - 1].Formula)}\n\n{LatexExport.Table(proxies)}",
            "json" => TableExport.Json(proxies),
            _ => TableExport.Csv(proxies),
        };
    }
}
