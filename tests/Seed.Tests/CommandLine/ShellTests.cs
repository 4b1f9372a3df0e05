using LPZero.Messages.Control;
using LPZero.Seed.CommandLine;
using LPZero.Seed.CommandLine.Cluster;
using Spectre.Console;

namespace LPZero.Seed.Tests.CommandLine;

/// <summary>The prompt over the tables of verbs.</summary>
public sealed class ShellTests
{
    [Fact]
    public async Task Lines_are_carried_out_one_after_the_other_with_or_without_the_word_search()
    {
        var service = new RecordingService();
        var (code, output, error) = await RunAsync(
            service, "list", "search status first", "", "tag first a b", "benchmark list", "cluster show", "cluster leave 127.0.0.1:4053",
            "cluster shards runs --json", "exit", "list");
        Assert.Equal((ExitCode.Done, ""), (code, error));
        Assert.Equal(["List", "Status", "Tag", "Benchmarks", "Members", "Leave 127.0.0.1:4053", "Shards runs"], service.Calls);
        Assert.Contains("has the tags a, b", output, StringComparison.Ordinal);
        Assert.Contains("\"schemaVersion\": 1", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("stauts first")]
    [InlineData("status")]
    [InlineData("exhaustive --benchmark x")]
    [InlineData("cluster explode")]
    [InlineData("resume first --threads 2")]
    public async Task What_is_wrong_with_a_line_is_one_line_and_the_next_is_read(string line)
    {
        var service = new RecordingService();
        var (code, _, error) = await RunAsync(service, line, "nodes");
        Assert.Equal(ExitCode.Usage, code);
        Assert.Single(error.Trim().Split('\n'));
        Assert.StartsWith("lpzero: ", error, StringComparison.Ordinal);
        Assert.Equal(["Nodes"], service.Calls);
    }

    [Fact]
    public async Task A_run_that_is_not_there_is_said_not_to_be()
    {
        var service = new RecordingService { Failure = new SearchServiceException("there is no run 'first'", SearchFailure.Missing) };
        var (code, _, error) = await RunAsync(service, "status first");
        Assert.Equal((ExitCode.Failed, "lpzero: there is no run 'first'\n"), (code, error));
    }

    [Fact]
    public async Task Help_lists_every_verb_of_the_tables_and_says_what_one_takes()
    {
        var (_, output, _) = await RunAsync(new RecordingService(), "help", "status --help");
        Assert.All(SearchVerbs.All.Concat(ClusterVerbs.All), verb => Assert.Contains(verb.Help, output, StringComparison.Ordinal));
        Assert.Contains("lpzero", output, StringComparison.Ordinal);
        Assert.Contains("--json", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_sits_there_is_asked()
    {
        using var output = new StringWriter();
        using var input = new StringReader("nodes\n");
        var shell = new Shell(new RecordingService(), output, TextWriter.Null, Plain(output)) { IsPrompting = true };
        Assert.Equal(ExitCode.Done, await shell.RunAsync(input, CancellationToken.None));
        Assert.Equal(2, output.ToString().Split("lpzero> ").Length - 1);
    }

    [Theory]
    [InlineData("shell")]
    [InlineData("cluster", "show")]
    [InlineData("cluster", "down", "x:1")]
    public async Task Without_a_cluster_its_address_is_asked_for(params string[] arguments)
    {
        var result = await Program.Lpzero.RunAsync(Path.GetTempPath(), arguments);
        Assert.Equal(ExitCode.Usage, result.ExitCode);
        Assert.Contains("--connect", result.Error, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(ISearchService service, params string[] lines)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        using var input = new StringReader(string.Join('\n', lines));
        var code = await new Shell(service, output, error, Plain(output)).RunAsync(input, CancellationToken.None);
        return (code, output.ToString(), error.ToString());
    }

    private static IAnsiConsole Plain(TextWriter output) => AnsiConsole.Create(
        new AnsiConsoleSettings { Ansi = AnsiSupport.No, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(output) });
}
