using Akka.Actor;
using LPZero.Messages.Search;

namespace LPZero.Coordinator.Actors;

/// <content>What is counted of a run. The core that decides stays without counters: its events say all.</content>
public sealed partial class CoordinatorActor
{
    // The state that the run is counted under; null while it is not counted.
    private string? countedAs;

    // When the terms of the present round were asked for.
    private long collectingSince;

    private void Count(SearchEvent happened)
    {
        if (happened is RoundProposed proposed && RunInstruments.Pruned.Enabled)
        {
            foreach (var (rule, hits) in proposed.RuleHits)
            {
                RunInstruments.Pruned.Add(hits, new KeyValuePair<string, object?>("rule", rule));
            }
        }
        else if (happened is RoundScored scored)
        {
            var valid = scored.Outcomes.Count(outcome => outcome.Fitness is not null);
            CountScored(valid, "valid");
            CountScored(scored.Outcomes.Length - valid, "invalid");
        }
    }

    private void CountScored(int proxies, string outcome) => RunInstruments.Evaluations.Add(
        proxies, new KeyValuePair<string, object?>("run", name), new KeyValuePair<string, object?>("outcome", outcome));

    private void CountRound(long known)
    {
        RunInstruments.KnownTerms.Add(known);
        RunInstruments.RoundDuration.Record(services.Clock.GetElapsedTime(collectingSince).TotalSeconds);
    }

    private void CountProblems(int problems) => RunInstruments.Problems.Add(problems, new KeyValuePair<string, object?>("run", name));

    /// <summary>Lets whoever looks at differences see the first of each.</summary>
    private void CountFromZero()
    {
        CountScored(0, "valid");
        CountScored(0, "invalid");
        CountProblems(0);
    }

    /// <summary>Counts the run under a state, and no longer under the one before.</summary>
    /// <param name="runState">The state; null where this process has nothing to do with the run any more.</param>
    private void CountAs(string? runState)
    {
        if (runState == countedAs)
        {
            return;
        }

        Add(countedAs, -1);
        Add(runState, 1);
        countedAs = runState;

        static void Add(string? counted, int change)
        {
            if (counted is not null)
            {
                RunInstruments.Runs.Add(change, new KeyValuePair<string, object?>("state", counted));
            }
        }
    }

    private static void MeasureMailbox()
    {
        if (RunInstruments.Mailbox.Enabled && Context is ActorCell cell)
        {
            RunInstruments.Mailbox.Record(cell.NumberOfMessages);
        }
    }
}
