using System.CommandLine;
using LPZero.GpuNode.Spaces;
using LPZero.Messages.Architectures;
using LPZero.Messages.Control;
using LPZero.Messages.Search;
using LPZero.Messages.Terms;
using LPZero.Seed.CommandLine;
using LPZero.Seed.Control;

namespace LPZero.Seed.Tests.CommandLine;

public sealed class SearchOptionsTests
{
    private static readonly Benchmark Decoders = new(
        "decoders", "negative loss", Shapes.Genotype, new EmbeddingSizes(40, null, 32),
        [
            .. Enumerable.Range(1, 12).Select(i => new Architecture(
                $"{i}", SearchSpaces.Known.Parse($"gpt2:d16-e8-k1-v40-p32:h2-f{4 * i}"), i % 5)),
        ]);

    [Fact]
    public void As_published_is_three_options_each_of_which_can_be_given_otherwise()
    {
        var benchmark = SmallBenchmark.Create();
        var published = Read(benchmark, "--as-published");
        Assert.Equal((Shapes.Published, LossKind.Sum, ProbeMode.Training), (published.Shapes, published.Loss, published.Mode));
        Assert.Equal(
            published with { Loss = LossKind.Signs, Mode = ProbeMode.Eval },
            Read(benchmark, "--as-published", "--loss", "signs", "--mode", "eval"));
        Assert.Equal((LossKind.Signs, ProbeMode.Eval), (Read(benchmark).Loss, Read(benchmark).Mode));
    }

    [Fact]
    public void As_published_is_refused_where_nothing_is_published()
    {
        Assert.Equal(
            "--as-published: no scoring code is published of space gpt2; leave it out",
            Assert.Throws<UsageException>(() => Read(Decoders, "--as-published")).Message);
    }

    [Fact]
    public void A_prefix_that_leaves_proxies_nothing_to_order_is_refused_here_and_where_a_run_is_begun()
    {
        var options = new SearchOptions();
        var command = new Command("start");
        foreach (var option in options.All)
        {
            command.Options.Add(option);
        }

        const string mend = "parameters: it leaves no ties among the 8 searched networks that proxies could break; give a coarser " +
            "ranking, such as 'layers, then hidden size', or leave it out";
        Assert.Equal(
            $"--prefix {mend}",
            Assert.Throws<UsageException>(() => options.Read(command.Parse(["--prefix", "parameters"]), Decoders)).Message);

        // Who asks a service has not been through the options.
        var configuration = options.Read(command.Parse(["--prefix", "layers"]), Decoders);
        RunBeginning.Check(new StartRequest("first", configuration, Decoders));
        var refused = Assert.Throws<SearchServiceException>(() =>
            RunBeginning.Check(new StartRequest("first", configuration with { Prefix = "parameters" }, Decoders)));
        Assert.Equal($"the run cannot be begun: prefix {mend}", refused.Message);
        Assert.Equal("configuration.prefix", refused.Field);
    }

    [Fact]
    public void Of_what_is_given_a_predictor_takes_neither_how_it_is_probed_nor_how_it_is_reduced()
    {
        var options = new SearchOptions();
        var command = new Command("evaluate");
        foreach (var option in options.ProbingOfSplit)
        {
            command.Options.Add(option);
        }

        Assert.Equal(
            ["--layer-reduction", "--batch", "--weights-seed"],
            options.GivenOfProbe(command.Parse(["--weights-seed", "7", "--batch", "4x32", "--layer-reduction", "mean"])).AsEnumerable());
        Assert.Empty(options.GivenOfProbe(command.Parse(
            ["--preset", "paper", "--truth", "cola", "--shapes", "genotype", "--as-published", "--seed", "3", "--split-seed", "7"])));
    }

    [Fact]
    public void Truth_by_reliability_is_a_choice_of_the_configuration_and_every_other_truth_one_of_the_source()
    {
        var options = new SearchOptions();
        var command = new Command("start");
        foreach (var option in options.All)
        {
            command.Options.Add(option);
        }

        var parsed = command.Parse(["--truth", "reliability"]);
        Assert.Null(options.SourceTruth(parsed));
        Assert.Equal("cola", options.SourceTruth(command.Parse(["--truth", "cola"])));
        Assert.Equal(
            "--truth reliability: the benchmark has no tasks with a reliability; leave it out, or import the benchmark again",
            Assert.Throws<UsageException>(() => options.Read(parsed, SmallBenchmark.Create())).Message);
        var standard = SearchConfiguration.Presets["default"];
        Assert.Contains("--truth reliability",
            string.Join(' ', options.ArgumentsFor(standard with { Truth = TruthKind.Reliability })), StringComparison.Ordinal);
        Assert.DoesNotContain("--truth", options.ArgumentsFor(standard));
    }

    [Fact]
    public void What_a_prefix_sets_besides_is_said_unless_it_is_given_or_the_presets_anyway()
    {
        var options = new SearchOptions();
        var command = new Command("start");
        foreach (var option in options.All)
        {
            command.Options.Add(option);
        }

        Assert.Equal("--prefix sets --fitness truth and --answer proxy, in place of the preset's", Note("--prefix", "layers"));
        Assert.Equal(
            "--prefix sets --fitness truth, in place of the preset's", Note("--prefix", "layers", "--answer", "ensemble"));
        Assert.Null(Note("--prefix", "layers", "--preset", "paper"));
        Assert.Null(Note("--seed", "1"));
        Assert.Equal("truth", options.SetByPrefix("--fitness", "default"));
        Assert.All(["--prefix", "--seed", "--db"], option => Assert.Null(options.SetByPrefix(option, "default")));

        string? Note(params string[] arguments) => options.NoteOfPrefix(command.Parse(arguments));
    }

    [Fact]
    public void Shapes_are_given_by_their_option_or_as_published()
    {
        var options = new SearchOptions();
        var command = new Command("evaluate");
        foreach (var option in options.Probing)
        {
            command.Options.Add(option);
        }

        Assert.True(options.HasGivenShapes(command.Parse(["--shapes", "genotype"])));
        Assert.True(options.HasGivenShapes(command.Parse(["--as-published"])));
        Assert.False(options.HasGivenShapes(command.Parse(["--preset", "paper"])));
    }

    private static SearchConfiguration Read(Benchmark benchmark, params string[] arguments)
    {
        var options = new SearchOptions();
        var command = new Command("evaluate");
        foreach (var option in options.Probing)
        {
            command.Options.Add(option);
        }

        return options.Read(command.Parse(arguments), benchmark);
    }
}
