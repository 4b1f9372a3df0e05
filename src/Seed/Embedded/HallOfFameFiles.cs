using System.Globalization;
using System.Text.Json;
using CsvHelper;
using LPZero.Coordinator.Run;
using LPZero.Messages;
using LPZero.Seed.Benchmarks;

namespace LPZero.Seed.Embedded;

/// <summary>
/// The best proxies so far as <c>hall-of-fame.csv</c> and <c>hall-of-fame.json</c>, each replaced as a whole, so that a
/// reader or a killed process leaves the old file or the new one.
/// </summary>
/// <param name="folder">The run's output folder.</param>
public sealed class HallOfFameFiles(string folder)
{
    /// <summary>Writes both files.</summary>
    public void Write(SearchState state)
    {
        var rows = state.HallOfFame.Select((member, index) => new Row(
            index + 1, member.Proxy.ToString(), member.Canonical.ToString(), member.Fitness.Rho, member.Fitness.TauA, member.Fitness.TauB, member.Iteration)).ToList();
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        using (var csv = CsvWriter.Create(text))
        {
            WriteLine(csv, ["rank", "expression", "canonical", "rho", "tauA", "tauB", "iteration"]);
            foreach (var row in rows)
            {
                WriteLine(csv, [row.Rank, row.Expression, row.Canonical, row.Rho, row.TauA, row.TauB, row.Iteration]);
            }
        }

        AtomicFile.Write(Path.Combine(folder, "hall-of-fame.csv"), text.ToString(), flush: false);
        AtomicFile.Write(Path.Combine(folder, "hall-of-fame.json"), JsonSerializer.Serialize(rows, MessageJson.Indented), flush: false);
    }

    private static void WriteLine(CsvWriter csv, IEnumerable<IConvertible> fields)
    {
        foreach (var field in fields)
        {
            csv.WriteField(field.ToString(CultureInfo.InvariantCulture));
        }

        csv.EndRecord();
    }

    private sealed record Row(int Rank, string Expression, string Canonical, double Rho, double TauA, double TauB, int Iteration);
}
