using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization;
using LPZero.Messages.Architectures;
using LPZero.Messages.Proxies;
using LPZero.Messages.Terms;

namespace LPZero.Messages.Search;

/// <summary>Which rules of the Rule-based Pruning Strategy act.</summary>
public enum PruningMode
{
    /// <summary>None: a proxy is scored as it is written.</summary>
    None,

    /// <summary>The sound rules.</summary>
    Sound,

    /// <summary>The sound rules and the paper's inverse pairs.</summary>
    Paper,
}

/// <summary>Where offspring come from.</summary>
public enum SearchStrategy
{
    /// <summary>Tournament selection, crossover and mutation.</summary>
    Evolution,

    /// <summary>Uniform draws, as a baseline.</summary>
    Random,
}

/// <summary>How a random proxy is drawn.</summary>
public enum DrawWeights
{
    /// <summary>Every gene uniformly.</summary>
    Uniform,

    /// <summary>As in the published code: the last operation, disconnect, twice as often as each other one.</summary>
    Published,
}

/// <summary>Which architectures of a benchmark a search ranks.</summary>
public enum Sampling
{
    /// <summary>Whole networks drawn at random with the run's seed.</summary>
    Drawn,

    /// <summary>The first of the benchmark; networks that are among them are not held out.</summary>
    First,
}

/// <summary>Everything that determines a run besides the benchmark. Stored with the run.</summary>
public sealed record SearchConfiguration
{
    /// <summary>The version of the presets and rules that new runs have.</summary>
    public const int CurrentVersion = 4;

    /// <summary>
    /// The oldest version that this program carries out as well: since then presets have changed, whose values a run keeps, and what
    /// structure says (<see cref="StackedSince"/>).
    /// </summary>
    public const int OldestVersion = 2;

    /// <summary>
    /// Since this version structure is regressed on as this program does it, for smoothed truths (<see cref="FitnessTarget.Smoothed"/>) and
    /// for answers (<see cref="AnswerRule.Sum"/>).
    /// </summary>
    public const int StackedSince = 4;

    /// <summary>The fewest architectures that a search ranks, and that it leaves held out.</summary>
    public const int FewestArchitectures = 4;

    /// <summary>The fewest networks that a regression on structure is fitted on.</summary>
    public const int FewestNetworksOfRegression = 10;

    /// <summary>The preset that the other values started from.</summary>
    public required string Preset { get; init; }

    /// <summary>Version of the presets and of the rules of pruning; a run keeps the one it was started with.</summary>
    public int Version { get; init; } = CurrentVersion;

    /// <summary>Seed of the evolution's draws, and of the split unless <see cref="SplitSeed"/> is given.</summary>
    public ulong Seed { get; init; } = 42;

    /// <summary>Seed of the split into search set and held-out set; <see cref="Seed"/> where null.</summary>
    public ulong? SplitSeed { get; init; }

    /// <summary>Seed of the networks' weights. Part of the key of a term, so that searches with other seeds share terms.</summary>
    public ulong WeightsSeed { get; init; } = 42;

    /// <summary>Seed of the mini-batch and of the loss's signs. Part of the key of a term, as <see cref="WeightsSeed"/> is.</summary>
    public ulong BatchSeed { get; init; } = 42;

    /// <summary>Evolution, or random draws.</summary>
    public SearchStrategy Strategy { get; init; }

    /// <summary>Number of proxies in the population (p).</summary>
    public int Population { get; init; } = 80;

    /// <summary>The run ends after so many iterations.</summary>
    public int Iterations { get; init; } = 1000;

    /// <summary>Share of the population that are candidates for parents (R).</summary>
    public double TournamentRatio { get; init; } = 0.1;

    /// <summary>Probability of crossover (Cr).</summary>
    public double CrossoverRate { get; init; } = 0.5;

    /// <summary>Probability of mutation (Mr).</summary>
    public double MutationRate { get; init; } = 0.5;

    /// <summary>Offspring bred from the same population in an iteration.</summary>
    public int OffspringPerIteration { get; init; } = 1;

    /// <summary>The run ends after so many scored proxies, if set.</summary>
    public int? Evaluations { get; init; }

    /// <summary>The run ends when the best proxy reaches this Spearman's rho, if set.</summary>
    public double? Target { get; init; }

    /// <summary>The run ends after so many iterations without a better best proxy, if set.</summary>
    public int? Plateau { get; init; }

    /// <summary>
    /// How truth is made of the benchmark's tasks. Not written where it is the default, so that stored configurations stay as they are.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public TruthKind Truth { get; init; }

    /// <summary>Number of architectures that the search ranks (S).</summary>
    public int SearchArchitectures { get; init; } = 100;

    /// <summary>Which architectures the search ranks.</summary>
    public Sampling Sampling { get; init; }

    /// <summary>
    /// Identifiers of the architectures that the search ranks, where they are given by hand: <see cref="Sampling"/> and
    /// <see cref="SearchArchitectures"/> are not read then. Networks that are among them are not held out.
    /// </summary>
    public ImmutableArray<string> SearchIds { get; init; } = [];

    /// <summary>Known proxies that the first population begins with.</summary>
    public ImmutableArray<Proxy> StartWith { get; init; } = [];

    /// <summary>The inputs that branches may have, at least one.</summary>
    public ImmutableArray<InputKind> Inputs { get; init; } = [.. Enum.GetValues<InputKind>()];

    /// <summary>Unary operations in a branch (n), 1 to 10.</summary>
    public int UnaryOperations { get; init; } = 2;

    /// <summary>How random proxies are drawn.</summary>
    public DrawWeights DrawWeights { get; init; }

    /// <summary>The layer reduction; more than one makes it a gene.</summary>
    public ImmutableArray<LayerReduction> LayerReductions { get; init; } = [LayerReduction.Sum];

    /// <summary>How the tensors of a layer become a number.</summary>
    public Reduction TensorReduction { get; init; }

    /// <summary>How the elements of a chain's result become a number.</summary>
    public Reduction ElementReduction { get; init; }

    /// <summary>
    /// What products are applied to. Not written where it is the default, so that stored configurations stay as they are.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public Combination Combine { get; init; }

    /// <summary>What proxies are compared by. Not written where it is the truth, so that stored configurations stay as they are.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public FitnessTarget Fitness { get; init; }

    /// <summary>
    /// The name of a ranking by structure that comes before proxies, which then break its ties alone; null where none does. A baseline of
    /// the space, or one of <see cref="RankingNames"/>.
    /// </summary>
    public string? Prefix { get; init; }

    /// <summary>
    /// What is made of the best proxies and of the structure when the run has ended. Not written where it is the best proxy alone.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public AnswerRule Answer { get; init; }

    /// <summary>Which linear maps the inputs W and G hold.</summary>
    public WeightSelection Weights { get; init; }

    /// <summary>What the gradients are of, where the space offers a choice.</summary>
    public LossKind Loss { get; init; }

    /// <summary>How the weights are drawn.</summary>
    public WeightStart Start { get; init; }

    /// <summary>Whether the networks have dropout, as while they are trained. Not written where they have none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public ProbeMode Mode { get; init; }

    /// <summary>Floor on the number of distinct scores over that of distinct networks.</summary>
    public double MinDistinct { get; init; } = 0.8;

    /// <summary>Which rules prune.</summary>
    public PruningMode Pruning { get; init; } = PruningMode.Sound;

    /// <summary>The shapes of the networks; the benchmark's own where null.</summary>
    public Shapes? Shapes { get; init; }

    /// <summary>Sequences in the mini-batch (B).</summary>
    public int BatchSize { get; init; } = 8;

    /// <summary>Tokens in a sequence (T).</summary>
    public int SequenceLength { get; init; } = 128;

    /// <summary>The shapes in which a benchmark's networks are built.</summary>
    public Shapes ShapesOn(Benchmark benchmark) => Shapes ?? benchmark.Shapes;

    /// <summary>How the networks of a benchmark are probed.</summary>
    /// <param name="sizes">Sizes of the benchmark's embedding.</param>
    public ProbeSettings Probe(EmbeddingSizes sizes) =>
        new(BatchSize, SequenceLength, WeightsSeed, BatchSeed, Weights, sizes, Loss, Start, Mode);

    /// <summary>What cannot be meant: values out of their range, and contradictions. Empty for a configuration that can be run.</summary>
    /// <param name="benchmark">What it is to be run on, for the limits that depend on it.</param>
    public ImmutableArray<ConfigurationProblem> Problems(Benchmark? benchmark = null) => ConfigurationCheck.Of(this, benchmark);

    /// <summary>Why this program does not carry out a run as the one that started it did, or null where it does.</summary>
    public string? FindProblemOfVersion() => Version switch
    {
        < OldestVersion or > CurrentVersion => string.Create(
            CultureInfo.InvariantCulture, $"this program carries out versions {OldestVersion} to {CurrentVersion}"),
        < StackedSince when Fitness == FitnessTarget.Smoothed || Answer == AnswerRule.Sum => string.Create(
            CultureInfo.InvariantCulture, $"since version {StackedSince} structure is regressed on in another way"),
        _ => null,
    };

    /// <summary>A preset as a version has it; null where there is none of that name.</summary>
    /// <param name="name">The preset's name.</param>
    /// <param name="version">The version, <see cref="OldestVersion"/> at least.</param>
    public static SearchConfiguration? FindPreset(string name, int version) =>
        (name, version) switch
        {
            // The default of version 2 is what a configuration is of which nothing is said.
            ("default", < 3) => new SearchConfiguration { Preset = name },
            ("default", 3) => Presets[name] with
            {
                Inputs = [InputKind.A, InputKind.W, InputKind.S],
                Population = 80,
                Iterations = 5000,
                OffspringPerIteration = 3,
            },
            _ => Presets.GetValueOrDefault(name),
        };

    /// <summary>The presets by name.</summary>
    public static ImmutableSortedDictionary<string, SearchConfiguration> Presets { get; } =
        new[]
        {
            new SearchConfiguration
            {
                Preset = "default",
                LayerReductions = [LayerReduction.Sum, LayerReduction.AllButLast],
                Fitness = FitnessTarget.Smoothed,
                Answer = AnswerRule.Sum,
                Population = 300,
                Iterations = 2000,
                OffspringPerIteration = 25,
            },
            new SearchConfiguration
            {
                Preset = "paper",
                SearchArchitectures = 50,
                Shapes = Architectures.Shapes.Genotype,
                LayerReductions = [LayerReduction.Mean],
                Weights = WeightSelection.Mixing,
                MinDistinct = 0,
                Pruning = PruningMode.Paper,
            },
        }.ToImmutableSortedDictionary(p => p.Preset, p => p, StringComparer.Ordinal);
}
