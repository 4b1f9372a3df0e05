using System.CommandLine;
using Akka.Actor;
using Akka.Hosting;
using Akka.TestKit.Xunit2;
using LPZero.Messages.Control;
using LPZero.Seed.Benchmarks;
using LPZero.Seed.CommandLine;
using LPZero.Seed.CommandLine.Cluster;
using LPZero.Seed.Tests.Reporting;
using Microsoft.Extensions.DependencyInjection;
using Petabridge.Cmd.Host;
using Command = Petabridge.Cmd.Command;
using CommandResponse = Petabridge.Cmd.CommandResponse;
using ErroredCommandResponse = Petabridge.Cmd.ErroredCommandResponse;

namespace LPZero.Seed.Tests.CommandLine;

/// <summary>pbm's palette, compiled against stand-ins for Petabridge.Cmd, verb by verb as pbm would call it.</summary>
public sealed class SearchPaletteTests : TestKit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly string benchmark = Path.GetTempFileName();

    public SearchPaletteTests() => new BenchmarkFile(SmallBenchmark.Create()).Write(benchmark);

    public static TheoryData<string> Verbs => [.. SearchVerbs.All.Where(verb => verb.IsForAnyone).Select(verb => verb.Name)];

    public static TheoryData<string> VerbsWithRequiredArguments =>
        [.. SearchVerbs.All.Where(verb => verb.IsForAnyone).Where(verb => verb.Arguments.Any(IsRequired)).Select(verb => verb.Name)];

    public static TheoryData<string> VerbsOfARun => [.. SearchVerbs.All.Where(verb => verb.IsForAnyone)
        .Where(verb => verb.Arguments.Contains(SearchVerbs.Run)).Select(verb => verb.Name)];

    [Theory]
    [MemberData(nameof(Verbs))]
    public void A_verb_is_carried_out_and_its_lines_are_ended(string verb)
    {
        var service = new RecordingService { Report = verb == "compare" ? SampleReport.Of(insight: 1).ToJson() : null };

        var (lines, last) = Run(service, verb, Arguments(verb));

        Assert.NotEmpty(service.Calls);
        Assert.NotEmpty(lines);
        Assert.Same(CommandResponse.Empty, last);
    }

    [Theory]
    [MemberData(nameof(VerbsWithRequiredArguments))]
    public void A_missing_argument_is_said_and_nothing_is_asked(string verb)
    {
        var service = new RecordingService();

        var (lines, last) = Run(service, verb, []);

        Assert.Empty(service.Calls);
        Assert.Empty(lines);
        Assert.Contains("required", Assert.IsType<ErroredCommandResponse>(last).Message, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [MemberData(nameof(VerbsOfARun))]
    public void An_unknown_run_is_said_to_be(string verb)
    {
        var service = new RecordingService { Failure = new SearchServiceException("there is no run 'first'") };
        var (_, last) = Run(service, verb, Arguments(verb));
        Assert.Equal("there is no run 'first'", Assert.IsType<ErroredCommandResponse>(last).Message);
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void A_coordinator_that_does_not_answer_is_said_not_to(string verb)
    {
        var service = new RecordingService { Failure = new SearchServiceException("nobody answers at the moment") };
        var (_, last) = Run(service, verb, Arguments(verb));
        Assert.Equal("nobody answers at the moment", Assert.IsType<ErroredCommandResponse>(last).Message);
    }

    [Fact]
    public async Task Whoever_hangs_up_is_worked_for_no_more()
    {
        var service = new RecordingService { IsSilent = true };
        var asker = CreateTestProbe();
        Handler(service).Tell(new Command("status", [Tuple.Create("--run", "first")]), asker.Ref);
        await service.Asked.Task.WaitAsync(Patience);

        Sys.Stop(asker.Ref);

        await service.GivenUp.Task.WaitAsync(Patience);
    }

    [Fact]
    public void A_run_that_a_problem_has_paused_is_an_error_to_whoever_watches_it()
    {
        var service = new RecordingService
        {
            Status = RecordingService.Finished with { State = "paused", Problem = "a device has failed" },
        };
        var (lines, last) = Run(service, "watch", Arguments("watch"));
        Assert.Contains(lines, line => line.Contains("paused", StringComparison.Ordinal));
        Assert.Contains("a device has failed", Assert.IsType<ErroredCommandResponse>(last).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_verb_and_alias_is_a_command_of_one_word_whose_arguments_have_a_switch_each()
    {
        var palette = Palette(new RecordingService()).Palette;
        Assert.Equal("search", palette.ModuleName);
        Assert.Equal(
            SearchVerbs.All.Where(verb => verb.IsForAnyone).Select(verb => verb.Name.Replace(' ', '-'))
                .Concat(SearchVerbs.All.Where(verb => verb.IsForAnyone).Select(verb => verb.Alias).OfType<string>())
                .Order(StringComparer.Ordinal),
            palette.Commands.Select(command => command.Name).Order(StringComparer.Ordinal));
        Assert.All(palette.Commands.SelectMany(command => command.ArgumentsByName.Values), argument =>
            Assert.StartsWith("--", Assert.Single(argument.Switch), StringComparison.Ordinal));
        Assert.True(palette.Commands.Single(command => command.Name == "status").ArgumentsByName[SearchVerbs.Run.Name].IsMandatory);
    }

    protected override void AfterAll()
    {
        File.Delete(benchmark);
        base.AfterAll();
    }

    private static bool IsRequired(Symbol symbol) => symbol is Argument or Option { Required: true };

    private static CommandPaletteHandler Palette(ISearchService service)
    {
        SearchPalette.AddTo(new AkkaConfigurationBuilder(new ServiceCollection(), "palette"), "127.0.0.1", 9110, () => service);
        var configured = PetabridgeCmdHosting.Configured!;
        Assert.Equal(("127.0.0.1", 9110), (configured.Options.Host, configured.Options.Port));
        return configured.Palettes.Single(palette => palette.Palette.ModuleName == "search");
    }

    private IActorRef Handler(ISearchService service) => Sys.ActorOf(Palette(service).HandlerProps);

    private (List<string> Lines, CommandResponse Last) Run(
        ISearchService service, string verb, IReadOnlyList<Tuple<string, string>> arguments)
    {
        Handler(service).Tell(new Command(verb.Replace(' ', '-'), arguments), TestActor);
        var lines = new List<string>();
        while (true)
        {
            var response = ExpectMsg<CommandResponse>(Patience);
            if (response.final)
            {
                return (lines, response);
            }

            lines.Add(response.Message);
        }
    }

    private Tuple<string, string>[] Arguments(string verb) => verb switch
    {
        "start" => [Tuple.Create("--name", "first"), Tuple.Create("--benchmark", benchmark)],
        "compare" => [Tuple.Create("--" + SearchVerbs.Compared.Name, "first")],
        "priority" => [Tuple.Create("--" + SearchVerbs.Run.Name, "first"), Tuple.Create("--" + SearchVerbs.NewPriority.Name, "4")],
        _ when SearchVerbs.All.Single(other => other.Name == verb).Arguments.Contains(SearchVerbs.Run) =>
            [Tuple.Create("--" + SearchVerbs.Run.Name, "first")],
        _ => [],
    };
}
