using LPZero.Messages;
using LPZero.Messages.Proxies;
using LPZero.Messages.Search;
using LPZero.Seed.CommandLine;

namespace LPZero.Seed.Tests.CommandLine;

public class HelpTests
{
    [Fact]
    public async Task The_program_alone_shows_its_help_with_the_demo_first()
    {
        var help = await Program.Lpzero.RunProcessAsync(Path.GetTempPath());
        Assert.Equal(ExitCode.Done, help.ExitCode);
        Assert.Equal("", help.Error);
        Assert.Contains("Begin with:\n  ./lpzero demo", help.Output, StringComparison.Ordinal);
        var commands = help.Output[help.Output.IndexOf("Commands:", StringComparison.Ordinal)..].Split('\n');
        Assert.StartsWith("demo", commands[1].TrimStart(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("search")]
    [InlineData("search", "benchmark")]
    [InlineData("proxy")]
    [InlineData("benchmark")]
    [InlineData("--connect", "127.0.0.1:1", "search")]
    public async Task A_group_of_commands_alone_shows_its_help(params string[] arguments)
    {
        var alone = await Program.Lpzero.RunAsync(Path.GetTempPath(), arguments);
        Assert.Equal(ExitCode.Done, alone.ExitCode);
        Assert.Equal("", alone.Error);
        Assert.Equal((await Program.Lpzero.RunAsync(Path.GetTempPath(), [.. arguments, "--help"])).Output, alone.Output);
    }

    [Fact]
    public async Task The_version_is_that_of_the_build_with_its_commit_where_there_is_one()
    {
        var version = await Program.Lpzero.RunProcessAsync(Path.GetTempPath(), "--version");
        Assert.Equal(ProgramVersion.Text, version.Output.Trim());
        Assert.Matches("^0\\.1\\.0(\\+[0-9a-f]{7,40})?$", version.Output.Trim());
    }

    [Theory]
    [InlineData("search", "start")]
    [InlineData("search", "exhaustive")]
    [InlineData("proxy", "score")]
    [InlineData("proxy", "explain")]
    public async Task Help_says_what_the_letters_of_proxies_are(string group, string verb)
    {
        var help = await Program.Lpzero.RunAsync(Path.GetTempPath(), group, verb, "--help");
        Assert.All(InputMeaning.All, input =>
            Assert.Contains($"  {input.Input}  {input.Name}: {input.Meaning}", help.Output, StringComparison.Ordinal));
        Assert.Equal(Enum.GetValues<InputKind>(), InputMeaning.All.Select(input => input.Input));
    }

    [Theory]
    [InlineData("--population", "300; paper: 80")]
    [InlineData("--search-architectures", "100; paper: 50")]
    [InlineData("--layer-reduction", "sum,all_but_last; paper: mean")]
    [InlineData("--weights", "all; paper: mixing")]
    [InlineData("--min-distinct", "0.8; paper: 0")]
    [InlineData("--shapes", "the benchmark's own; paper: genotype")]
    [InlineData("--target", "none")]
    [InlineData("--batch", "8x128")]
    [InlineData("--inputs", "A,J,G,H,W,S")]
    public void Help_names_the_default_of_an_option_in_every_preset(string name, string expected)
    {
        var option = new SearchOptions().All.Single(option => option.Name == name);
        Assert.EndsWith($" [default: {expected}]", option.Description, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_option_that_takes_a_value_names_its_default_or_has_to_be_given()
    {
        var options = SearchVerbs.All.Where(verb => verb.Name == "start")
            .SelectMany(verb => verb.Arguments.Concat(verb.FileOptions).Concat(verb.LocalOptions)).OfType<System.CommandLine.Option>();
        Assert.All(options.Where(option => option.ValueType != typeof(bool)), option => Assert.True(
            option.Required || option.HasDefaultValue || option.Description!.Contains("default: ", StringComparison.Ordinal), option.Name));
    }

    [Fact]
    public void What_is_typed_for_a_configuration_reads_back_as_the_same()
    {
        var options = SearchVerbs.Configuration;
        var benchmark = SmallBenchmark.Create();
        var start = Read("--preset", "paper", "--search-architectures", "9");
        foreach (var configuration in new[]
        {
            start,
            Read("--preset", "default", "--seed", "7", "--target", "0.5", "--inputs", "A,W", "--layer-reduction", "sum,last", "--batch",
                "2x16", "--strategy", "random", "--shapes", "published"),
            start with { Plateau = 3, Evaluations = 100, MutationRate = 0.25, TensorReduction = Reduction.Sum, Pruning = PruningMode.None },
        })
        {
            Assert.Equal(Text(configuration), Text(Read([.. options.ArgumentsFor(configuration)])));
        }

        // What came from a file is typed with the place of one.
        var byHand = start with
        {
            SearchIds = ["a0", "a1", "a2", "a3"],
            SearchArchitectures = 4,
            StartWith = [ProxyText.ParseProxy("square(A)")],
        };
        Assert.Equal(
            ["--preset", "paper", "--seed", "42", "--search-ids", "FILE_WITH_ITS_SEARCH_IDS", "--start-with",
                "FILE_WITH_ITS_FIRST_PROXIES"],
            options.ArgumentsFor(byHand).Where((_, i) => i < 8));
        Assert.DoesNotContain("--search-architectures", options.ArgumentsFor(byHand));

        SearchConfiguration Read(params string[] arguments) =>
            options.Read(Commands.Root().Parse(["search", "start", "--benchmark", "x", "--name", "x", .. arguments]), benchmark);

        static string Text(SearchConfiguration configuration) =>
            System.Text.Json.JsonSerializer.Serialize(configuration, Messages.MessageJson.Options);
    }
}
