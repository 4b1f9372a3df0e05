using System.Text;
using LPZero.Coordinator.Randomness;
using LPZero.Coordinator.Run;
using LPZero.Messages.Search;

namespace LPZero.Bench.Fixtures;

/// <summary>
/// A search whose outcomes are drawn by the proxies' texts, so that only the coordinator's own work is left: what the search
/// decides on a report of scores, and the application of its events.
/// </summary>
public sealed class MadeUpSearch
{
    private readonly SearchProcess process;
    private readonly Dictionary<string, Outcome> outcomes = new(StringComparer.Ordinal);

    /// <summary>A search whose first population is scored.</summary>
    /// <param name="offspring">Offspring in each iteration.</param>
    public MadeUpSearch(int offspring)
    {
        var configuration = new SearchConfiguration
        {
            Preset = "default", OffspringPerIteration = offspring, Iterations = int.MaxValue,
        };
        process = new SearchProcess(configuration);
        State = After(process.Decide(State, new StartSearch("", [])));
        while (!State.IsPopulated)
        {
            DecideAndApply(Report());
        }
    }

    /// <summary>Where the search stands.</summary>
    public SearchState State { get; private set; } = new();

    /// <summary>The scores that the pending round waits for.</summary>
    public ReportScores Report() =>
        new(State.Iteration, State.Round, [.. State.Pending.Select(proposal => OutcomeOf(proposal.Proxy.ToString()))]);

    /// <summary>Decides on the report.</summary>
    public Decision Decide(ReportScores report) => process.Decide(State, report);

    /// <summary>The state after a decision's events; the search stays where it is.</summary>
    public SearchState After(Decision decision) => decision.Events.Aggregate(State, process.Apply);

    /// <summary>Decides on the report and goes on to the state that follows.</summary>
    public void DecideAndApply(ReportScores report) => State = After(Decide(report));

    private Outcome OutcomeOf(string proxy)
    {
        if (!outcomes.TryGetValue(proxy, out var outcome))
        {
            var seed = 0UL;
            foreach (var letter in Encoding.UTF8.GetBytes(proxy))
            {
                seed = new SplittableRandom(seed ^ letter).NextBits();
            }

            var rho = (new SplittableRandom(seed).NextDouble() * 2) - 1;
            outcome = seed % 10 == 0 ? new Outcome(null, InvalidReason.NonFinite) : new Outcome(new Fitness(rho, rho, rho, seed), null);
            outcomes.Add(proxy, outcome);
        }

        return outcome;
    }
}
