using System.Text;
using System.Text.Json;
using LPZero.Coordinator.Run;
using LPZero.Coordinator.Scoring;
using LPZero.Messages;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Tests.Golden;

/// <summary>
/// A run of the paper's preset in small, seed 42, over a table of terms that is checked in: its events, one JSON a line,
/// are compared byte for byte with the file beside it. A change of the search, of the rules or of the stored form of
/// events shows here; where it is meant, LPZERO_REGENERATE_GOLDEN=1 writes the file anew (and the table, if it is not
/// there).
/// </summary>
public sealed class GoldenRunTests
{
    private static readonly string Folder = Path.Combine(SharedData.Root, "tests", "Coordinator.Tests", "Golden");
    private static readonly string TableFile = Path.Combine(Folder, "terms.txt.gz");
    private static readonly string EventsFile = Path.Combine(Folder, "events.jsonl");

    private static readonly SearchConfiguration Configuration = SearchConfiguration.Presets["paper"] with
    {
        Population = 20,
        Iterations = 100,
        SearchArchitectures = 24,
    };

    private static bool Regenerates => Environment.GetEnvironmentVariable("LPZERO_REGENERATE_GOLDEN") == "1";

    [Fact]
    public void The_golden_run_s_events_are_those_on_file()
    {
        if (Regenerates && !File.Exists(TableFile))
        {
            GoldenTable.Write(TableFile);
        }

        var events = Encoding.UTF8.GetBytes(Events());
        if (Regenerates)
        {
            File.WriteAllBytes(EventsFile, events);
        }

        var expected = File.ReadAllBytes(EventsFile);
        Assert.True(events.AsSpan().SequenceEqual(expected),
            $"the first difference is at byte {events.AsSpan().CommonPrefixLength(expected)} of {EventsFile}");
    }

    [Fact]
    public void The_golden_table_s_numbers_are_plain()
    {
        var values = GoldenTable.Read(TableFile).Values.Where(v => !double.IsNaN(v)).ToList();
        Assert.NotEmpty(values);
        Assert.All(values, value => Assert.Equal(Math.Round(value * 64), value * 64));
    }

    private static string Events()
    {
        var table = GoldenTable.Read(TableFile);
        var fitness = new FitnessFunction(
            Configuration, table.Set, table.ToTermTable(Configuration.ElementReduction, Configuration.TensorReduction));
        var process = new SearchProcess(Configuration);
        var state = new SearchState();
        var text = new StringBuilder();
        SearchCommand? command = new StartSearch("golden", [.. table.Set.Architectures.Select(a => a.Id)]);
        while (command is not null)
        {
            var decision = process.Decide(state, command);
            foreach (var happened in decision.Events)
            {
                text.Append(JsonSerializer.Serialize(happened, MessageJson.Options)).Append('\n');
                state = process.Apply(state, happened);
            }

            command = decision.Effect is { } round
                ? new ReportScores(round.Iteration, round.Round,
                    [.. round.Proposals.Select(p => fitness.Evaluate(process.Pruning.Judge(p.Proxy).Canonical!))])
                : null;
        }

        Assert.Equal(SearchPhase.Finished, state.Phase);
        return text.ToString();
    }
}
