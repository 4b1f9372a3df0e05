using System.Collections.Immutable;
using System.Runtime.Serialization;
using Google.Protobuf;
using LPZero.Coordinator.Baselines;
using LPZero.Coordinator.Pruning;
using LPZero.Coordinator.Run;
using LPZero.Coordinator.Scoring;
using LPZero.Messages.Architectures;
using LPZero.Messages.Search;
using LPZero.Seed.Wire;

namespace LPZero.Seed.Integrity;

/// <summary>
/// Goes through the events of a run once more. Decisions are deterministic: from the configuration, the benchmark and the outcomes follow
/// all events that did not come from outside, and the outcomes follow from the terms. The first event that is not what follows is named;
/// what stands behind it says nothing any more.
/// </summary>
/// <param name="run">The run's name.</param>
/// <param name="configuration">Its configuration.</param>
/// <param name="configurationText">The same as it is stored.</param>
/// <param name="start">What it was started with.</param>
/// <param name="set">Its search set.</param>
/// <param name="terms">The stored terms of that set.</param>
/// <param name="benchmark">What it searched on.</param>
internal sealed class RunReplay(
    string run, SearchConfiguration configuration, string configurationText, StartSearch start, ArchitectureSet set, TermTable terms,
    Benchmark benchmark)
{
    private readonly SearchProcess process = new(configuration);
    // A configuration that does not fit its benchmark scored nothing.
    private readonly FitnessFunction fitness = new(
        configuration, set, terms,
        BenchmarkFit.FindProblem(benchmark, configuration) is null ? Criteria.Of(configuration, benchmark, set) : null);
    private readonly Queue<SearchEvent> toCome = [];
    private readonly List<StoreProblem> problems = [];

    private SearchState state = new();
    private long last;
    private bool lacksTerms;

    /// <summary>Where the run stands behind the last event.</summary>
    public SearchState State => state;

    /// <summary>Events that are what follows.</summary>
    public long Events => last;

    /// <summary>Replays the journal. Returns what is wrong with it, and with the snapshots on the way.</summary>
    /// <param name="journal">All events, by sequence number.</param>
    /// <param name="snapshots">All snapshots.</param>
    public IReadOnlyList<StoreProblem> Run(IReadOnlyList<StoredMessage> journal, IReadOnlyList<StoredMessage> snapshots)
    {
        var snapshotAt = snapshots.ToLookup(snapshot => snapshot.Number);
        foreach (var row in journal)
        {
            if (FindMisplaced(row) is { } misplaced)
            {
                problems.Add(misplaced);
                return problems;
            }

            if (Follow(row) is { } altered)
            {
                problems.Add(new StoreProblem(altered, run, row.Number));
                return problems;
            }

            last = row.Number;
            problems.AddRange(snapshotAt[last].Select(FindAltered).OfType<StoreProblem>());
        }

        if (toCome.TryPeek(out var missing))
        {
            problems.Add(new StoreProblem($"missing: {Name(missing)} was stored together with the event before", run, last + 1));
        }

        problems.AddRange(snapshots.Where(snapshot => snapshot.Number > last || snapshot.Number < 1).Select(snapshot =>
            new StoreProblem(FormattableString.Invariant($"missing: a snapshot stands behind event {snapshot.Number}"), run, last + 1)));
        return problems;
    }

    private StoreProblem? FindMisplaced(StoredMessage row) => row.Number switch
    {
        _ when row.Number <= last => new StoreProblem("repeated: it is there more than once", run, row.Number),
        _ when row.Number == last + 2 => new StoreProblem("missing", run, last + 1),
        _ when row.Number > last + 2 =>
            new StoreProblem(FormattableString.Invariant($"missing, with all up to event {row.Number - 1}"), run, last + 1),
        _ => null,
    };

    /// <summary>Applies an event if it is what follows. Returns what is wrong, if it is not.</summary>
    private string? Follow(StoredMessage row)
    {
        if (Read(row, out var problem) is not SearchEvent happened)
        {
            return problem ?? $"altered: {row.Manifest} is no event";
        }

        if (toCome.Count == 0)
        {
            foreach (var next in CommandBehind(happened) is { } command ? process.Decide(state, command).Events : [])
            {
                toCome.Enqueue(next);
            }
        }

        if (!toCome.TryDequeue(out var expected))
        {
            return $"out of place: {Name(happened)} cannot follow";
        }

        if (!IsSame(row, expected))
        {
            return expected.GetType() != happened.GetType() ? $"out of place: {Name(happened)}, where {Name(expected)} follows"
                : expected is RoundScored ? "altered: the outcomes of a round are not what its terms give"
                : expected is SearchStarted ? "altered: it, or the run's configuration, benchmark or split, is not what the run began with"
                : $"altered: {Name(happened)} that does not follow from what is before";
        }

        state = process.Apply(state, happened);
        return null;
    }

    /// <summary>What may have led to an event where none is left to come; null where nothing can have.</summary>
    private SearchCommand? CommandBehind(SearchEvent happened) => happened switch
    {
        SearchStarted when state.Phase == SearchPhase.New => start,
        RoundScored scored when scored.Outcomes.Length == state.Pending.Length && scored.Outcomes.Length > 0 =>
            new ReportScores(state.Iteration, state.Round, OutcomesOfTerms() ?? scored.Outcomes),
        SearchPaused => new PauseSearch(),
        SearchResumed => new ResumeSearch(),
        SearchStopped stopped => new StopSearch(stopped.Reason),
        RoundProposed or SearchFinished => new RecoverSearch(),
        _ => null,
    };

    /// <summary>The outcomes that the terms give the pending proposals; null where some of these terms are not stored.</summary>
    private ImmutableArray<Outcome>? OutcomesOfTerms()
    {
        var outcomes = ImmutableArray.CreateBuilder<Outcome>(state.Pending.Length);
        foreach (var proposal in lacksTerms ? [] : state.Pending)
        {
            var canonical = process.Pruning.Judge(proposal.Proxy).Canonical!;
            if (FindUnknown(canonical) is { } network)
            {
                lacksTerms = true;
                problems.Add(new StoreProblem(
                    "its outcomes cannot be checked, nor later ones: " +
                    $"terms of {canonical} on network {set.Networks[network]} are not stored", run, last + 1, IsUnchecked: true));
                break;
            }

            outcomes.Add(fitness.Evaluate(canonical));
        }

        return lacksTerms ? null : outcomes.ToImmutable();
    }

    private int? FindUnknown(CanonicalProxy proxy)
    {
        foreach (var branch in proxy.Branches)
        {
            for (var network = 0; network < set.Networks.Length; network++)
            {
                if (!terms.Knows(branch, network))
                {
                    return network;
                }
            }
        }

        return null;
    }

    private StoreProblem? FindAltered(StoredMessage snapshot)
    {
        if (Read(snapshot, out var problem) is not SearchSnapshot stored)
        {
            return new StoreProblem(
                $"the snapshot behind it: {problem ?? $"altered: {snapshot.Manifest} is no snapshot"}", run, snapshot.Number);
        }

        return WireCatalog.Of(stored).Write(SearchSnapshot.Of(state)).AsSpan().SequenceEqual(snapshot.Message)
            ? null
            : new StoreProblem("the snapshot behind it is altered: it is not what the events lead to", run, snapshot.Number);
    }

    private static object? Read(StoredMessage row, out string? problem)
    {
        problem = null;
        try
        {
            if (row.Serializer == WireSerializer.Number)
            {
                return WireSerializer.Read(row.Message, row.Manifest);
            }

            problem = "altered: it is in a form of another program";
        }
        catch (SerializationException failure)
        {
            problem = $"altered: {failure.Message.ReplaceLineEndings(" ")}";
        }

        return null;
    }

    /// <summary>
    /// Whether a stored event is what was expected, byte for byte. The text of a configuration grows with the program, so that of the start
    /// may also be the one that the run's row has.
    /// </summary>
    private bool IsSame(StoredMessage row, SearchEvent expected)
    {
        var entry = WireCatalog.Of(expected);
        return row.Manifest == entry.Manifest && (entry.Write(expected).AsSpan().SequenceEqual(row.Message)
            || (expected is SearchStarted started && AsInRow(started).AsSpan().SequenceEqual(row.Message)));
    }

    private byte[] AsInRow(SearchStarted started)
    {
        var wire = EventWire.ToWire(started);
        wire.Configuration = configurationText;
        return wire.ToByteArray();
    }

    private static string Name(SearchEvent happened) => happened switch
    {
        SearchStarted => "the start",
        RoundProposed => "a proposal",
        RoundScored => "the outcomes of a round",
        SearchFinished => "the end",
        SearchPaused => "a pause",
        SearchResumed => "a resumption",
        SearchStopped => "a stop",
        _ => happened.GetType().Name,
    };
}
