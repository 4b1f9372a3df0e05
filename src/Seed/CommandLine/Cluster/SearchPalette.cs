using System.CommandLine;
using System.Globalization;
using System.Text;
using Akka.Actor;
using Akka.Hosting;
using LPZero.Messages.Control;
using Petabridge.Cmd;
using Petabridge.Cmd.Cluster;
using Petabridge.Cmd.Cluster.Sharding;
using Petabridge.Cmd.Host;
using Spectre.Console;

namespace LPZero.Seed.CommandLine.Cluster;

/// <summary>
/// The palette <c>search</c> for pbm, next to the stock palettes for cluster and sharding: made from
/// <see cref="SearchVerbs"/>, parsed and carried out as the same line of <c>lpzero search</c>. Compiled with the closed-source
/// packages of Petabridge.Cmd where <c>./lpzero setup --pbm</c> was told to, and in the tests against stand-ins.
/// </summary>
/// <remarks>pbm knows switches alone, and each has a value: <c>search status --run first --json true</c>.</remarks>
internal sealed class SearchPalette : CommandPaletteHandler
{
    private static readonly CommandPalette Verbs = new("search", [.. ForAnyone.SelectMany(Definitions)]);

    private static IEnumerable<SearchVerb> ForAnyone => SearchVerbs.All.Where(verb => verb.IsForAnyone);

    private SearchPalette(Func<ISearchService> service)
        : base(Verbs) => HandlerProps = Props.Create(() => new Handler(service));

    /// <inheritdoc/>
    public override Props HandlerProps { get; }

    /// <summary>Adds the palettes to an actor system.</summary>
    /// <param name="builder">The actor system.</param>
    /// <param name="host">Address that pbm connects to. Whoever reaches it may give commands.</param>
    /// <param name="port">Its port.</param>
    /// <param name="service">What the commands call.</param>
    public static void AddTo(AkkaConfigurationBuilder builder, string host, int port, Func<ISearchService> service) => builder
        .AddPetabridgeCmd(new PetabridgeCmdOptions { Host = host, Port = port }, pbm =>
        {
            pbm.RegisterCommandPalette(ClusterCommands.Instance);
            pbm.RegisterCommandPalette(ClusterShardingCommands.Instance);
            pbm.RegisterCommandPalette(new SearchPalette(service));
        });

    /// <summary>pbm's commands are single words: benchmark list becomes benchmark-list.</summary>
    private static IEnumerable<CommandDefinition> Definitions(SearchVerb verb) => Names(verb).Select(name => verb.Arguments.Aggregate(
        new CommandDefinitionBuilder().WithName(name).WithDescription(verb.Help),
        (definition, symbol) => definition.WithArgument(argument => argument
            .WithName(symbol.Name).WithSwitch(Switch(symbol)).WithDescription(symbol.Description ?? "")
            .IsMandatory(symbol is Argument { Arity.MinimumNumberOfValues: > 0 } or Option { Required: true })))
        .Build());

    private static IEnumerable<string> Names(SearchVerb verb) =>
        verb.Alias is { } alias ? [verb.Name, alias] : [verb.Name.Replace(' ', '-')];

    private static string Switch(Symbol symbol) => symbol is Argument ? "--" + symbol.Name : symbol.Name;

    // The first word of a hint is a verb, the second its run; what follows has its switches already.
    private static readonly RunPlace Place = new(
        "pbm", words => words.Split(' ', 3) is [var verb, var run] ? $"search {verb} --run {run}" : $"search {words}");

    /// <summary>Carries out the commands of one connection.</summary>
    private sealed class Handler : CommandHandlerActor
    {
        private readonly Func<ISearchService> service;

        public Handler(Func<ISearchService> service)
            : base(Verbs)
        {
            this.service = service;
            foreach (var verb in ForAnyone)
            {
                foreach (var name in Names(verb))
                {
                    Process(name, (command, arguments) =>
                    {
                        List<string> line = ["search", .. verb.Name.Split(' ')];
                        foreach (var option in verb.Arguments.OfType<Option>())
                        {
                            line.AddRange(arguments.ArgumentValues(option.Name).Select(value => $"{option.Name}={value}"));
                        }

                        // What follows is no option, whatever it looks like.
                        line.Add("--");
                        foreach (var argument in verb.Arguments.OfType<Argument>())
                        {
                            line.AddRange(arguments.ArgumentValues(argument.Name));
                        }

                        _ = AnswerAsync(verb, line, Sender);
                    });
                }
            }
        }

        private async Task AnswerAsync(SearchVerb verb, List<string> line, IActorRef asker)
        {
            // Whoever hangs up needs no more answers.
            using var gone = new CancellationTokenSource();
            _ = asker.WatchAsync(gone.Token)
                .ContinueWith(_ => gone.Cancel(), gone.Token, TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
            var output = new ResponseWriter(asker);
            try
            {
                var parsed = Commands.Root().Parse(line);
                if (parsed.Errors.Count > 0)
                {
                    throw new UsageException(parsed.Errors[0].Message);
                }

                var console = AnsiConsole.Create(new AnsiConsoleSettings
                {
                    Ansi = AnsiSupport.No, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(output),
                });
                console.Profile.Width = ResponseWriter.Width;
                await new ServiceVerbs(service(), Place, output, console).RunAsync(service(), verb.Name, parsed, gone.Token);
                output.Finish();
                asker.Tell(CommandResponse.Empty);
            }
            catch (Exception problem)
            {
                output.Finish();
                asker.Tell(new ErroredCommandResponse(problem.Message));
            }
        }
    }

    /// <summary>Sends each line as a response of its own; more follow.</summary>
    private sealed class ResponseWriter(IActorRef asker) : TextWriter(CultureInfo.InvariantCulture)
    {
        public const int Width = 160;
        private readonly StringBuilder line = new();

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value)
        {
            if (value == '\n')
            {
                asker.Tell(new CommandResponse(line.ToString().TrimEnd(), final: false));
                line.Clear();
            }
            else
            {
                line.Append(value);
            }
        }

        /// <summary>Sends a last line that was not ended.</summary>
        public void Finish()
        {
            if (line.Length > 0)
            {
                Write('\n');
            }
        }
    }
}
