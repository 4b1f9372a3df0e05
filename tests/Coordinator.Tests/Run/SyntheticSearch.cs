using System.Globalization;
using System.Text;
using System.Text.Json;
using LPZero.Coordinator.Randomness;
using LPZero.Coordinator.Run;
using LPZero.Coordinator.Scoring;
using LPZero.GpuNode.Spaces.FlexiBert;
using LPZero.Messages;
using LPZero.Messages.Architectures;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;

namespace LPZero.Coordinator.Tests.Run;

/// <summary>
/// A shell around a search that keeps everything in memory and scores by a table of pseudo-random terms: each term is
/// drawn from a generator seeded by the branch's text, so that it depends neither on the processor nor on the order of
/// asking. Some branches are not finite, some are constant.
/// </summary>
internal sealed class SyntheticSearch
{
    private const ulong Salt = 0x51_7C_C1_B7_27_22_0A_95;

    private static readonly ArchitectureSet Set = ArchitectureSet.Of(Architectures(), Shapes.Genotype);

    private readonly TermTable table;
    private readonly FitnessFunction fitness;
    private readonly List<ScoreRound> open = [];
    private readonly List<SearchEvent> events = [];

    public SyntheticSearch(SearchConfiguration configuration)
    {
        Configuration = configuration;
        Process = new SearchProcess(configuration);
        table = new TermTable(Set.Networks.Length, configuration.ElementReduction, configuration.TensorReduction);
        fitness = new FitnessFunction(configuration, Set, table, CriterionOf(configuration.Fitness));
    }

    /// <summary>A short run.</summary>
    public static SearchConfiguration Small { get; } = new SearchConfiguration { Preset = "default" } with
    {
        Population = 20,
        Iterations = 60,
        SearchArchitectures = Set.Architectures.Length,
        MinDistinct = 0.5,
    };

    public SearchConfiguration Configuration { get; }

    public SearchProcess Process { get; }

    public SearchState State { get; private set; } = new();

    public IReadOnlyList<SearchEvent> Events => events;

    /// <summary>The stream that two runs of the same configuration have in common, as it is stored.</summary>
    public IReadOnlyList<string> Stream => [.. events.Where(e => !e.IsLifecycle).Select(Write)];

    /// <summary>The round whose scores the search waits for, if any.</summary>
    public ScoreRound? Open => open.Count > 0 ? open[^1] : null;

    public bool IsOver => State.Phase is SearchPhase.Finished or SearchPhase.Stopped;

    public static string Write(SearchEvent happened) => JsonSerializer.Serialize(happened, MessageJson.Options);

    public static SearchEvent Read(string line) => JsonSerializer.Deserialize<SearchEvent>(line, MessageJson.Options)!;

    public StartSearch Start() => new("synthetic", [.. Set.Architectures.Select(a => a.Id)]);

    /// <summary>From the start, or from where it stands, to the end.</summary>
    public void Run()
    {
        if (State.Phase == SearchPhase.New)
        {
            Do(Start());
        }

        while (!IsOver && Open is not null)
        {
            ScoreOpenRound();
        }
    }

    /// <summary>Decides, applies, and notes what is to be scored.</summary>
    public Decision Do(SearchCommand command)
    {
        var decision = Process.Decide(State, command);
        foreach (var happened in decision.Events)
        {
            events.Add(happened);
            State = Process.Apply(State, happened);
        }

        if (decision.Effect is { } round)
        {
            open.Add(round);
        }

        return decision;
    }

    /// <summary>Scores the round that was asked for last and reports it.</summary>
    public Decision ScoreOpenRound()
    {
        var round = Open!;
        open.RemoveAt(open.Count - 1);
        return Do(Report(round));
    }

    public ReportScores Report(ScoreRound round) => new(round.Iteration, round.Round, [.. round.Proposals.Select(p => Evaluate(p.Proxy))]);

    public Outcome Evaluate(Proxy proxy)
    {
        var canonical = Process.Pruning.Judge(proxy).Canonical!;
        foreach (var branch in canonical.Branches.Where(b => !table.Knows(b, 0)))
        {
            for (var network = 0; network < Set.Networks.Length; network++)
            {
                table.Add(network, Term(branch, network));
            }
        }

        return fitness.Evaluate(canonical);
    }

    /// <summary>A search in the state that a stored stream leads to.</summary>
    public static SyntheticSearch Replay(SearchConfiguration configuration, IEnumerable<string> stored)
    {
        var search = new SyntheticSearch(configuration);
        foreach (var line in stored)
        {
            var happened = Read(line);
            search.events.Add(happened);
            search.State = search.Process.Apply(search.State, happened);
        }

        return search;
    }

    /// <summary>The same search, its state taken through a snapshot.</summary>
    public SyntheticSearch ThroughSnapshot()
    {
        var stored = JsonSerializer.Serialize(SearchSnapshot.Of(State), MessageJson.Options);
        var search = new SyntheticSearch(Configuration);
        search.State = JsonSerializer.Deserialize<SearchSnapshot>(stored, MessageJson.Options)!.Restore(search.Process.Pruning);
        search.events.AddRange(events);
        return search;
    }

    /// <summary>The number of layers takes the place of a regression on structure.</summary>
    private static Criterion? CriterionOf(FitnessTarget target)
    {
        double[] predicted = [.. Set.Architectures.Select(architecture => (double)architecture.Genotype.LayerCount)];
        return target switch
        {
            FitnessTarget.Residual => Criterion.Residual(Set, predicted),
            FitnessTarget.Sum => Criterion.Sum(Set, predicted),
            _ => null,
        };
    }

    private static IEnumerable<Architecture> Architectures()
    {
        var random = new SplittableRandom(7);
        for (var i = 0; i < 24; i++)
        {
            var layers = Enumerable.Range(0, 1 + random.Next(5))
                .Select(_ => new FlexiBertLayer(MixingOperation.ScaledDotProduct, 2, 512, 1));
            var genotype = new FlexiBertGenotype(128 + (128 * random.Next(2)), [.. layers]);
            yield return new Architecture(
                i.ToString(CultureInfo.InvariantCulture), genotype, genotype.Layers.Length + (random.Next(1000) / 500.0));
        }
    }

    private static TermBlock Term(Branch branch, int network)
    {
        var seed = Salt;
        foreach (var letter in Encoding.UTF8.GetBytes(branch.ToString()))
        {
            seed = new SplittableRandom(seed ^ letter).NextBits();
        }

        var kind = seed % 16;
        var random = new SplittableRandom(seed ^ (ulong)network);
        var layers = Set.Networks[network].LayerCount;
        var values = new double[layers];
        for (var layer = 0; layer < layers; layer++)
        {
            values[layer] = kind switch
            {
                0 => double.NaN,
                1 => 0,
                _ => (random.Next(1024) - 256) / 256.0,
            };
        }

        var counts = new long[layers];
        counts.AsSpan().Fill(1);
        return new TermBlock(branch.Input, [.. Enumerable.Repeat(1, layers)], [branch.Chain], values, counts);
    }
}
